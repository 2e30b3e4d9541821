"""Case notes: public or internal, with files and a promise."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from servicedesk.desk.forms.base import TicketForm, choice, hidden_id, line, moment, text
from servicedesk.web.forms import FilesField
from tickets.commands.draft import drop_note_draft
from tickets.commands.note import add_note, redact_note, retract_note
from tickets.models import Note

VISIBILITY = [("public", _("Public")), ("internal", _("Internal"))]
GONE = _("This note is no longer there. Load the page again.")


class NoteForm(TicketForm):
    slug, title, submit, icon = "note", _("Add a note"), _("Add note"), "message-plus"
    step, additive, said = "add_note", True, _("Note added")
    command = add_note

    visibility = choice(_("Who reads it"), VISIBILITY, radio=True)
    body = text(_("Note"), rows=4)
    progress = forms.BooleanField(label=_("Counts as progress"), required=False, initial=True)
    promise_at = moment(_("Promise next news by"), required=False, help_text="")
    attachments = FilesField(label=_("Files"), small=True)

    def run(self) -> Any:
        """Add the note; its words are no draft any more. Raises Refused."""
        made = super().run()
        me = User.objects.get(pk=self.actor.user_id)
        drop_note_draft(user=me, number=self.ticket.number, act=self.cleaned_data["visibility"], at=self.at)
        return made

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"body": data["body"], "public": data["visibility"] == "public", "progress": data["progress"],
                "attachments": data["attachments"], "promise_at": data["promise_at"]}  # fmt: skip


class OnNote(TicketForm):
    """A form about one note."""

    item, on_ticket = "note", False
    note = hidden_id()

    def clean_note(self) -> Note | None:
        found = Note.objects.filter(ticket=self.ticket, uuid=self.cleaned_data["note"]).first()
        if found is None:
            self.add_error(None, GONE)
        return found


class RetractForm(OnNote):
    slug, title, submit, icon = "note-retract", _("Take the note back"), _("Take back"), "arrow-back-up"
    step, additive, said = "retract_note", True, _("Taken back")
    lead = _("Possible for your own note within minutes. The history keeps that it was there.")
    command = retract_note

    def arguments(self) -> dict[str, Any]:
        return {"note_id": self.cleaned_data["note"].pk}


class RedactForm(OnNote):
    slug, title, submit, icon = "note-redact", _("Blank the note"), _("Blank for good"), "eye-off"
    step, additive, danger, said = "redact_note", True, True, _("Blanked")
    lead = _("Removes the words for good; needs a second person. The history still verifies.")
    command = redact_note

    reason = line(_("Reason"))
    second = forms.ModelChoiceField(
        label=_("Second person"), queryset=User.objects.none(), to_field_name="uuid", empty_label=_("Choose")
    )

    def prepare(self) -> None:
        people = User.objects.filter(kind="staff", is_active=True)
        self.fields["second"].queryset = people.exclude(pk=self.actor.user_id)

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"note_id": data["note"].pk, "reason": data["reason"], "second_person_id": data["second"].pk}
