"""A stale save: who changed what meanwhile, beside what the agent typed (decisions 19)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from ledger import clock
from ledger.actor import Actor
from servicedesk.desk.forms.base import PLUMBING, TicketForm
from servicedesk.desk.marks import MARKS
from servicedesk.desk.reading import last_seq
from tickets import queries
from tickets.commands.interaction import save_draft
from tickets.models import Draft, Ticket

KEEP = "keep-"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as it stands and as the agent wants it. `name` "" = shown only, the command decides."""

    label: str
    now: str
    mine: str
    name: str = ""


def conflict_context(ticket: Ticket, form: TicketForm, actor: Actor) -> dict[str, Any]:
    """Return what the page of a stale save needs: the changes since, the differing fields, the form to save again."""
    seen = form.cleaned_data.get("seen") or 0 if form.is_bound and hasattr(form, "cleaned_data") else 0
    changes = [item for item in queries.timeline(ticket, actor) if (item.seq or 0) > seen][:20]
    again = form.data.copy()
    for name in [name for name in again if name.startswith(KEEP)]:
        del again[name]
    again["version"], again["seen"], again["once"] = ticket.version, last_seq(ticket), ""
    form.data = again
    return {"ticket": ticket, "form": form, "changes": changes, "marks": MARKS,
            "differences": differences(ticket, form)}  # fmt: skip


def differences(ticket: Ticket, form: TicketForm) -> list[Difference]:
    """Return the fields of the form that the ticket has too and that differ."""
    found, stands = [], type(form)(ticket=ticket, actor=form.actor, at=form.at)
    for name, value in getattr(form, "cleaned_data", {}).items():
        known = name.rstrip("_")
        if name in PLUMBING or not hasattr(ticket, known):
            continue
        now = _shown(ticket, known)
        if now != str(value or ""):
            chosen = name if stands.fields[name].initial is not None else ""
            found.append(Difference(str(form.fields[name].label), now, str(value or ""), chosen))
    return found


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


def _shown(ticket: Ticket, name: str) -> str:
    value = getattr(ticket, name)
    return "" if value is None or callable(value) else str(value)
