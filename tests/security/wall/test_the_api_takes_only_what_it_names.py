"""No field slips in, no method changes a row past the commands, no secret comes out (security 1.2)."""

import pytest
from django.db import transaction
from knox.models import AuthToken

from accounts.models import Contact, SecurityQuestion, User
from accounts.proofs import argon2
from servicedesk.api.v1.commands import COMMANDS
from tests.security.wall.test_canaries_stay_inside import read
from tests.security.wall.world import addresses, ours, writes
from tests.short import some
from tickets.models import Note, Ticket

pytestmark = pytest.mark.django_db
API = [route for route in ours() if route.pattern.startswith("/api/v1/") and "policies" not in route.pattern]
OURS_ALONE = ("id", "pk", "number", "state", "version", "verified_at", "verification", "verification_id", "is_staff",
              "is_superuser", "role", "actor", "at", "created_at", "received_at", "priority_locked", "owner", "by",
              "organisation_id", "ticket_id", "restricted_by", "channel", "author_user", "next_due_at")  # fmt: skip
GOOD = {"title": "Loss at the branch", "description": "Eight of a hundred"}


def json(client, method: str, path: str, body: dict):
    return getattr(client, method)(path, body, content_type="application/json", headers={"If-Match": '"1"'})


@pytest.mark.parametrize("route", API, ids=lambda route: route.pattern)
def test_nothing_is_put_patched_or_deleted(route, world):
    before = writes()
    for name in ("token of all", "token of A"):
        for path in some(list(addresses(route.pattern, world.ids)), f"{name} {route.pattern}", 6):
            for method in ("put", "patch", "delete"):
                answer = json(world.clients[name], method, path, {"title": "Taken over", "state": "closed"})
                assert answer.status_code in {401, 403, 404, 405}, (method, path)  # 403: a scope these tokens lack
    assert writes() == before


@pytest.mark.parametrize("name", ["tickets/", "notes/", *(f"tickets/{{number}}/{command}/" for command in COMMANDS)])
def test_no_field_slips_in_beside_those_that_are_named(name, world):
    client, before = world.clients["token of all"], writes()
    path = f"/api/v1/{name.format(number=world.ids['number'])}"
    columns = {field.name for model in (Ticket, Note) for field in model._meta.get_fields()}
    command = COMMANDS.get(name.split("/")[2] if "{" in name else "")
    known = set(command.shape().fields) if command else {"title", "kind", "description", "organisation", "contact",
        "service", "site", "callback_number", "problem_what", "problem_since", "problem_where", "problem_impact",
        "problem_changed", "urgent", "ticket", "body", "public", "progress"}  # fmt: skip
    for field in some(sorted({*columns, *OURS_ALONE} - known), name, 20):
        answer = json(client, "post", path, GOOD | {"organisation": world.ids["organisation"], field: "1"})
        assert answer.status_code == 400, (field, answer.status_code)
    assert writes() == before


def test_a_reference_to_another_customer_is_as_unknown_as_none(world):
    """Every reference in every command: A's ids in a body about B's own ticket."""
    client, path = world.clients["token of B"], f"/api/v1/tickets/{world.own_number}/"
    kinds = {"suspension": "suspension", "note": "note_public", "work_item": "work_item", "commitment": "commitment",
             "contact": "contact", "organisation": "organisation", "site": "site", "owner_contact": "contact",
             "requester_contact": "contact", "into": "number", "other": "number"}  # fmt: skip
    before, tried = writes(), 0
    for name, spec in COMMANDS.items():
        for field in set(spec.shape().fields) & set(kinds):
            foreign = json(client, "post", f"{path}{name}/", {field: world.ids[kinds[field]]})
            absent_id = "SD-999999" if kinds[field] == "number" else "01890000-0000-7000-8000-0000000000ff"
            absent = json(client, "post", f"{path}{name}/", {field: absent_id})
            assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content), (name, field)
            assert foreign.status_code == 400 and field in read(foreign), (name, field)
            tried += 1
    assert tried >= 12 and writes() == before


def test_no_answer_holds_a_secret(world):
    secret, hook = argon2("KANARIENPIN"), "https://hooks.example/T000/KANARIENHOOK"
    Contact.objects.update(pin_hash=secret)
    User.objects.filter(kind="staff").update(chat_url=hook, password=argon2("KANARIENPASS"))
    owner = Contact.objects.get(uuid=world.ids["contact"])
    SecurityQuestion.objects.create(contact=owner, question="First pet?", answer_hash=secret)
    hidden = ["argon2", "KANARIENHOOK", "pin_hash", "answer_hash", "token_sha256", "chat_url", "password",
              "lease_token", *AuthToken.objects.values_list("digest", flat=True)]  # fmt: skip
    seen = 0
    for route in API:
        for path in addresses(route.pattern, world.ids):
            with transaction.atomic():
                text = read(world.clients["token of all"].get(path))
            found = [word for word in hidden if word in text]
            assert found == [] or route.pattern == "/api/v1/schema/", (path, found)
            seen += len(text) > 200
    assert seen >= 15
