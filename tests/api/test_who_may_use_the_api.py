import json

import pytest
from django.test import Client

from tests.api.conftest import Integration

FOREIGN = [
    "tickets/{number}/",
    "tickets/{number}/notes/",
    "organisations/{organisation}/",
    "contacts/{contact}/",
    "sites/{site}/",
]


@pytest.fixture
def number(integration, new_ticket) -> str:
    return integration.post("tickets/", new_ticket).json()["number"]


def test_nobody_reads_without_a_token(db):
    answer = Client().get("/api/v1/tickets/")

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_token_with_reading_scope_cannot_write(reader, new_ticket):
    answer = reader.post("tickets/", new_ticket)

    assert answer.status_code == 403


def test_a_token_bound_to_one_organisation_sees_foreign_things_as_absent(bound, integration, number, cast):
    names = {"number": number, "organisation": cast.northgate.uuid, "contact": cast.ada.uuid, "site": cast.site.uuid}
    absent = {
        "number": "SD-999999",
        **dict.fromkeys(("organisation", "contact", "site"), "01890000-0000-7000-8000-000000000000"),
    }
    for path in FOREIGN:
        assert integration.get(path.format(**names)).status_code == 200, path
        foreign, missing = bound.get(path.format(**names)), bound.get(path.format(**absent))
        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content), path
        assert foreign.status_code == 404


def test_a_foreign_reference_in_a_body_is_as_unknown_as_an_absent_one(bound, cast, new_ticket):
    from tickets.models import Ticket

    mine = {"title": "Line down at the bank", "description": "Nothing works.", "organisation": str(cast.other.uuid)}
    for field, value in {
        "contact": str(cast.ada.uuid),
        "service": cast.service.service_id,
        "site": str(cast.site.uuid),
    }.items():
        answer = bound.post("tickets/", {**mine, field: value})
        assert (answer.status_code, answer.json()["field"]) == (400, field)
    assert bound.post("tickets/", new_ticket).json()["field"] == "organisation"
    assert Ticket.objects.count() == 0


def test_a_bound_token_lists_its_own_only(bound, integration, number, cast):
    assert bound.get("tickets/").json()["results"] == []
    assert [o["account_number"] for o in bound.get("organisations/").json()["results"]] == ["A-207751"]
    assert bound.get("policies/").json()["results"] == []


def test_a_persons_token_opens_nothing(cast):
    from knox.models import AuthToken

    answer = Integration(AuthToken.objects.create(user=cast.bo)[1]).get("tickets/")

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"title": "\\u0000"}',
        b"[" * 40 + b"]" * 40,
        b"NaN",
        json.dumps({"a": "x" * 1_100_000}).encode(),
    ],
    ids=["cut", "not-utf8", "nul", "deep", "nan", "large"],
)
def test_hostile_bodies_get_a_sentence(integration, body):
    answer = integration.http.post(
        "/api/v1/tickets/",
        body,
        content_type="application/json",
        headers={"Authorization": f"Bearer {integration.token}"},
    )

    assert answer.status_code in {400, 413}


def test_no_answer_carries_a_proof_or_an_integer_key(integration, number, cast):
    from accounts.models import Contact

    Contact.objects.filter(pk=cast.ada.pk).update(pin_hash="argon2$secret")
    for path in ("contacts/", "organisations/", "tickets/", "services/", "notes/", "interactions/", "clocks/"):
        text = integration.get(path).content.decode()
        assert "argon2" not in text, path
        assert '"pk"' not in text, path
