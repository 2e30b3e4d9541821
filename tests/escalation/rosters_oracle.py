"""Who is on, minute by minute, told by the highest time the wall has shown so far. Slow and plain on purpose."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from escalation.rosters.shapes import Away, Layer, Override, Plan, Window

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ZONES = ["Australia/Lord_Howe", "Australia/Melbourne", "Europe/Dublin", "America/New_York", "America/Vancouver",
         "Asia/Shanghai", "Africa/Casablanca"]  # fmt: skip
CHANGES = [datetime(2026, *day, tzinfo=UTC) for day in ((3, 8), (3, 29), (4, 4), (10, 3), (10, 25), (11, 1), (2, 15))]
BORN = datetime(2025, 1, 1, tzinfo=UTC)


def highest_walls(zone: ZoneInfo, begin: datetime, end: datetime) -> dict[datetime, datetime]:
    """For each minute of [begin, end): the highest wall time shown until then, a day of warming up before."""
    walls, top, at = {}, datetime.min, begin - DAY
    while at < end:
        top = max(top, at.astimezone(zone).replace(tzinfo=None))
        if at >= begin:
            walls[at] = top
        at += MINUTE
    return walls


def on_layer(layer: Layer, at: datetime, wall: datetime) -> int | None:
    """Who of the layer is on while `wall` is the highest time shown."""
    if at < layer.from_at or (layer.to_at and at >= layer.to_at) or (layer.windows and not _open(layer, wall)):
        return None
    n = (wall - datetime.combine(layer.starts_on, layer.handoff)) // layer.step
    return layer.members[n % len(layer.members)] if n >= 0 else None


def on_plan(plan: Plan, at: datetime, walls: dict[ZoneInfo, dict[datetime, datetime]]) -> set[tuple[int, int]]:
    """Everybody on at `at` as (rank, person)."""
    away = {a.user_id for a in plan.absences if a.from_at <= at < a.to_at}
    found = {(2, o.user_id) for o in plan.overrides if o.from_at <= at < o.to_at and o.user_id not in away}
    for rank in (0, 1):
        on = [(la.position, who) for la in plan.layers if la.rank == rank
              if (who := on_layer(la, at, walls[la.zone][at])) is not None and who not in away]  # fmt: skip
        top = max((position for position, _who in on), default=0)
        found |= {(rank, who) for position, who in on if position == top}
    return found


def _open(layer: Layer, wall: datetime) -> bool:
    for window in layer.windows:
        for back in range(9):
            day = wall.date() - back * DAY
            if day.weekday() != window.weekday:
                continue
            opens = datetime.combine(day, window.opens)
            closes = datetime.combine(day if window.closes > window.opens else day + DAY, window.closes)
            if opens <= wall < closes:
                return True
    return False


times = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


@st.composite
def windows(draw) -> tuple[Window, ...]:
    """No window, or one on each of some days, none longer than a day."""
    opens, closes = draw(times), draw(times)
    days = draw(st.sets(st.integers(0, 6), max_size=5))
    return tuple(Window(weekday=day, opens=opens, closes=closes) for day in sorted(days))


@st.composite
def layers(draw, key: str = "a") -> Layer:
    """Any rotation near a change of the clocks."""
    begins = draw(st.none() | st.integers(-2000, 4000))
    ends = draw(st.none() | st.integers(0, 4000))
    around = draw(st.sampled_from(CHANGES))
    from_at = BORN if begins is None else around + begins * MINUTE
    return Layer(
        key=key, name=key, zone=ZoneInfo(draw(st.sampled_from(ZONES))),
        unit=draw(st.sampled_from(["hour", "day", "week"])),
        length=draw(st.integers(1, 14)), handoff=draw(times), starts_on=date(2026, 1, draw(st.integers(1, 28))),
        members=tuple(draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))), from_at=from_at,
        to_at=None if ends is None else from_at + ends * MINUTE, position=draw(st.integers(1, 2)),
        base=draw(st.booleans()), windows=draw(windows()),
    )  # fmt: skip


@st.composite
def absences(draw, around: datetime) -> tuple[Away, ...]:
    """Nobody away, or up to three people for up to a day, around the change."""
    begins = [around + draw(st.integers(-600, 300)) * MINUTE for _n in range(draw(st.integers(0, 3)))]
    who = st.sampled_from([*range(1, 10), 99])
    return tuple(Away(user_id=draw(who), from_at=a, to_at=a + draw(st.integers(1, 1440)) * MINUTE) for a in begins)


@st.composite
def plans(draw) -> tuple[Plan, datetime]:
    """A roster of up to three layers and an override, and the instant of a change of the clocks to look around."""
    around = draw(st.sampled_from(CHANGES)) + draw(st.integers(0, 1500)) * MINUTE
    some = tuple(draw(layers(key=str(n))) for n in range(draw(st.integers(1, 3))))
    start = around + draw(st.integers(-300, 300)) * MINUTE
    over = Override(key="o", user_id=99, from_at=start, to_at=start + draw(st.integers(1, 600)) * MINUTE)
    plan = Plan(pk=1, uuid="p", name="P", role="r", scope="global", zone="UTC", from_at=BORN, layers=some,
                overrides=(over,) if draw(st.booleans()) else (), absences=draw(absences(around)))  # fmt: skip
    return plan, around
