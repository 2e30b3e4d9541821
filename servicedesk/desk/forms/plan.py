"""Action plan, promises, participants."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Team, User
from servicedesk.desk.forms.base import TicketForm, choice, hidden_id, line, moment, one_of, text
from tickets.commands.plan import (
    add_participant,
    add_work_item,
    extend_work_item,
    finish_work_item,
    keep_promise,
    move_promise,
    promise,
    skip_work_item,
)
from tickets.models import Commitment, Participant, WorkItem

GONE = _("This is no longer there. Load the page again.")


def _staff() -> Any:
    return User.objects.filter(kind="staff", is_active=True)


class AddItemForm(TicketForm):
    slug, title, submit, icon = "item-add", _("Add an item to the plan"), _("Add item"), "plus"
    short = _("Add item")
    step, additive, said = "plan", True, _("Added to the plan")
    command = add_work_item

    title_ = line(_("What"))
    user = one_of(_("Who"), User.objects.none(), required=False, empty=_("–"))
    team = one_of(_("or which team"), Team.objects.filter(active=True), required=False, empty=_("–"))
    contact = one_of(_("or whom of the customer"), Contact.objects.none(), required=False, empty=_("–"))
    due_at = moment(_("By"), required=False)
    mandatory = forms.BooleanField(label=_("Must be done before resolving"), required=False)
    public = forms.BooleanField(label=_("The customer sees it"), required=False, initial=True)

    def prepare(self) -> None:
        self.fields["user"].queryset = _staff()
        self.fields["contact"].queryset = Contact.objects.filter(organisation=self.ticket.organisation_id, active=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if sum(bool(data.get(name)) for name in ("user", "team", "contact")) != 1:
            self.add_error("user", _("Name one owner: a person, a team, or somebody of the customer."))
        return data

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        keys = {f"owner_{n}_id": data[n].pk if data[n] else None for n in ("user", "team", "contact")}
        return {"title": data["title_"], **keys, **{n: data[n] for n in ("due_at", "mandatory", "public")}}


class OnItem(TicketForm):
    """A form about one item of the plan."""

    step, additive, item, on_ticket = "plan", True, "work_item", False
    work_item = hidden_id()

    def clean_work_item(self) -> WorkItem | None:
        found = WorkItem.objects.filter(ticket=self.ticket, uuid=self.cleaned_data["work_item"]).first()
        if found is None:
            self.add_error(None, GONE)
        return found

    def arguments(self) -> dict[str, Any]:
        rest = {k: v for k, v in super().arguments().items() if k != "work_item"}
        return {"work_item_id": self.cleaned_data["work_item"].pk, **rest}


class FinishItemForm(OnItem):
    slug, title, submit, icon = "item-done", _("Finish the item"), _("Finish"), "circle-check"
    short = _("Finish")
    step, said = "finish_work_item", _("Done")
    command = finish_work_item
    evidence = text(_("What shows that it is done"), rows=2, required=False)


class SkipItemForm(OnItem):
    slug, title, submit, icon = "item-skip", _("Skip the item"), _("Skip"), "player-skip-forward"
    short = _("Skip")
    said = _("Skipped")
    command = skip_work_item
    reason = line(_("Reason"))


class ExtendItemForm(OnItem):
    slug, title, submit, icon = "item-extend", _("Move the step"), _("Move"), "calendar-time"
    short = _("Move")
    said = _("Moved")
    lead = _("Only before it is due; the reason stays in the history.")
    command = extend_work_item
    due_at = moment(_("New time"))
    reason = line(_("Reason"))


class PromiseForm(TicketForm):
    slug, title, submit, icon = "promise", _("Promise a time"), _("Promise"), "calendar-due"
    key, step, additive, said = "p", "promise", True, _("Promised")
    command = promise
    kind = choice(_("What"), Commitment.Kind.choices, radio=True)
    due_at = moment(_("By"))
    text = line(_("In words"), required=False, limit=240)


class OnPromise(TicketForm):
    """A form about one promise."""

    step, additive, item, on_ticket = "promise", True, "commitment", False
    commitment = hidden_id()

    def clean_commitment(self) -> Commitment | None:
        found = Commitment.objects.filter(ticket=self.ticket, uuid=self.cleaned_data["commitment"]).first()
        if found is None:
            self.add_error(None, GONE)
        return found

    def arguments(self) -> dict[str, Any]:
        rest = {k: v for k, v in super().arguments().items() if k != "commitment"}
        return {"commitment_id": self.cleaned_data["commitment"].pk, **rest}


class KeepPromiseForm(OnPromise):
    slug, title, submit, icon = "promise-keep", _("Promise kept"), _("Kept"), "calendar-check"
    said = _("Kept")
    command = keep_promise


class MovePromiseForm(OnPromise):
    slug, title, submit, icon = "promise-move", _("Move the promise"), _("Move"), "calendar-time"
    short = _("Move")
    said = _("Moved. The customer is told why.")
    lead = _("Only before it is due; the customer reads the explanation.")
    command = move_promise
    due_at = moment(_("New time"))
    explanation = text(_("Explanation"), rows=2)


class ParticipantForm(TicketForm):
    slug, title, submit, icon = "participant", _("Add somebody who took part"), _("Add"), "users-plus"
    step, additive, said = "add_participant", True, _("Added")
    command = add_participant
    part = choice(_("As"), Participant.Part.choices)
    user = one_of(_("Who"), User.objects.none(), required=False, empty=_("–"))
    label = line(_("or a name"), required=False, limit=120)

    def prepare(self) -> None:
        self.fields["user"].queryset = _staff()

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"part": data["part"], "user_id": data["user"].pk if data["user"] else None, "label": data["label"]}
