"""The timeline speaks to people: every fact the code can record has words, none shows a code, an id or an instant."""

import ast
import re
from datetime import timedelta
from pathlib import Path as File

import pytest

from ledger.models import Entry
from tickets import queries
from tickets.commands import plan, work
from tickets.facts import FACTS
from tickets.sentences import FULLER, sentence

ROOT = File(__file__).resolve().parents[2]
ROOMS = ("accounts", "tickets", "escalation", "channels", "quality", "ledger")
FACT = re.compile(r"[a-z_]+\.[a-z_]+")
# chains of their own, on no timeline
NO_TICKET = (
    "contact.",
    "staff.",
    "person.",
    "roster.",
    "handover.",
    "break.",
    "team.",
    "view.",
    "configuration.",
    "maintenance.",
    "problem.",
    "alarm.",
    "audit.",
    "policy.",
    "major.",
    "simulation.",
)
ELSEWHERE = {"verification.agent_locked", "verification.agent_released", "verification.code_sent"}  # likewise
CODE = re.compile(r"[a-z]+_[a-z]+|\b[a-z]+\.[a-z]+\b|\b[A-Z]-\d|\d{4}-\d\d-\d\dT|[0-9a-f]{8}-[0-9a-f]{4}|[{}]")


def recorded() -> set[str]:
    """Every constant that reaches `record`, `tell` or a `Fact`, by itself or through a variable of the same module."""
    found: set[str] = set()
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            tree = ast.parse(file.read_text())
            calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n) in {"record", "tell", "_record"}]
            direct = {c.args[0].value for c in calls if c.args and isinstance(c.args[0], ast.Constant)}
            loose = any(c.args and isinstance(c.args[0], ast.Name | ast.JoinedStr | ast.IfExp) for c in calls)
            facts = [n for n in ast.walk(tree) if isinstance(n, ast.Call) and _name(n) == "Fact"]
            named = {
                k.value.value
                for f in facts
                for k in f.keywords
                if k.arg == "name" and isinstance(k.value, ast.Constant)
            }
            found |= direct | named | (_constants(tree) if loose else set())
    return found


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _constants(tree: ast.AST) -> set[str]:
    """Fact-like constants that are given a name, chosen between, or handed on as an argument."""
    rooms = tuple(f"{name.partition('.')[0]}." for name in FACTS)
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return {text for text in texts if FACT.fullmatch(text) and text.startswith(rooms)}


def test_every_fact_the_code_records_has_a_sentence():
    names = recorded()
    assert {"ticket.suspension_approved", "commitment.broken", "timer.fired", "escalation.attempted"} <= names
    silent = {n for n in names if n not in FACTS and n not in ELSEWHERE and not n.startswith(NO_TICKET)}
    assert silent == set()
    assert set(FULLER) <= set(FACTS)


@pytest.mark.parametrize("name", sorted(FACTS))
@pytest.mark.parametrize("inside", [True, False])
def test_a_fact_without_any_data_still_reads_as_words(nine, name, inside):
    label = sentence(Entry(name=name, at=nine, data={}), {}, {}, inside=inside)
    assert label[0].isupper() or label[0] == "–"
    assert not CODE.search(label)


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("timer.fired", {"rule": "D-0", "outcome": "paged", "label": "Call the duty manager", "people": ["u"]},
         "Call the duty manager: Cy Vaile told"),
        ("timer.fired", {"rule": "T-2", "outcome": "paged", "label": "Reporter contacted", "people": ["u"],
                         "breach": True}, "Reporter contacted: time is up, Cy Vaile told"),
        ("timer.fired", {"rule": "F-2", "outcome": "no_recipient", "label": "CEO informed"},
         "CEO informed: nobody to tell was found"),
        ("timer.fired", {"rule": "F-2", "outcome": "paged"}, "A time limit ran out"),
        ("ticket.tier_changed", {"from": "l1", "to": "l2", "team": "t"}, "Passed from L1 to L2: Voice L2"),
        ("escalation.confirmed", {"by": "u", "role": "director_support", "how": "link"},
         "Cy Vaile, Director of customer support, confirmed by the link sent"),
        ("escalation.confirmed", {"by": "u", "role": "ceo", "how": "call", "deputy": True, "person": "p"},
         "Cy Vaile confirmed on the phone for Ruth Adeyemi, CEO"),
        ("escalation.attempted", {"role": "ceo", "person": "p"}, "Ruth Adeyemi, CEO, called and not reached"),
        ("escalation.team_engaged", {"team": "t", "person": "u"}, "Voice L2 engaged, Cy Vaile called"),
        ("ticket.verified", {"method": "monitoring"}, "Opened for work: alarm, nobody called"),
        ("ticket.assigned", {"owner": None, "before": "u"}, "Put back into the team's queue"),
        ("ticket.reclassified", {"changes": {"kind": ["fault", "request"], "title": ["", ""]}},
         "Reclassified: kind from Fault to Request, title"),
        ("commitment.made", {"kind": "next_update", "due_at": "2026-03-02T09:30:00Z"}, "Promised news by 09:30"),
        ("commitment.made", {"kind": "callback", "due_at": "2026-03-04T09:30:00Z"},
         "Promised a call back by Wed 4 March, 09:30"),
    ],
)  # fmt: skip
def test_what_happened_is_told_with_names_and_times(nine, name, data, words):
    at = nine.replace(year=2026, month=3, day=2)
    names = {"u": "Cy Vaile", "p": "Ruth Adeyemi", "t": "Voice L2"}
    assert sentence(Entry(name=name, at=at, data=data), names, {}, inside=True) == words


@pytest.mark.django_db
def test_the_timeline_of_a_worked_ticket_shows_no_code(path, cast):
    ticket = path.signed()
    work.record_contact(ticket_id=ticket.pk, outcome="left_message", actor=cast.bo_actor, at=path.tick())
    plan.add_work_item(
        ticket_id=ticket.pk, title="Reroute Sunbury", owner_user_id=cast.bo.pk, actor=cast.bo_actor, at=path.tick()
    )
    due = path.now + timedelta(hours=1)
    plan.promise(
        ticket_id=ticket.pk, kind="callback", due_at=due, text="After the test", actor=cast.bo_actor, at=path.tick()
    )
    labels = [item.label for item in queries.timeline(ticket, cast.bo_actor)]
    assert {"Step added to the plan: Reroute Sunbury", "Reporter contacted: message left"} <= set(labels)
    assert "Verified Ada Lund: company name, account number, contact, PIN" in labels
    assert [label for label in labels if CODE.search(label)] == []
