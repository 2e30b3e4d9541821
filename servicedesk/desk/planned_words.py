"""Planned work in words: its states on pages, its facts in its log."""

from django.utils.translation import gettext_lazy as _

STATES = {
    "draft": ("running", "pencil"), "requested": ("soon", "hourglass-low"), "approved": ("met", "signature"),
    "noticed": ("met", "mail-check"), "running": ("soon", "player-play"), "done": ("met", "circle-check"),
    "failed": ("breached", "alert-triangle"), "cancelled": ("cancelled", "ban"),
}  # fmt: skip
FACTS = {
    "maintenance.planned": _("Planned"),
    "maintenance.changed": _("Changed"),
    "maintenance.impact_computed": _("Impact computed anew"),
    "maintenance.service_added": _("Service added by hand"),
    "maintenance.service_left_out": _("Service taken out by hand"),
    "maintenance.requested": _("Approval asked for"),
    "maintenance.consented": _("One function approved"),
    "maintenance.approved": _("Approved by everybody needed"),
    "maintenance.declined": _("Declined, a draft again"),
    "maintenance.noticed": _("Customers told"),
    "maintenance.started": _("Work begun, pages held back"),
    "maintenance.extended": _("Takes longer"),
    "maintenance.moved": _("Moved, a draft again"),
    "maintenance.ended": _("Ended, pages go on"),
    "maintenance.cancelled": _("Cancelled"),
}
TOLD = {
    "notice": _("announcement"), "moved": _("told that it is put off"), "cancelled": _("told that it is cancelled"),
    "longer": _("told that it takes longer"), "done": _("told the outcome"), "failed": _("told the outcome"),
}  # fmt: skip
