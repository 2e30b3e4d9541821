"""Tests from outside get two organisations with one of everything, and the keys to them."""

import json

import pytest
from django.conf import settings
from knox.auth import TokenAuthentication
from knox.models import AuthToken

from accounts.actors import actor_for
from accounts.models import User
from accounts.models.staff import LadderRole, Role
from ledger import clock
from ledger.models import Entry
from ledger.verify import verify
from servicedesk.demo.acceptance import world
from tickets.models import Ticket
from tickets.words import State

pytestmark = pytest.mark.django_db
KINDS = {
    "ticket", "note_public", "note_internal", "attachment", "work_item", "commitment", "interaction", "suspension",
    "escalation", "duty", "verification", "survey", "notification", "clock", "firing",
}  # fmt: skip


@pytest.mark.parametrize("key", ["A", "B"])
def test_each_organisation_has_a_ticket_in_every_state_and_one_object_of_every_kind(acceptance, key):
    found = acceptance["organisations"][key]
    assert set(found["tickets"]) == {*State.values, "restricted", "everything"}
    for state in State.values:
        ticket = Ticket.objects.get(number=found["tickets"][state])
        assert (ticket.state, ticket.organisation.account_number) == (state, found["account_number"])
    assert set(found["objects"]) == KINDS and len(set(found["objects"].values())) == len(KINDS)
    assert Ticket.objects.get(number=found["tickets"]["restricted"]).restricted


def test_there_is_a_user_of_every_role_and_contacts_of_different_authorities(acceptance):
    assert set(acceptance["staff"]) == {*Role.values, *LadderRole.values}
    for role, row in acceptance["staff"].items():
        user = User.objects.get(email=row["email"])
        assert user.check_password(acceptance["password"]) and role in actor_for(user).roles
    contacts = acceptance["organisations"]["A"]["contacts"]
    assert contacts["all"]["authorities"] == ["approve", "change", "escalate", "report"]
    assert contacts["report"]["authorities"] == ["report"] and contacts["none"]["authorities"] == []
    assert contacts["inactive"]["active"] is False


def test_each_token_opens_with_its_own_scopes_and_organisation(acceptance):
    for name, row in acceptance["tokens"].items():
        user, _token = TokenAuthentication().authenticate_credentials(row["token"].encode())
        actor = actor_for(user)
        assert actor.kind == "integration" and actor.scopes == frozenset(row["scopes"])
        bound = acceptance["organisations"][row["organisation"]]["name"] if row["organisation"] else None
        seen = set(Ticket.objects.visible_to(actor).values_list("organisation__name", flat=True))
        assert seen == ({bound} if bound else {"Acceptance Alpha", "Acceptance Beta"}), name


def test_a_second_run_prints_the_same_document(acceptance, said):
    before = (Entry.objects.count(), AuthToken.objects.count())
    assert json.loads(said("seed_acceptance", "--json")) == acceptance
    assert before == (Entry.objects.count(), AuthToken.objects.count())


def test_lost_tokens_are_made_anew(acceptance, said):
    path = settings.DATA_DIR / "acceptance_tokens.json"
    kept = path.read_text()
    path.unlink()
    again = json.loads(said("seed_acceptance", "--json"))
    path.write_text(kept)
    assert again["tokens"]["all"]["token"] != acceptance["tokens"]["all"]["token"]
    assert again["organisations"] == acceptance["organisations"]


def test_a_load_that_was_interrupted_is_finished_by_the_next(acceptance, monkeypatch):
    told = Ticket.objects.count()
    Ticket.objects.filter(title="Acceptance Alpha: intake").update(title="Acceptance Alpha: elsewhere")
    monkeypatch.setattr(world, "CHAIN", "demo:interrupted")
    monkeypatch.setattr(world, "_people", lambda at: None)
    assert world.build(clock.now()) is True
    assert Ticket.objects.count() == told + 1
    assert Ticket.objects.get(title="Acceptance Alpha: intake").state == "intake"
    assert world.build(clock.now()) is False


def test_the_ledger_holds(acceptance):
    assert verify(at=clock.now()).holds
