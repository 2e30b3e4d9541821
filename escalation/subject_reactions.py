"""What facts about calls, promises, steps of plans and handovers start or stop (C-07, C-04, A-05)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from escalation import policy
from escalation.calls import is_busy
from escalation.commands.stop import stop_clocks
from escalation.locks import LIVE, lock_clocks, lock_timers
from escalation.models import Clock, PolicyVersion
from escalation.subjects import Subject, start_subject, start_subjects, stop_subject
from escalation.ticket_clocks import TicketClocks
from escalation.versions import rules_of
from ledger.actor import Actor
from ledger.models import Entry
from tickets.models import Commitment, Interaction, Ticket, WorkItem
from tickets.words import Channel

CALL, PROMISE, STEP, SHIFT = "interaction", "commitment", "work_item", "handover"


def on_interaction_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """A call that rings starts K-1; answered or ended, it stops (C-07).

    One that a member of staff writes down as their own is answered already, whatever the form left out.
    """
    uuid = entry.data.get("interaction") or entry.chain.partition(":")[2]
    call = about if isinstance(about, Interaction) else Interaction.objects.filter(uuid=uuid).first()
    if call is None or call.channel != Channel.CALL or call.direction != Interaction.Direction.IN:
        return
    if entry.name != "interaction.started":
        stop_subject(CALL, call.pk, entry.name.partition(".")[2], at=call.answered_at or call.ended_at or entry.at)
    elif call.answered_at is None and call.ended_at is None and not (actor.is_staff and call.agent_id):
        queue = call.called_queue
        facts = {"channel": call.channel, "direction": call.direction, "queue": queue, "busy": is_busy(queue)}
        ringing = Subject(
            kind=CALL, id=call.pk, facts=facts, started_at=call.started_at, organisation=call.organisation,
            chain=entry.chain, new=True,
        )  # fmt: skip
        start_subjects([ringing], at=entry.at)


def on_promise_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """A promise made is warned of before its time and breaks at it; kept or moved before, it is silent (C-04, C-10)."""
    named = [entry.data.get("commitment"), entry.data.get("to")]
    rows = {str(row.uuid): row for row in Commitment.objects.filter(uuid__in=[name for name in named if name])}
    first, later = (rows.get(str(name)) for name in named)
    if entry.name == "commitment.made" and first is not None:
        _promised(first, entry, about)
    elif entry.name == "commitment.broken" and actor.kind == "system":
        _end_idle(first, entry.at)
    elif first is not None:
        stop_subject(PROMISE, first.pk, entry.name.partition(".")[2], at=entry.at)
        if later is not None:
            _promised(later, entry, about)


def on_work_item_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """A step with a due time is warned of and falls due (A-08, C-10); moved, it waits anew; settled, it is silent."""
    item = WorkItem.objects.filter(uuid=entry.data.get("item")).first()
    if item is None or item.ticket_id is None:
        return
    if entry.name != "work_item.added":
        stop_subject(STEP, item.pk, entry.name.partition(".")[2], at=entry.at)
    if entry.name in {"work_item.added", "work_item.extended"} and item.due_at is not None:
        clocks = TicketClocks(_ticket(item.ticket_id, about), at=entry.at)
        _plan(clocks, [item], new=entry.name == "work_item.added")


def on_handover_fact(entry: Entry, *, about: Any, actor: Actor) -> None:
    """`handover.due` {starts_at, outgoing, incoming: user ids} pages at the start of the shift; accepted, it stops."""
    if entry.name == "handover.accepted":
        stop_subject(SHIFT, about.pk, "accepted", at=entry.at)
        return
    starts_at = entry.data.get("starts_at")
    people = {"outgoing_manager": entry.data.get("outgoing"), "incoming_manager": entry.data.get("incoming")}
    start_subject(
        SHIFT, about.pk, facts={"region": entry.data.get("region", "")}, chain=entry.chain, at=entry.at,
        started_at=datetime.fromisoformat(starts_at) if starts_at else entry.at,
        people={word: key for word, key in people.items() if key},
    )  # fmt: skip


def start_playbook(clocks: TicketClocks) -> None:
    """Start the steps a playbook brought at triage, where a policy for steps asks for them. No query where none does.

    The tickets' own command writes no fact for each step.
    """
    if any(_asks(version, "playbook") for version in clocks.versions(STEP, clocks.at)):
        steps = WorkItem.objects.filter(ticket=clocks.ticket, source="playbook", state="open", due_at__gt=clocks.at)
        _plan(clocks, list(steps), new=False)


def still_owed(clocks: Iterable[Clock]) -> list[Clock]:
    """Return those clocks of promises and steps whose promise or step is still open."""
    owed: dict[str, set[int]] = {PROMISE: set(), STEP: set()}
    for clock in clocks:
        if clock.subject_kind in owed:
            owed[clock.subject_kind].add(clock.subject_id)
    models: dict[str, Any] = {PROMISE: Commitment, STEP: WorkItem}
    still = {
        kind: set(models[kind].objects.filter(pk__in=keys, state="open").values_list("pk", flat=True)) if keys else keys
        for kind, keys in owed.items()
    }
    return [clock for clock in clocks if clock.subject_id in still.get(clock.subject_kind, ())]


def _promised(promise: Commitment, entry: Entry, about: Any) -> None:
    clocks = TicketClocks(_ticket(promise.ticket_id, about), at=entry.at)
    facts = {**_facts(clocks, PROMISE), "promise": promise.kind, "due_at": promise.due_at}
    people = {"owner": promise.made_by_id} if clocks.ticket.owner_id is None and promise.made_by_id else {}
    made = Subject(
        kind=PROMISE, id=promise.pk, facts=facts, started_at=entry.at, ticket=clocks.ticket, people=people, new=True
    )
    start_subjects([made], at=entry.at, among=clocks.dated)


def _plan(clocks: TicketClocks, items: list[WorkItem], *, new: bool = True) -> None:
    if not items:
        return
    facts = _facts(clocks, STEP)
    subjects = [
        Subject(
            kind=STEP, id=item.pk, started_at=clocks.at, ticket=clocks.ticket, new=new,
            people={"owner": item.owner_user_id} if item.owner_user_id else {},
            facts={**facts, "source": item.source, "mandatory": item.mandatory, "public": item.public,
                   "due_at": item.due_at},
        )
        for item in items
    ]  # fmt: skip
    start_subjects(subjects, at=clocks.at, among=clocks.dated)


def _facts(clocks: TicketClocks, kind: str) -> dict[str, Any]:
    """The ticket's facts, read only where a condition of these policies asks for any of them."""
    own = {"promise", "source", "mandatory", "public", policy.LOCAL_TIME, "weekday", policy.STARTS_ON}
    asked: set[str] = set()
    for version in clocks.versions(kind, clocks.at):
        asked |= version.conditions.keys()
        for rule in rules_of(version.pk):
            asked |= rule.when.keys()
            asked.update(key for variant in rule.variants for key in variant["when"])
    return dict(clocks.facts) if asked - own else {}


def _asks(version: PolicyVersion, source: str) -> bool:
    return policy.matches({k: v for k, v in version.conditions.items() if k == "source"}, {"source": source})


def _end_idle(promise: Commitment | None, at: datetime) -> None:
    """Broken by time alone: its own deadline pages; only a clock with nothing left to fire ends here."""
    if promise is None:
        return
    clocks = lock_clocks(subject_kind=PROMISE, subject_id=promise.pk, stopped_at=None)
    stop_clocks([clock for clock in clocks if not lock_timers(clock, *LIVE)], reason="broken", at=at)


def _ticket(ticket_id: int, about: Any) -> Ticket:
    if isinstance(about, Ticket) and about.pk == ticket_id:
        return about
    return Ticket.objects.select_related("organisation").get(pk=ticket_id)
