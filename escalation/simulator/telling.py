"""Whom one firing tells: roles into people, duties of a formal escalation. Pure."""

from escalation.simulator.people import Place, Rosters
from escalation.simulator.shapes import Rule
from escalation.simulator.state import Clock, Duty

COMPUTED = ("unreached", "all_told", "board")
NAMED = ("commander", "outgoing_manager", "incoming_manager")
SECOND = ":second"
STAGE = {"F-2": 2}
DEADLINE = {"F-1D": "F-1", "D-1D": "D-0"}
Told = tuple[str, str | None]


def tell(clock: Clock, rule: Rule, rosters: Rosters, place: Place, at: int) -> tuple[str, tuple[str, ...], tuple]:
    """Return the outcome, and the people told with the role of each; a formal escalation's new duties are kept."""
    if clock.version.subject == "escalation":
        _take_on(clock, rule, rosters, place, at)
    if set(rule.targets) <= {"board"}:
        return "shown", (), ()
    asked: list[Told] = []
    for word in rule.targets:
        asked += _one(word, clock, rule, rosters, place, at)
    told: dict[str, str] = {}  # person → the first role they are told for
    for role, person in asked:
        if person is not None:
            told.setdefault(person, role)
    if told:
        return "paged", tuple(told.values()), tuple(told)
    return "no_recipient" if asked or not rule.max_occurrences else "moot", (), ()


def _take_on(clock: Clock, rule: Rule, rosters: Rosters, place: Place, at: int) -> None:
    stage = STAGE.get(rule.code, 1)
    for word in rule.targets:
        if word.partition(":")[0] in COMPUTED or word.endswith(SECOND) or _duty(clock, word, stage):
            continue
        person = rosters.who(word, place, at)
        clock.duties.append(Duty(word, stage, None if person in rosters.break_glass else person))


def _one(word: str, clock: Clock, rule: Rule, rosters: Rosters, place: Place, at: int) -> list[Told]:
    role, second = word.removesuffix(SECOND), word.endswith(SECOND)
    if role == "board":
        return []
    if role == "all_told":
        return [(duty.role, duty.person) for duty in clock.duties if duty.person]
    if role == "unreached":
        late = [duty for duty in clock.duties if duty.stage == 1 and _is_late(duty, clock, rule)]
        return [(d.role, rosters.second(d.role, place, at, instead_of=d.person)) for d in late]
    if role in NAMED or role in place.people:
        person = place.people.get(role)
        if person is None or not rosters.here(person, at):
            person = rosters.who("duty_manager" if role in NAMED else role, place, at)
        return [(role, person)]
    duty = _duty(clock, role, STAGE.get(rule.code, 1))
    if second:
        held = _duty(clock, role, 1)
        return [(role, rosters.second(role, place, at, instead_of=held.person if held else None))]
    if duty and duty.confirmed and rule.max_occurrences:
        return []
    if duty and duty.person is not None and rosters.here(duty.person, at):
        return [(role, duty.person)]
    return [(role, rosters.who(role, place, at))]


def _is_late(duty: Duty, clock: Clock, rule: Rule) -> bool:
    """Whether the deadline is this duty's own and nobody confirmed it."""
    first = next((r for r in clock.version.rules if r.code == DEADLINE.get(rule.code)), None)
    return not duty.confirmed and first is not None and duty.role in first.targets


def _duty(clock: Clock, role: str, stage: int) -> Duty | None:
    return next((duty for duty in clock.duties if (duty.role, duty.stage) == (role, stage)), None)
