"""The shipped playbooks (V-09 to V-12, C-27). Data; an administrator edits a copy as a new version.

Stored in English and translated where shown (`WorkItem.shown`).
"""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `due_minutes` counts from triage, None = no deadline."""

    title: str
    due_minutes: int | None = None
    mandatory: bool = False
    public: bool = False


PLAYBOOKS: dict[str, tuple[str, str, list[Step]]] = {
    "interruption": (_("Interruption"), "network_interruption", [
        Step(_("Call the user: power, cabling and equipment at the user's end ruled out"), 10),
        Step(_("Loop test run; the loop point is recorded"), 20),
        Step(_("Access room checked before any visit")),
        Step(_("If unclear: the upper duty desk loops at the border port")),
        Step(_("Route traced even where circuit records are missing")),
        Step(_("Loose port or worn fibre found: a prevention item is opened")),
        Step(_("Service tested with the user"), public=True),
    ]),
    "degradation": (_("Loss, delay, errors"), "network_degradation", [
        Step(_("Line alarms queried for the reported time"), 15),
        Step(_("Past alarm: an engineer goes to the user's end and excludes our side")),
        Step(_("No alarm: reported so, return asked for, the upper duty desk confirms")),
        Step(_("Optical power and loss measured segment by segment")),
        Step(_("User equipment, rate limit, exit congestion and mismatch of the far end checked")),
        Step(_("Agreed with the user that tests go on"), public=True),
    ]),
    "cloud": (_("Cloud and data centre"), "cloud", [
        Step(_("Service type and status stated"), 15),
        Step(_("Access, performance or capacity: which one it is")),
        Step(_("Cloud team engaged and coordinated")),
        Step(_("Customer updated"), public=True),
    ]),
    "security": (_("Security incident"), "security", [
        Step(_("Severity assessed"), 15, mandatory=True),
        Step(_("Immediate safeguards taken"), 30),
        Step(_("Security team engaged")),
        Step(_("Every action documented")),
        Step(_("Incident report written"), mandatory=True),
    ]),
    "billing": (_("Billing"), "billing", [
        Step(_("Invoice and period named")),
        Step(_("Disputed amount stated")),
        Step(_("Billing team engaged")),
        Step(_("Outcome explained to the customer"), public=True),
    ]),
    "new-service": (_("New service"), "new_service", [
        Step(_("Current infrastructure recorded")),
        Step(_("Business objectives recorded")),
        Step(_("Technical requirements recorded")),
        Step(_("Timeline recorded")),
        Step(_("Technical consultation arranged"), public=True),
    ]),
    # no category: never attached at triage, only to a major incident
    "major-incident": (_("Major incident"), "", [
        Step(_("Response team named: technical lead, communications, log"), 10),
        Step(_("Bridge open, link written into the incident"), 10),
        Step(_("First news to customers sent"), 15),
        Step(_("Affected customers checked against the service graph"), 30),
        Step(_("Services tested with the customers before it is called restored")),
    ]),
    "disaster-recovery": (_("Disaster recovery protocol"), "", [
        Step(_("Protocol activated, crisis team called together"), 15, mandatory=True),
        Step(_("Customers in the order of their criticality told who coordinates with them"), 30, mandatory=True),
        Step(_("Recovery site or path chosen and switched"), 60, mandatory=True),
        Step(_("Services restored in the agreed order, each one tested"), mandatory=True),
        Step(_("Return to normal operation planned")),
        Step(_("Course of events documented"), mandatory=True),
    ]),
}  # fmt: skip
