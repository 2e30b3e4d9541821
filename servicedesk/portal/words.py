"""The customer's words for what the desk calls by its own: states, promises, who works on it. No tier, rule or code."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, pgettext_lazy

from accounts.models import Team
from tickets.models import Ticket, WorkItem
from tickets.words import TIERS, UNVERIFIED, Priority, State, SuspensionReason

# The labels of the shipped rules, so that they are translated; a label of an edited policy is shown as written.
SHIPPED_LABELS = (
    gettext_noop("Next news"), gettext_noop("First answer"), gettext_noop("Solution"),
    gettext_noop("Receipt confirmed"), gettext_noop("Management informed"), gettext_noop("A manager contacts you"),
    gettext_noop("Action plan agreed"),
)  # fmt: skip
KINDS = (
    ("fault", _("Something fails")),
    ("request", _("Change or order")),
    ("inquiry", _("Question or offer")),
    ("billing", _("Invoice")),
    ("security", _("Security")),
    ("complaint", _("Complaint")),
)
URGENCIES = (("low", _("Can wait")), ("medium", _("Work is limited")), ("high", _("Work stops")))
AUTHORITIES = {"report": _("report"), "change": _("change"), "approve": _("approve"), "escalate": _("escalate")}
TARGETS = (
    (Priority.P1, _("Work stops, many sites")),
    (Priority.P2, _("Work stops, one site")),
    (Priority.P3, _("Work is limited")),
    (Priority.P4, _("Question or small change")),
)
PAUSES = {
    SuspensionReason.CUSTOMER_UNAVAILABLE: _("Your site or contact is not available"),
    SuspensionReason.CUSTOMER_REQUEST: _("You asked us to wait"),
    SuspensionReason.PARTS: _("We wait for parts"),
    SuspensionReason.THIRD_PARTY: _("We wait for another company"),
    SuspensionReason.MAINTENANCE: _("We wait for planned work"),
    SuspensionReason.FORCE_MAJEURE: _("Force majeure"),
}
LADDER = ("account_manager", "director_support", "vp_customer_experience", "ceo")


@dataclass(frozen=True, slots=True)
class Standing:
    """A ticket's state in words, with the colour's state and the icon."""

    text: Any
    state: str
    icon: str


ESCALATED = Standing(_("Escalated to management"), "soon", "stairs-up")
IN_WORK = Standing(_("In work"), "running", "tool")
STANDINGS = {
    State.INTAKE: Standing(_("Received"), "running", "inbox"),
    State.AUTH: Standing(_("Received"), "running", "inbox"),
    State.TRIAGE: Standing(_("Received, we choose the team"), "running", "inbox"),
    State.SUSPENDED: Standing(_("Paused with your consent"), "paused", "player-pause"),
    State.CLOSURE: Standing(_("Solved, please confirm"), "met", "circle-check"),
    State.SURVEY: Standing(_("Solved and confirmed"), "met", "circle-check"),
    State.CLOSED: Standing(pgettext_lazy("state of a ticket", "Closed"), "met", "lock"),
    State.CANCELLED: Standing(_("Withdrawn"), "cancelled", "ban"),
    State.REJECTED: Standing(_("Not accepted"), "cancelled", "ban"),
}


def standing(ticket: Ticket, *, escalated: bool = False) -> Standing:
    """Return where the ticket stands; `escalated` while a formal escalation is open."""
    if ticket.state == State.CANCELLED and ticket.merged_into_id:
        return Standing(_("Goes on in another ticket"), "cancelled", "arrow-merge")
    if escalated and ticket.state in (State.TRIAGE, *TIERS):
        return ESCALATED
    return STANDINGS.get(ticket.state, IN_WORK)


def track(ticket: Ticket) -> list[tuple[str, str]]:
    """Return the phases for the `track` component: received, verified, in work, solved, confirmed."""
    names = [_t("Received"), _t("Verified"), _t("In work"), _t("Solved"), _t("Confirmed")]
    if ticket.state in UNVERIFIED:
        at = 0
    elif ticket.state == State.TRIAGE:
        at = 1
    elif ticket.state in (*TIERS, State.SUSPENDED):
        at = 2
    else:
        at = {State.CLOSURE: 3, State.SURVEY: 5, State.CLOSED: 5}.get(ticket.state, -1)
    if at < 0:
        return [(names[0], "done")]
    return [(name, "done" if n < at else "current" if n == at else "") for n, name in enumerate(names)]


def label(text: str) -> str:
    """Return a rule's label in the reader's language."""
    return _t(text) if text else ""


def team_name(team: Team | None) -> str:
    """Return a team in the customer's words: functions by name, our lines as the service team."""
    if team is not None and team.tier == Team.Tier.FUNCTION:
        return team.name
    return _t("Service team")


def owner_of(item: WorkItem) -> str:
    """Return who has an item of the plan, and on whose side."""
    if item.owner_contact is not None:
        return _t("%(name)s, your organisation") % {"name": item.owner_contact.name}
    name = item.owner_user.name if item.owner_user else team_name(item.owner_team)
    return _t("%(name)s, %(operator)s") % {"name": name, "operator": settings.OPERATOR_NAME}
