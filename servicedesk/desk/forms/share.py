"""Who else comes in, and who may know: engaged teams, restricted tickets."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from servicedesk.desk.forms.base import TicketForm, line, one_of
from tickets.commands.engage import engage
from tickets.commands.share import lift_restriction, restrict_ticket, share_ticket


class EngageForm(TicketForm):
    slug, title, submit, icon = "engage", _("Engage another team"), _("Engage"), "users-plus"
    step, additive, said = "plan", True, _("Engaged. They are told by e-mail and chat.")
    lead = _("They get the ticket's number by e-mail and chat, and a step of the plan that is theirs.")
    command = engage

    team = one_of(_("Team"), Team.objects.none())
    text = line(_("What you ask of them"))

    def prepare(self) -> None:
        teams = Team.objects.visible_to(self.actor).filter(active=True)
        self.fields["team"].queryset = teams.exclude(pk=self.ticket.team_id)

    def arguments(self) -> dict[str, Any]:
        return {"team_id": self.cleaned_data["team"].pk, "text": self.cleaned_data["text"]}


class RestrictForm(TicketForm):
    slug, title, submit, icon = "restrict", _("Restrict the ticket"), _("Restrict"), "lock"
    step, danger, said = "share", True, _("Restricted")
    lead = _("Only its owner, you and those you share it with see it. Only the security lead opens it again.")
    command = restrict_ticket

    reason = line(_("Reason"))


class ShareForm(TicketForm):
    slug, title, submit, icon = "share", _("Share the restricted ticket"), _("Share"), "user-plus"
    step, said = "share", _("Shared")
    command = share_ticket

    user = one_of(_("With whom"), User.objects.none())
    reason = line(_("Reason"))

    def prepare(self) -> None:
        people = User.objects.filter(kind="staff", is_active=True).exclude(pk=self.actor.user_id)
        self.fields["user"].queryset = people.order_by("name")

    def arguments(self) -> dict[str, Any]:
        return {"user_id": self.cleaned_data["user"].pk, "reason": self.cleaned_data["reason"]}


class LiftForm(TicketForm):
    slug, title, submit, icon = "lift", _("Lift the restriction"), _("Lift"), "lock-open"
    step, danger, said = "share", True, _("Open to the desk again")
    lead = _("Everyone at the desk who sees this customer's tickets sees it then. The security lead alone may.")
    command = lift_restriction

    reason = line(_("Reason"))
