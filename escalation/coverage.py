"""Whether somebody answers for every step of a policy in the next 400 days: policies × rosters × calendars.

A sweep over the edges of turns and openings, never over minutes. Red: nobody at all would be told. Yellow: the role
is empty and the duty manager is called for it, a step asks whom it asked before, a person stands in for themselves.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Team
from accounts.models.staff import LadderRole, Role
from escalation.oncall import DUTY_MANAGER
from escalation.policy import matches
from escalation.rosters.spans import Span, subtract
from escalation.rosters.turns import openings
from escalation.rosters.world import Place, World, load

WORDS = {**dict(LadderRole.choices), **dict(Role.choices)}
ALL_PRIORITIES = {"P1", "P2", "P3", "P4"}
STANDS_FOR = {"owner": "supervisor", "agent": "supervisor"}
DAYS = 400
Shape = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Hole:
    """One finding. from_at, to_at: the first time it happens, None for a finding that has no hours.

    kind      hole (nobody holds the role) | gap (a roster leaves hours empty) | loop | dead_step.
    severity  red: nobody at all is told | yellow: somebody else is.
    scope     "customer:<id>" of the first customer concerned, or "global".
    times, lasting  how often in all and how long together.
    """

    kind: str
    severity: str
    role: str
    scope: str
    from_at: datetime | None
    to_at: datetime | None
    rule: str
    sentence: str
    times: int = 1
    lasting: timedelta = timedelta()


def check(shapes: Sequence[Shape], *, at: datetime, days: int = DAYS) -> list[Hole]:
    """Return what is wrong with who answers from `at` on, red first, then by time. 9 queries, however long."""
    world = load(at, at + timedelta(days=days))
    teams = {f"team:{team.uuid}": team.name for team in Team.objects.filter(active=True)}
    found = [hole for shape in shapes for hole in (*_loops(shape), *_uncovered(shape, world, teams))]
    found += [hole for shape in shapes for hole in _asked_before(shape, world, teams)]
    found += _stand_ins(world, {role for shape in shapes for _code, role, _rule in _asked(shape)}, teams)
    found = list({(hole.rule, hole.kind, hole.severity, hole.sentence): hole for hole in found}.values())
    return sorted(found, key=lambda hole: (hole.severity != "red", hole.from_at or at, hole.role, hole.rule))


def stretches(world: World, role: str, place: Place, required: list[Span]) -> tuple[list[Span], list[Span]]:
    """Return (nobody at all, only the duty manager) of the required time."""
    empty = subtract(required, world.own(role, place))
    nobody = subtract(empty, world.fallback(place))
    return nobody, subtract(empty, nobody)


def required(shape: Shape, rule: Shape, place: Place, world: World) -> list[Span]:
    """Return when the rule can fire there: at any hour, or in the openings of the calendar its clock counts on."""
    calendar = rule.get("calendar")
    pk = next((row.pk for row in world.calendars.values() if str(row.uuid) == str(calendar)), None)
    if pk is None and set(shape.get("on_entitlement_calendar") or ()) >= ALL_PRIORITIES:
        pk = place.calendar_id
    hours = world.hours(pk)
    return world.whole if hours is None else openings(hours, world.begin, world.end)


def concerned(shape: Shape, world: World) -> list[Place]:
    """Return the customers a policy can apply to, as far as it asks what they are."""
    asked = {key: value for key, value in (shape.get("conditions") or {}).items() if key in _known(world)}
    return [place for place in world.places if matches(asked, place.facts)]


def _known(world: World) -> set[str]:
    return {key for place in world.places for key in place.facts}


def _asked(shape: Shape) -> Iterator[tuple[str, str, Shape]]:
    """Yield (code, role, rule) of every role a rule calls; computed words are nobody's role."""
    for rule in shape["rules"]:
        for word in rule["targets"] or ():
            role = STANDS_FOR.get(word, word)
            if role in WORDS or role.startswith("team:"):
                yield rule["code"], role, rule


def _uncovered(shape: Shape, world: World, teams: Mapping[str, str]) -> Iterator[Hole]:
    for code, role, rule in _asked(shape):
        if role.startswith("team:") and role not in teams:
            sentence = _("This team does not exist or is closed; nobody of it can be told.")
            yield _hole("hole", "red", role, code, sentence, [(world.begin, world.end)], [])
            continue
        by_hours: dict[tuple, list[Place]] = defaultdict(list)
        for place in concerned(shape, world):
            calendar = place.calendar_id if shape.get("on_entitlement_calendar") else None
            by_hours[world.key(role, place), world.key(DUTY_MANAGER, place), calendar].append(place)
        for places in by_hours.values():
            first = places[0]
            nobody, others = stretches(world, role, first, required(shape, rule, first, world))
            held = bool(world.rostered(role, first))
            for severity, spans in (("red", nobody), ("yellow", others)):
                if spans:
                    sentence = _said(role, severity, spans, places, held, teams)
                    yield _hole("gap" if held else "hole", severity, role, code, sentence, spans, places)


def _hole(
    kind: str, severity: str, role: str, code: str, sentence: str, spans: Sequence[Span], places: Sequence[Place]
) -> Hole:
    own = places[0].organisation_id if places else None
    return Hole(
        kind=kind, severity=severity, role=role, scope=f"customer:{own}" if own else "global", rule=code,
        sentence=sentence, times=len(spans), lasting=sum((b - a for a, b in spans), timedelta()),
        from_at=spans[0][0] if spans else None, to_at=spans[0][1] if spans else None,
    )  # fmt: skip


def _said(
    role: str, severity: str, spans: Sequence[Span], places: Sequence[Place], held: bool, teams: Mapping[str, str]
) -> str:
    role_words = word(role, teams)
    if held:
        some = ngettext("%(n)d stretch", "%(n)d stretches", len(spans)) % {"n": len(spans)}
        what = _("The roster of %(role)s leaves %(some)s empty.") % {"role": role_words, "some": some}
    else:
        what = _("Nobody holds the role %(role)s.") % {"role": role_words}
    who = _("Nobody at all is told then.") if severity == "red" else _("The duty manager is called instead.")
    if not places[0].name:
        return f"{what} {who}"
    more = _("%(name)s and %(n)d more") % {"name": places[0].name, "n": len(places) - 1}
    return f"{what} {who} ({more if len(places) > 1 else places[0].name})"


def word(role: str, teams: Mapping[str, str]) -> str:
    """Return the words for a role or team."""
    return str(WORDS.get(role) or teams.get(role) or role)


def _loops(shape: Shape) -> Iterator[Hole]:
    """Rules that wait for each other, or for one that does not exist."""
    codes = {rule["code"]: _after(rule) for rule in shape["rules"]}
    for code, before in codes.items():
        seen, at = {code}, before
        while at in codes and at not in seen:
            seen.add(at)
            at = codes[at]
        if at == code:
            yield _hole("loop", "red", "", code, _("This step waits for itself, so it is never reached."), [], [])
        elif before and before not in codes:
            sentence = _("Rule %(code)s does not exist, so this step is never reached.") % {"code": before}
            yield _hole("dead_step", "red", "", code, sentence, [], [])


def _after(rule: Shape) -> str:
    kind, _colon, code = str(rule["anchor"] or "").partition(":")
    return code if kind == "fired" else ""


def _asked_before(shape: Shape, world: World, teams: Mapping[str, str]) -> Iterator[Hole]:
    """Steps whose role, asked for the first time, is nobody but people told by an earlier step, for some customer."""
    steps = sorted(_asked(shape), key=lambda asked: asked[2]["offset_s"])
    for place in _kinds(concerned(shape, world), shape, world):
        told: dict[str, dict[str, set[int]]] = defaultdict(dict)
        for code, role, rule in steps:
            before = told[str(rule["anchor"])]
            people = world.constant(role, place) | world.rostered(role, place)
            alone = len(rule["targets"]) == 1
            if people and alone and role not in before and people <= set().union(*before.values()):
                names = ", ".join(sorted(world.people[pk].name for pk in people))
                sentence = _("%(role)s is only %(names)s, whom an earlier step told already.")
                said = sentence % {"role": word(role, teams), "names": names}
                yield _hole("dead_step", "yellow", role, code, said, [], [place])
            before[role] = people


def _kinds(places: Iterable[Place], shape: Shape, world: World) -> list[Place]:
    """One customer of each kind: those with the same people in every role of the policy are one."""
    roles = sorted({role for _code, role, _rule in _asked(shape)})
    return list({tuple(world.key(role, place) for role in roles): place for place in places}.values())


def _stand_ins(world: World, roles: set[str], teams: Mapping[str, str]) -> list[Hole]:
    """People who are their own deputy or manager: whom to ask next leads back to them."""
    found: set[tuple[str, str]] = set()
    for (role, _organisation), row in world.team.items():
        user = world.people.get(row.user_id)
        if role in roles and user and row.user_id in {row.deputy_id, user.manager_id}:
            found.add((role, user.name))
    for (role, _scope), plan in world.plans.items():
        members = {pk for layer in plan.layers if layer.to_at is None for pk in layer.members}
        deputy = world.people.get(plan.deputy_id or 0)
        if role in roles and deputy and members == {plan.deputy_id}:
            found.add((role, deputy.name))
    sentence = _("%(name)s stands in for themselves as %(role)s: asking on leads back to them.")
    return [
        _hole("loop", "yellow", role, "", sentence % {"name": name, "role": word(role, teams)}, [], [])
        for role, name in sorted(found)
    ]
