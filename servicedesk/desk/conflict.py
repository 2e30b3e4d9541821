"""A stale save: who changed what meanwhile, beside what the agent typed (decisions 19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.http import QueryDict

from ledger import clock
from ledger.actor import Actor
from servicedesk.desk.forms.base import PLUMBING, TicketForm
from servicedesk.desk.marks import MARKS
from servicedesk.desk.reading import last_seq
from servicedesk.desk.seen import Piece, changed_words, packed, unpacked, values_of
from tickets import queries
from tickets.commands.interaction import save_draft
from tickets.models import Draft, Ticket

KEEP = "keep-"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in three versions, as people read them. `before` None = what the agent saw is not known.

    name  "" = shown only, the command decides. moved  who moved it since: both, theirs, mine, or the same way.
    """

    label: str
    before: str | None
    now: str
    mine: str
    name: str = ""
    moved: str = "both"

    @property
    def asks(self) -> bool:
        """Whether one has to choose."""
        return self.moved == "both"

    @property
    def theirs_words(self) -> list[Piece]:
        """Theirs, with what they changed."""
        return changed_words(self.now if self.before is None else self.before, self.now)

    @property
    def my_words(self) -> list[Piece]:
        """Mine, with what I changed."""
        return changed_words(self.now if self.before is None else self.before, self.mine)


def conflict_context(ticket: Ticket, form: TicketForm, actor: Actor) -> dict[str, Any]:
    """Return what the page of a stale save needs: the changes since, the differing fields, the form to save again."""
    clean = form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else {}
    seen, saw = clean.get("seen") or 0, unpacked(clean.get("saw") or "")
    changes = [item for item in queries.timeline(ticket, actor) if (item.seq or 0) > seen][:20]
    again = form.data.copy()
    for name in [name for name in again if name.startswith(KEEP)]:
        del again[name]
    again["version"], again["seen"], again["once"] = ticket.version, last_seq(ticket), ""
    again["saw"] = packed(ticket, form, form.at)
    found = differences(ticket, form, saw.values)
    for one in (d for d in found if d.moved == "theirs"):  # I had left it as it was: the form takes theirs over
        again[one.name] = str(form.fields[one.name].initial)
    form.data = again
    return {"ticket": ticket, "form": form, "changes": changes, "marks": MARKS, "saw_at": saw.at,
            "by": next((item for item in changes if item.who), None), "differences": [d for d in found if d.asks],
            "settled": [d for d in found if not d.asks]}  # fmt: skip


def differences(ticket: Ticket, form: TicketForm, before: Mapping[str, str]) -> list[Difference]:
    """Return the fields of the form that the ticket has too and that differ, or did when the form was opened.

    before  what the agent saw, by field; a field that is not in it is asked for where it differs.
    """
    found, stands = [], type(form)(ticket=ticket, actor=form.actor, at=form.at)
    now = values_of(ticket, form)
    for name, value in getattr(form, "cleaned_data", {}).items():
        if name in PLUMBING or name not in now:
            continue
        mine, was = str(value or ""), before.get(name)
        moved = _moved(was, now[name], mine)
        if moved:
            chosen = name if stands.fields[name].initial is not None else ""
            say = partial(_label, form.fields[name])
            asked = moved if chosen or moved != "theirs" else "both"
            label = str(form.fields[name].label)
            found.append(Difference(label, say(was), say(now[name]), say(mine), chosen, asked))
    return found


def _moved(before: str | None, now: str, mine: str) -> str:
    """Who moved a field, "" for nobody."""
    if before is None or (before != now and before != mine and now != mine):
        return "" if now == mine else "both"
    if now == mine:
        return "same" if now != before else ""
    return "mine" if now == before else "theirs"


def _label(field: Any, value: str | None) -> Any:
    """A choice in its words; None stays None."""
    choices = {} if isinstance(field, forms.ModelChoiceField) else dict(getattr(field, "choices", ()))
    return value if value is None else str(choices.get(value, value))


def merged(kind: type[TicketForm], said: QueryDict, *, ticket: Ticket, actor: Actor, at: datetime) -> QueryDict:
    """Return what was sent with the fields as they stand where "theirs" was chosen on the page of a stale save."""
    theirs = [name.removeprefix(KEEP) for name, value in said.items() if name.startswith(KEEP) and value == "theirs"]
    if not theirs:
        return said
    stands, data = kind(ticket=ticket, actor=actor, at=at), said.copy()
    for name in theirs:
        if name in stands.fields and stands.fields[name].initial is not None:
            data[name] = str(stands.fields[name].initial)
    return data


def keep_conflict(user: Any, ticket: Ticket, form: TicketForm) -> None:
    """Keep what was typed until the page of the conflict shows it."""
    data = {name: form.data.getlist(name) for name in form.data if name != "csrfmiddlewaretoken"}
    save_draft(user=user, key=_key(ticket, form.slug), data=data, at=clock.now())


def kept_conflict(user: Any, ticket: Ticket, slug: str) -> QueryDict | None:
    """Return what was typed, None if there is nothing (any more)."""
    found = Draft.objects.filter(user=user, key=_key(ticket, slug)).first()
    if found is None:
        return None
    data = QueryDict(mutable=True)
    for name, values in found.data.items():
        data.setlist(name, values)
    return data


def _key(ticket: Ticket, slug: str) -> str:
    return f"conflict:{ticket.number}:{slug}"
