"""Signing for, contacting, assigning, passing on."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from servicedesk.desk.forms.base import BOX, TicketForm, choice, line, one_of, text
from tickets.commands.tier import CRITERIA, Excluded, escalate_tier, return_tier
from tickets.commands.work import assign, record_contact, sign_for, transfer
from tickets.models import Ticket

OUTCOMES = [("reached", _("Reached")), ("not_reached", _("Not reached")), ("left_message", _("Left a message"))]
UP = {"l1": "l2", "l2": "l3"}
DOWN = {"l3": "l2", "l2": "l1"}


def teams_of(tier: str) -> QuerySet[Team]:
    """Return the active teams of a tier, none for an unknown one."""
    return Team.objects.filter(tier=tier, active=True)


def members(ticket: Ticket) -> QuerySet[User]:
    """Return the active people of the ticket's team; of every team while it has none."""
    people = User.objects.filter(kind="staff", is_active=True, memberships__isnull=False)
    return (people.filter(memberships__team=ticket.team_id) if ticket.team_id else people).distinct()


def _with_teams(person: User) -> str:
    return f"{person.name}, {', '.join(sorted(one.team.name for one in person.memberships.all()))}"


class SignForForm(TicketForm):
    slug, title, submit, icon = "sign-for", _("Sign for"), _("Sign for"), "user-check"
    key, step, said = "s", "sign_for", _("Signed for. Contact the reporter next.")
    command = sign_for


class ContactForm(TicketForm):
    slug, title, submit, icon = "contact", _("Record contact"), _("Record contact"), "phone-outgoing"
    step, additive, said = "record_contact", True, _("Contact recorded")
    lead = _("What came of contacting the reporter.")
    command = record_contact

    outcome = choice(_("Outcome"), OUTCOMES, radio=True)
    text = text(_("What was said"), required=False)


class AssignForm(TicketForm):
    slug, title, submit, icon = "assign", _("Assign"), _("Assign"), "user-plus"
    key, step, said, undoable = "a", "assign", _("Assigned"), True
    command = assign

    user = one_of(_("To"), User.objects.none(), required=False, empty=_("Nobody, back to the team"))
    reason = line(_("Reason"), required=False)

    def prepare(self) -> None:
        self.fields["user"].queryset = members(self.ticket)
        self.fields["user"].initial = self.ticket.owner.uuid if self.ticket.owner else None

    def arguments(self) -> dict[str, Any]:
        user = self.cleaned_data["user"]
        return {"user_id": user.pk if user else None, "reason": self.cleaned_data["reason"]}


class TransferForm(TicketForm):
    slug, title, submit, icon = "transfer", _("Transfer to another team"), _("Transfer"), "arrows-exchange"
    key, step, said = "m", "transfer", _("Transferred")
    lead = _("The team's clocks begin again with the dispatch; those of the customer go on.")
    command = transfer

    team = one_of(_("Team"), Team.objects.none())
    user = one_of(_("Straight to"), User.objects.none(), required=False, empty=_("Nobody: to the team's queue"))
    reason = text(_("Reason"), rows=2)

    def prepare(self) -> None:
        teams = teams_of(self.ticket.tier).exclude(pk=self.ticket.team_id)
        people = User.objects.filter(kind="staff", is_active=True, memberships__team__in=teams).order_by("name")
        self.fields["team"].queryset = teams
        self.fields["user"].queryset = people.distinct().prefetch_related("memberships__team")
        self.fields["user"].label_from_instance = _with_teams

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"team_id": data["team"].pk, "user_id": data["user"].pk if data["user"] else None,
                "reason": data["reason"]}  # fmt: skip


class TierUpForm(TicketForm):
    slug, title, submit, icon = "tier-up", _("Pass to the next tier"), _("Pass on"), "arrow-forward-up"
    short = _("Pass on")
    key, step, said = "t", "escalate_tier", _("Passed to the next tier")
    lead = _("Say what was tried, so that nobody tries it again.")
    command = escalate_tier

    tried = text(_("What was tried"))
    criteria = forms.MultipleChoiceField(
        label=_("Why the next tier"), required=False, widget=forms.CheckboxSelectMultiple(attrs=BOX)
    )
    team = one_of(_("Team"), Team.objects.none(), required=False, empty=_("By routing"))

    def prepare(self) -> None:
        above = UP.get(self.ticket.tier, "")
        self.fields["team"].queryset = teams_of(above)
        known = list(CRITERIA[above].choices) if above else []
        self.fields["criteria"].choices = known + (list(Excluded.choices) if above == "l3" else [])

    def arguments(self) -> dict[str, Any]:
        team, criteria = self.cleaned_data["team"], list(self.cleaned_data["criteria"])
        return {"tried": self.cleaned_data["tried"], "criteria": criteria, "team_id": team.pk if team else None}


class TierDownForm(TicketForm):
    slug, title, submit, icon = "tier-down", _("Return to the tier before"), _("Return"), "arrow-back-up"
    step, said = "return_tier", _("Returned")
    command = return_tier

    reason = text(_("Reason"), rows=2)
    team = one_of(_("Team"), Team.objects.none(), required=False, empty=_("By routing"))

    def prepare(self) -> None:
        self.fields["team"].queryset = teams_of(DOWN.get(self.ticket.tier, ""))

    def arguments(self) -> dict[str, Any]:
        team = self.cleaned_data["team"]
        return {"reason": self.cleaned_data["reason"], "team_id": team.pk if team else None}
