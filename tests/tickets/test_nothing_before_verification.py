"""P-02: no command acts before the caller is verified. Commands are found by looking, so none can be forgotten."""

import importlib
import inspect
import pkgutil
from datetime import timedelta

import pytest

import tickets.commands
from ledger.errors import Refused
from ledger.models import Entry
from tests.factories.majors import TITLES, declared
from tickets.commands import interaction, triage
from tickets.commands.major_declare import Declaration
from tickets.models import (
    Attachment,
    Commitment,
    Interaction,
    MajorIncident,
    Note,
    Problem,
    Suspension,
    Ticket,
    TicketLink,
    WorkItem,
)

pytestmark = pytest.mark.django_db

# Documenting, verifying, rejecting; and what the system does with rows by itself through the commands named here.
OPEN_DOOR = {
    "log_ticket", "update_intake", "begin_verification", "attempt_verification", "verify", "verify_prospect",
    "verify_without_caller", "reject", "start_interaction", "answer_interaction", "attach_interaction",
    "end_interaction", "save_draft", "draw_question",
}  # fmt: skip


KEYED = {"ticket_id", "suspension_id", "note_id", "work_item_id", "commitment_id", "interaction_id", "intake"}


def _commands() -> dict[str, object]:
    """Every public function of tickets.commands that takes an actor by keyword and changes one ticket."""
    found = {}
    for info in pkgutil.iter_modules(tickets.commands.__path__, "tickets.commands."):
        module = importlib.import_module(info.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            given = inspect.signature(function).parameters
            if name.startswith("_") or function.__module__ != info.name or "actor" not in given:
                continue
            free = [p for n, p in given.items() if n != "intake" and p.kind is p.POSITIONAL_OR_KEYWORD]
            if KEYED & set(given) and not free:
                found[name] = function
    return found


COMMANDS = _commands()
GATED = sorted(set(COMMANDS) - OPEN_DOOR)


def _arguments(function, ticket: Ticket, other: Ticket, cast, at) -> dict:
    """Arguments a careful caller would give, so that only the gate can stop the command."""
    soon = at + timedelta(hours=2)
    asked = Suspension.objects.filter(ticket=ticket).first() or Suspension.objects.create(
        ticket=ticket, reason_code="parts", reason="Waits for a card", until=soon, needed=["monitoring"],
        requested_by=cast.bo, requested_at=at,
    )  # fmt: skip
    item = WorkItem.objects.filter(ticket=ticket, owner_user=cast.bo).first() or WorkItem.objects.create(
        ticket=ticket, source="plan", title="Ring the supplier", owner_user=cast.bo, created_at=at
    )
    promised = Commitment.objects.filter(ticket=ticket).first() or Commitment.objects.create(
        ticket=ticket, kind="callback", due_at=soon, made_at=at, made_by=cast.bo
    )
    known = {
        "ticket_id": ticket.pk, "into_id": other.pk, "other_id": other.pk, "suspension_id": asked.pk,
        "note_id": _note(ticket, cast, at).pk, "work_item_id": item.pk, "commitment_id": promised.pk,
        "triage": triage.Triage(kind="fault", category="cloud", impact="low", urgency="low",
                                no_service_reason="The service is not registered yet"),
        "kind": "callback", "priority": "P1", "reason": "The matter demands it", "outcome": "reached",
        "user_id": cast.bo.pk, "team_id": cast.l2.pk, "tried": "Loop test at the port", "criteria": ["specialist"],
        "body": "Loop test at the port", "public": False, "reason_code": "parts", "until": soon, "given": True,
        "how": "call", "contact_id": cast.ada.pk, "organisation_id": cast.northgate.pk, "function": "monitoring",
        "approved": True, "resolution_code": "fixed", "cause_code": "power", "cause": "Power was lost at the site",
        "resolution": "Power is back at the site", "participants_confirmed": True, "knowledge_decision": "none",
        "follow_up_decision": "none", "relation": "related", "title": "A second matter", "note_ids": [],
        "owner_user_id": cast.bo.pk, "due_at": soon + timedelta(hours=1), "explanation": "The part comes later",
        "evidence": "Alarm cleared at noon", "part": "worked", "second_person_id": cast.cy.pk,
        "text": "Look at it", "starts_at": soon, "minutes": 30, "answers": {}, "tags": ["vip"], "seq": 1, "at": at,
        "problem_id": _problem(cast, at), "helped": "helped", "incident_id": _major(cast, at),
        "declaration": Declaration(title="Core is down", public_titles=TITLES, service_ids=[cast.service.pk]),
    }  # fmt: skip
    wanted = inspect.signature(function).parameters
    needed = {n for n, p in wanted.items() if p.default is p.empty and n in known} | {
        "reason",
        "owner_user_id",
        "ticket_id",
    }
    return {name: known[name] for name in needed if name in wanted}


def _problem(cast, at) -> int:
    said = {"number": "PR-9001", "title": "Loss", "organisation": cast.northgate, "opened_at": at}
    return Problem.objects.get_or_create(service=cast.service, defaults=said)[0].pk


def _major(cast, at) -> int:
    return (MajorIncident.objects.first() or declared(cast, at)).pk


def _note(ticket: Ticket, cast, at) -> Note:
    from tickets.commands.note import write_note

    found = Note.objects.filter(ticket=ticket).first()
    return found or write_note(ticket, "Before", public=False, channel="internal", actor=cast.bo_actor, at=at)


def _everything() -> list:
    rows = [list(m.objects.order_by("pk").values()) for m in (Ticket, Note, Attachment, Suspension, WorkItem,
                                                              Commitment, TicketLink, Interaction)]  # fmt: skip
    return [*rows, Entry.objects.count()]


def _answers(names, ticket: Ticket, other: Ticket, cast, at) -> dict[str, str]:
    """Run every command of `names`; return those not stopped by the gate, or that wrote, with what they did."""
    arguments = {name: _arguments(COMMANDS[name], ticket, other, cast, at) for name in names}
    wrong, before = {}, _everything()
    for name in names:
        try:
            COMMANDS[name](actor=cast.cy_actor, **arguments[name])
            wrong[name] = "was done"
        except Refused as refusal:
            if refusal.code != "not_verified":
                wrong[name] = refusal.code
        if _everything() != before:
            wrong[name] = "wrote something"
            before = _everything()
    return wrong


def test_the_commands_are_found_and_the_open_door_names_only_real_ones():
    assert len(GATED) >= 35
    assert set(COMMANDS) >= OPEN_DOOR - {"save_draft", "start_interaction"}


@pytest.mark.rule("P-02")
@pytest.mark.parametrize("state", ["intake", "auth"])
def test_every_command_is_refused_before_verification_and_writes_nothing(path, cast, state):
    other, ticket = path.signed(), path.to(state)
    assert _answers(GATED, ticket, other, cast, path.tick()) == {}


@pytest.mark.rule("P-02")
def test_every_command_is_refused_for_a_second_caller_not_verified_on_a_verified_ticket(path, cast):
    other, ticket = path.signed(), path.signed()
    Interaction.objects.filter(ticket__in=[ticket, other]).update(ended_at=path.tick())
    second = path.ring(cast.cy_actor)
    interaction.attach_interaction(interaction_id=second.pk, ticket_id=ticket.pk, actor=cast.cy_actor, at=path.tick())
    assert _answers(GATED, ticket, other, cast, path.tick()) == {}


@pytest.mark.rule("P-02")
def test_the_other_ticket_of_a_pair_must_be_verified_too(path, cast):
    ticket, other = path.signed(), path.to("auth")
    Ticket.objects.filter(pk=other.pk).update(organisation=cast.northgate)
    assert _answers(["link", "merge", "unlink"], ticket, other, cast, path.tick()) == {}


def test_with_the_gate_left_open_these_tests_would_see_it(path, cast, monkeypatch):
    other, ticket = path.signed(), path.to("auth")
    monkeypatch.setattr("tickets.lifecycle.require_verified", lambda ticket, actor: None)
    assert len(_answers(GATED, ticket, other, cast, path.tick())) == len(GATED)
