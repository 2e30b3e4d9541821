"""Merging, linking, splitting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.desk.forms.base import BOX, TicketForm, choice, hidden_id, line
from tickets.commands.link import link, merge, split, undo_merge, unlink
from tickets.models import Note, Ticket, TicketLink

NO_SUCH = _("No ticket you may see has this number.")


def by_number(form: TicketForm, name: str) -> Ticket:
    """Return the ticket whose number was typed. Raises ValidationError for one the actor may not see."""
    number = form.cleaned_data[name].strip().upper()
    found = Ticket.objects.visible_to(form.actor).filter(number=number).first()
    if found is None:
        raise forms.ValidationError(NO_SUCH)
    return found


class MergeForm(TicketForm):
    slug, title, submit, icon = "merge", _("Merge into another ticket"), _("Merge"), "git-merge"
    step, said = "merge", _("Merged")
    lead = _("This ticket ends as a duplicate. Its notes and clocks stay traceable, and it can be undone.")
    command = merge

    into = line(_("Number of the ticket that stays"), limit=16, help_text="SD-000123")

    def clean_into(self) -> Ticket:
        return by_number(self, "into")

    def arguments(self) -> dict[str, Any]:
        return {"into_id": self.cleaned_data["into"].pk}


class UndoMergeForm(TicketForm):
    slug, title, submit, icon = "undo-merge", _("Undo the merge"), _("Undo the merge"), "arrow-back-up"
    step, said = "undo_merge", _("Open again on its own")
    command = undo_merge


class LinkForm(TicketForm):
    slug, title, submit, icon = "link", _("Link another ticket"), _("Link"), "link"
    step, additive, said = "link", True, _("Linked")
    command = link

    other = line(_("Number"), limit=16, help_text="SD-000123")
    relation = choice(
        _("This ticket is"), [c for c in TicketLink.Relation.choices if c[0] not in ("duplicate", "split")]
    )

    def clean_other(self) -> Ticket:
        return by_number(self, "other")

    def arguments(self) -> dict[str, Any]:
        return {"other_id": self.cleaned_data["other"].pk, "relation": self.cleaned_data["relation"]}


class UnlinkForm(TicketForm):
    slug, title, submit, icon = "unlink", _("Remove the link"), _("Remove"), "x"
    step, additive, item, said = "link", True, "tie", _("Link removed")
    command = unlink

    tie = hidden_id()

    def clean_tie(self) -> TicketLink:
        found = TicketLink.objects.filter(ticket=self.ticket, uuid=self.cleaned_data["tie"]).first()
        if found is None:
            raise forms.ValidationError(_("This link is no longer there. Load the page again."))
        return found

    def arguments(self) -> dict[str, Any]:
        return {"other_id": self.cleaned_data["tie"].other_id}


class SplitForm(TicketForm):
    slug, title, submit, icon = "split", _("Split off a second ticket"), _("Split"), "arrows-split"
    step, additive, said = "split", True, _("Split off")
    command = split

    new_title = line(_("Title of the new ticket"))
    notes = forms.MultipleChoiceField(
        label=_("Notes that belong to it"), required=False, widget=forms.CheckboxSelectMultiple(attrs=BOX)
    )

    def prepare(self) -> None:
        rows = Note.objects.filter(ticket=self.ticket).select_related("text")[:30]
        self.fields["notes"].choices = [(str(n.uuid), f"{n.author_name}: {n.body[:80]}") for n in rows]

    def arguments(self) -> dict[str, Any]:
        chosen = Note.objects.filter(ticket=self.ticket, uuid__in=self.cleaned_data["notes"])
        return {"title": self.cleaned_data["new_title"], "note_ids": list(chosen.values_list("pk", flat=True))}
