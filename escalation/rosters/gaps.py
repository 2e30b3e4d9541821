"""Hours that a roster must cover and nobody does. Pure but for `people_gone` and `hours_required`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.models import User
from catalogue.hours import WorkingHours
from catalogue.models import Calendar
from escalation.rosters.schedule import covered, final
from escalation.rosters.shapes import Plan
from escalation.rosters.spans import Span, clip, subtract
from escalation.rosters.turns import openings

WARN = timedelta(days=14)


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """Nobody answers on `plan` in [from_at, to_at). away: keys of those who would, but left or are away then."""

    plan: Plan
    from_at: datetime
    to_at: datetime
    away: tuple[int, ...] = ()


def gaps(plan: Plan, begin: datetime, end: datetime, *, hours: WorkingHours | None, gone: frozenset[int]) -> list[Gap]:
    """Return the gaps of [begin, end), by start. hours None = around the clock; gone: who cannot answer.

    A roster without layers keeps only overrides; whoever holds its role answers, so it has no gaps.
    """
    if not any(layer.to_at is None or layer.to_at > begin for layer in plan.layers):
        return []
    begin, end = max(begin, plan.from_at), min(end, plan.to_at or end)
    if begin >= end:
        return []
    whole = [(begin, end)] if hours is None else openings(hours, begin, end)
    empty = subtract(whole, covered(plan, begin, end, gone))
    if not empty:
        return []
    on = final(plan.as_if_here(), begin, end)
    return [Gap(plan=plan, from_at=a, to_at=b, away=_away(on, a, b)) for a, b in empty]


def all_gaps(plans: Sequence[Plan], begin: datetime, end: datetime) -> list[Gap]:
    """Return the gaps of many rosters, soonest first. 2 queries, 3 where calendars are named."""
    gone = people_gone({pk for plan in plans for pk in plan.people()})
    hours = hours_required(plans)
    found = [gap for plan in plans for gap in gaps(plan, begin, end, hours=hours.get(plan.pk), gone=gone)]
    return sorted(found, key=lambda gap: (gap.from_at, gap.plan.name))


def new_gaps(before: Sequence[Gap], after: Sequence[Gap]) -> list[Span]:
    """Return what is empty after a change and was not before it."""
    return subtract(_spans(after), _spans(before))


def people_gone(keys: Iterable[int]) -> frozenset[int]:
    """Return who of `keys` cannot be called: left, or away. 1 query."""
    here = set(User.objects.filter(pk__in=set(keys), is_active=True, available=True).values_list("pk", flat=True))
    return frozenset(set(keys) - here)


def hours_required(plans: Sequence[Plan]) -> Mapping[int, WorkingHours]:
    """Return the hours to cover by roster key, for those that name a calendar. 3 queries, none without calendars."""
    wanted = {plan.calendar_id for plan in plans if plan.calendar_id}
    if not wanted:
        return {}
    rows = Calendar.objects.filter(pk__in=wanted, round_the_clock=False).prefetch_related("openings", "holidays")
    hours = {calendar.pk: calendar.hours() for calendar in rows}
    return {plan.pk: hours[plan.calendar_id] for plan in plans if plan.calendar_id in hours}


def _away(on, begin: datetime, end: datetime) -> tuple[int, ...]:
    named = (turn.user_id for turn in on if clip([(turn.from_at, turn.to_at)], begin, end))
    return tuple(dict.fromkeys(named))


def _spans(gaps: Sequence[Gap]) -> list[Span]:
    return [(gap.from_at, gap.to_at) for gap in gaps]
