"""Tags, and what a person does for their own lists alone: snooze and wake, watch and leave."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.desk.forms.base import TicketForm, choice, line, moment
from tickets.commands.snooze import snooze_ticket, wake_ticket
from tickets.commands.tag import tag_ticket
from tickets.commands.watch import unwatch_ticket, watch_ticket

MORNING = 8
SPANS = {"1h": timedelta(hours=1), "4h": timedelta(hours=4)}
UNTIL = [
    ("1h", _("One hour")),
    ("4h", _("Four hours")),
    ("morning", _("Tomorrow, 08:00")),
    ("other", _("Another time")),
]


class TagForm(TicketForm):
    slug, title, submit, icon = "tag", _("Tags"), _("Save tags"), "tag"
    step, said, undoable = "tag", _("Tags saved"), True
    command = tag_ticket

    tags = line(_("Tags"), required=False, limit=400, help_text=_("With commas between them; empty takes all off"))

    def prepare(self) -> None:
        self.fields["tags"].initial = ", ".join(self.ticket.tags)

    def arguments(self) -> dict[str, Any]:
        return {"tags": self.cleaned_data["tags"].replace(",", " ").split()}


class SnoozeForm(TicketForm):
    slug, title, submit, icon = "snooze", _("Snooze"), _("Snooze"), "hourglass-low"
    step, additive, said, undoable = "snooze", True, _("Out of your lists until then"), True
    lead = _("Only you stop seeing it in your lists. It comes back at the time, or when the customer writes.")
    command = snooze_ticket

    span = choice(_("For"), UNTIL, radio=True)
    until = moment(_("Until"), required=False)

    def prepare(self) -> None:
        self.fields["span"].initial = "1h"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("span") == "other" and not data.get("until"):
            self.add_error("until", forms.ValidationError(_("Say until when.")))
        return data

    def arguments(self) -> dict[str, Any]:
        span = self.cleaned_data["span"]
        if span in SPANS:
            return {"until": self.at + SPANS[span]}
        return {"until": self._morning() if span == "morning" else self.cleaned_data["until"]}

    def _morning(self) -> datetime:
        here = self.at.astimezone(ZoneInfo(self.actor.time_zone)) + timedelta(days=1)
        return here.replace(hour=MORNING, minute=0, second=0, microsecond=0)


class WakeForm(TicketForm):
    slug, title, submit, icon = "wake", _("End the snooze"), _("End the snooze"), "sun"
    additive, said, undoable = True, _("Back in your lists"), True
    command = wake_ticket


class WatchForm(TicketForm):
    slug, title, submit, icon = "watch", _("Watch"), _("Watch"), "eye"
    step, additive, said, undoable = "watch", True, _("You watch it: its news comes into your inbox"), True
    command = watch_ticket


class UnwatchForm(TicketForm):
    slug, title, submit, icon = "unwatch", _("Watch no longer"), _("Watch no longer"), "eye-off"
    step, additive, said, undoable = "watch", True, _("You watch it no longer"), True
    command = unwatch_ticket
