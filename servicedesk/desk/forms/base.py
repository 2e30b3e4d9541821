"""What every form on a ticket shares: who acts, which version was read, how it becomes a command."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from servicedesk.web.forms import ConcurrentCommandForm
from tickets.models import Ticket

Words = str | Promise
IN_YOUR_ZONE = _("In your time zone")
BOX = {"class": "form-check-input"}
PLUMBING = frozenset({"once", "version", "seen", "saw"})


class TicketForm(ConcurrentCommandForm):
    """The form of one command on one ticket.

    slug     last part of its address, and `desk:ticket-<slug>`.
    step     what `lifecycle.why_not` is asked; "" = no step of its own, the command alone decides.
    said     what the page says once it is done.
    item     name of the field that holds the public id of the thing it is about (a note, a promise); "" = the ticket.
    additive changes neither field nor state: needs no version (decisions 19).
    undoable the toast offers to take it back (`tickets.commands.undo`).
    beside   template drawn under the fields: what the command would do.
    on_ticket False for a command that takes only the thing's id.
    """

    slug: ClassVar[str] = ""
    title: ClassVar[Words] = ""
    lead: ClassVar[Words] = ""
    short: ClassVar[Words] = ""
    submit: ClassVar[Words] = ""
    said: ClassVar[Words] = ""
    icon: ClassVar[str] = "check"
    key: ClassVar[str] = ""
    step: ClassVar[str] = ""
    item: ClassVar[str] = ""
    additive: ClassVar[bool] = False
    danger: ClassVar[bool] = False
    undoable: ClassVar[bool] = False
    on_ticket: ClassVar[bool] = True
    do_not_call_in_templates: ClassVar[bool] = True
    beside: ClassVar[str] = ""
    command: ClassVar[Callable[..., Any]]

    seen = forms.IntegerField(min_value=0, required=False, widget=forms.HiddenInput)
    saw = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ticket: Ticket, actor: Actor, at: datetime, **kwargs: Any) -> None:
        self.ticket, self.actor, self.at = ticket, actor, at
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Narrow the choices to this ticket and fill what is known."""

    def arguments(self) -> dict[str, Any]:
        """Return what the command takes beside ticket, actor, time and version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in PLUMBING}

    def run(self) -> Any:
        """Carry it out. Raises Refused."""
        version = {} if self.additive else {"version": self.cleaned_data.get("version")}
        ticket = {"ticket_id": self.ticket.pk} if self.on_ticket else {}
        return type(self).command(**ticket, actor=self.actor, at=self.at, **version, **self.arguments())

    def add_refusal(self, refusal: Refused) -> None:
        """Show a refusal beside its field: commands speak of `team_id`, the form of `team`."""
        name = (refusal.field or "").removesuffix("_id").removeprefix("owner_")
        named = next((n for n in (refusal.field, name, f"{name}_") if n in self.fields), None)
        super().add_refusal(Refused(refusal.code, refusal.message, named, **refusal.details))

    @property
    def asks(self) -> list[forms.BoundField]:
        """The fields a person fills."""
        return [field for field in self.visible_fields() if field.name not in PLUMBING]


def text(
    label: Words, *, rows: int = 3, required: bool = True, help_text: Words = "", limit: int = 20_000
) -> forms.CharField:
    """Return a field for several lines."""
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def line(label: Words, *, required: bool = True, limit: int = 200, help_text: Words = "") -> forms.CharField:
    """Return a field for one line."""
    return forms.CharField(
        label=label, required=required, max_length=limit, help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


def moment(label: Words, *, required: bool = True, help_text: Words = IN_YOUR_ZONE) -> forms.DateTimeField:
    """Return a field for an instant, read in the viewer's zone."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=required, help_text=help_text, widget=widget)


def choice(
    label: Words, choices: Any, *, required: bool = True, radio: bool = False, help_text: Words = ""
) -> forms.ChoiceField:
    """Return a field for one of a few: a list, or buttons side by side with `radio`."""
    options = list(choices) if required or radio else [("", "–"), *choices]
    widget = forms.RadioSelect if radio else forms.Select
    return forms.ChoiceField(label=label, choices=options, required=required, widget=widget, help_text=help_text)


def one_of(label: Words, queryset: Any, *, required: bool = True, empty: Words | None = None) -> forms.ModelChoiceField:
    """Return a field for one row, by its public id: integer keys never leave the database."""
    return forms.ModelChoiceField(
        label=label, queryset=queryset, to_field_name="uuid", required=required,
        empty_label=empty if empty is not None else _("Choose"),
    )  # fmt: skip


class _Known(forms.models.ModelChoiceIterator):
    """The rows that were offered, without a query of its own."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from map(self.choice, self.field.known)

    def __len__(self) -> int:
        return len(self.field.known) + (self.field.empty_label is not None)

    def __bool__(self) -> bool:
        return self.field.empty_label is not None or bool(self.field.known)


class OneKnown(forms.ModelChoiceField):
    """One of rows that the page reads anyway (`known`, by public id): asks the database nothing of its own."""

    known: Iterable[Any] = ()
    iterator = _Known

    def to_python(self, value: Any) -> Any:
        """Return the row named, None for "". Raises ValidationError for any that was not offered."""
        if value in self.empty_values:
            return None
        found = next((row for row in self.known if str(row.uuid) == str(value)), None)
        if found is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return found


class SeveralKnown(forms.ModelMultipleChoiceField):
    """Several of rows that the page reads anyway, as `OneKnown`."""

    known: Iterable[Any] = ()
    iterator = _Known

    def _check_values(self, value: Any) -> Any:
        wanted = {str(one) for one in value}
        found = [row for row in self.known if str(row.uuid) in wanted]
        if missing := wanted - {str(row.uuid) for row in found}:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": min(missing)}
            )
        return found


def hidden_id() -> forms.UUIDField:
    """Return the hidden field that says which note, promise or item is meant."""
    return forms.UUIDField(widget=forms.HiddenInput)
