"""A client of the API with a token, as an integration has it."""

import json

import pytest
from django.test import Client
from knox.models import AuthToken

from accounts.models import ServiceAccount, User

ALL = ["tickets:read", "tickets:write", "notes:internal", "customers:read", "escalations:read", "escalations:write"]


class Integration:
    """Speaks JSON with a bearer token; `version` of the last ticket read goes out as If-Match."""

    def __init__(self, token: str) -> None:
        self.http = Client()
        self.token = token

    def _headers(self, extra: dict | None) -> dict:
        return {"Authorization": f"Bearer {self.token}", **(extra or {})}

    def get(self, path: str, **query):
        return self.http.get(f"/api/v1/{path}", query, headers=self._headers(None))

    def post(self, path: str, body=None, **headers):
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        return self.http.post(
            f"/api/v1/{path}", json.dumps(body or {}), content_type="application/json", headers=self._headers(named)
        )

    def run(self, number: str, command: str, body=None):
        """Run one command with the ticket's present ETag."""
        tag = self.get(f"tickets/{number}/").headers["ETag"]
        return self.post(f"tickets/{number}/{command}/", body, If_Match=tag)


def token(name: str, scopes: list[str], organisation=None) -> str:
    user = User.objects.create_user(f"{name}@integrations.example", None, name=name, kind="service")
    ServiceAccount.objects.create(user=user, scopes=scopes, organisation=organisation)
    return AuthToken.objects.create(user=user)[1]


@pytest.fixture
def integration(cast, policies) -> Integration:
    return Integration(token("noc", ALL))


@pytest.fixture
def bound(cast, policies) -> Integration:
    """A token of the other organisation."""
    return Integration(token("calder", ALL, organisation=cast.other))


@pytest.fixture
def reader(cast, policies) -> Integration:
    return Integration(token("reader", ["tickets:read"]))


@pytest.fixture
def new_ticket(cast):
    """The body of a ticket for Northgate."""
    return {
        "title": "Packet loss at Sunbury clinic",
        "description": "Ping to the branch router loses eight of a hundred.",
        "organisation": str(cast.northgate.uuid),
        "contact": str(cast.ada.uuid),
        "service": cast.service.service_id,
    }
