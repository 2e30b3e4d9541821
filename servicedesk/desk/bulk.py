"""What can be done with many tickets at once: the form of each act, and the command it is on one ticket."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from servicedesk.desk.forms.base import choice, line, one_of, text
from servicedesk.desk.forms.own import SPANS
from servicedesk.web.forms import CommandForm
from tickets import words
from tickets.commands.correct import reprioritise
from tickets.commands.link import merge
from tickets.commands.note import add_note
from tickets.commands.snooze import snooze_ticket
from tickets.commands.tag import tag_ticket
from tickets.commands.watch import unwatch_ticket, watch_ticket
from tickets.commands.work import assign, sign_for, transfer
from tickets.models import Ticket

MOST = 100


class BulkForm(CommandForm):
    """The form of one act on the chosen tickets. `run` carries it out on one of them; raises Refused.

    front  stands on the bar itself; the others are in its menu.
    """

    slug: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    short: ClassVar[Any] = ""
    submit: ClassVar[Any] = ""
    icon: ClassVar[str] = "check"
    key: ClassVar[str] = ""
    undoable: ClassVar[bool] = False
    front: ClassVar[bool] = False
    do_not_call_in_templates: ClassVar[bool] = True

    def __init__(self, *args: Any, tickets: Sequence[Ticket], **kwargs: Any) -> None:
        self.tickets = tickets
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Narrow the choices to the chosen tickets."""

    def off(self) -> str:
        """Why it cannot be done with these tickets, "" when it can be tried."""
        return ""

    def run(self, ticket: Ticket, **who: Any) -> None:
        """Carry it out on one ticket; `who` = actor and at. Raises Refused."""
        raise NotImplementedError(self.slug)

    @property
    def asks(self) -> list[forms.BoundField]:
        """The fields a person fills."""
        return self.visible_fields()


class SignForMany(BulkForm):
    slug, title, submit, icon, key = "sign-for", _("Sign for"), _("Sign for"), "user-check", "s"
    front = True

    def run(self, ticket: Ticket, **who: Any) -> None:
        sign_for(ticket_id=ticket.pk, version=ticket.version, **who)


class AssignMany(BulkForm):
    slug, title, submit, icon, key = "assign", _("Assign"), _("Assign"), "user-plus", "a"
    undoable = front = True

    user = one_of(_("To"), User.objects.none(), required=False, empty=_("Nobody, back to the team"))
    reason = line(_("Reason"), required=False)

    def prepare(self) -> None:
        teams = {ticket.team_id for ticket in self.tickets if ticket.team_id}
        people = User.objects.filter(kind="staff", is_active=True, memberships__team__in=teams)
        self.fields["user"].queryset = people.order_by("name").distinct()

    def run(self, ticket: Ticket, **who: Any) -> None:
        user = self.cleaned_data["user"]
        to = {"user_id": user.pk if user else None, "reason": self.cleaned_data["reason"]}
        assign(ticket_id=ticket.pk, version=ticket.version, **to, **who)


class TransferMany(BulkForm):
    slug, title, submit, icon = "transfer", _("Transfer to another team"), _("Transfer"), "arrows-exchange"
    short, front = _("Transfer"), True
    lead = _("The team's clocks begin again with the dispatch; those of the customer go on.")

    team = one_of(_("Team"), Team.objects.none())
    reason = text(_("Reason"), rows=2)

    def prepare(self) -> None:
        tiers = {ticket.tier for ticket in self.tickets}
        self.fields["team"].queryset = Team.objects.filter(active=True, tier__in=tiers)

    def run(self, ticket: Ticket, **who: Any) -> None:
        to = {"team_id": self.cleaned_data["team"].pk, "reason": self.cleaned_data["reason"]}
        transfer(ticket_id=ticket.pk, version=ticket.version, **to, **who)


class PriorityMany(BulkForm):
    slug, title, submit, icon = "priority", _("Change the priority"), _("Change"), "flag"
    short = _("Priority")

    priority = choice(_("Priority"), words.Priority.choices, radio=True)
    reason = text(_("Reason"), rows=2)

    def run(self, ticket: Ticket, **who: Any) -> None:
        to = {"priority": self.cleaned_data["priority"], "reason": self.cleaned_data["reason"]}
        reprioritise(ticket_id=ticket.pk, version=ticket.version, **to, **who)


class NoteMany(BulkForm):
    slug, title, submit, icon, key = "note", _("Write an internal note"), _("Write"), "message", "n"
    short, front = _("Note"), True
    lead = _("Colleagues read it on each of these tickets, customers do not.")

    body = text(_("Note"), rows=4)

    def run(self, ticket: Ticket, **who: Any) -> None:
        add_note(ticket_id=ticket.pk, body=self.cleaned_data["body"], public=False, **who)


class TagMany(BulkForm):
    slug, title, submit, icon = "tag", _("Add tags"), _("Add"), "tag"
    lead = _("They come to those a ticket has already.")
    short, undoable = _("Tag"), True

    tags = line(_("Tags"), limit=400, help_text=_("With commas between them"))

    def run(self, ticket: Ticket, **who: Any) -> None:
        added = self.cleaned_data["tags"].replace(",", " ").split()
        tag_ticket(ticket_id=ticket.pk, tags=[*ticket.tags, *added], version=ticket.version, **who)


class SnoozeMany(BulkForm):
    slug, title, submit, icon = "snooze", _("Snooze"), _("Snooze"), "hourglass-low"
    undoable = True
    lead = _("Only you stop seeing it in your lists. It comes back at the time, or when the customer writes.")

    span = choice(_("For"), [("1h", _("One hour")), ("4h", _("Four hours"))], radio=True)

    def run(self, ticket: Ticket, **who: Any) -> None:
        snooze_ticket(ticket_id=ticket.pk, until=who["at"] + SPANS[self.cleaned_data["span"]], **who)


class WatchMany(BulkForm):
    slug, title, submit, icon = "watch", _("Watch"), _("Watch"), "eye"
    lead = _("Their news comes into your inbox, whoever has them.")
    undoable = True

    def run(self, ticket: Ticket, **who: Any) -> None:
        watch_ticket(ticket_id=ticket.pk, **who)


class UnwatchMany(BulkForm):
    slug, title, submit, icon = "unwatch", _("Watch no longer"), _("Watch no longer"), "eye-off"
    short, undoable = _("Unwatch"), True

    def run(self, ticket: Ticket, **who: Any) -> None:
        unwatch_ticket(ticket_id=ticket.pk, **who)


class MergeMany(BulkForm):
    slug, title, submit, icon = "merge", _("Merge"), _("Merge"), "git-merge"
    front = True
    lead = _("The other tickets end as duplicates; their reporters join the one you keep. Each merge can be undone.")

    into = forms.ChoiceField(label=_("Keep"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        oldest_first = sorted(self.tickets, key=lambda ticket: ticket.pk)
        self.fields["into"].choices = [(t.number, f"{t.number} {t.title}") for t in oldest_first]
        if oldest_first:
            self.fields["into"].initial = oldest_first[0].number

    def off(self) -> str:
        if len(self.tickets) < 2:
            return _t("Choose two tickets or more: one is kept, the others are merged into it.")
        if len({ticket.organisation_id for ticket in self.tickets}) > 1:
            return _t("Different customers: only tickets of one customer can be merged.")
        return ""

    def run(self, ticket: Ticket, **who: Any) -> None:
        kept = next(each for each in self.tickets if each.number == self.cleaned_data["into"])
        if kept.pk != ticket.pk:
            merge(ticket_id=ticket.pk, into_id=kept.pk, version=ticket.version, **who)


ACTS: tuple[type[BulkForm], ...] = (
    SignForMany, AssignMany, TransferMany, PriorityMany, NoteMany, TagMany, SnoozeMany, WatchMany,
    UnwatchMany, MergeMany,
)  # fmt: skip
BY_SLUG: dict[str, type[BulkForm]] = {act.slug: act for act in ACTS}
