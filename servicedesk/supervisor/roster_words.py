"""What happened to a roster, in words."""

from django.utils.translation import gettext_lazy as _

CHANGES = {
    "roster.created": _("Roster begun"),
    "roster.changed": _("Name, zone, hours or deputy changed"),
    "roster.retired": _("Roster retired"),
    "roster.layer_set": _("Layer set"),
    "roster.layer_ended": _("Layer ended"),
    "roster.overridden": _("Override added"),
    "roster.override_removed": _("Override removed"),
    "roster.swap_asked": _("Swap asked"),
    "roster.swap_accepted": _("Swap accepted"),
    "roster.swap_declined": _("Swap declined"),
    "roster.swap_withdrawn": _("Swap withdrawn"),
    "roster.handed_over": _("Turns handed to a successor"),
}
