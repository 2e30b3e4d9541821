"""The access table: every URL of the resolver has a row, strangers get nowhere, the few open ones are listed here."""

import re

import pytest
from django.test import Client

from servicedesk.web.routes import routes

OPEN = {
    "/": "sends everyone to their own door",
    "/language/": "keeps a language in a cookie",
    "/c/<str:token>/": "one-tap confirmation, says nothing until POST",
    "/a/<str:token>/": "one-tap acknowledgement, says nothing until sign-in",
    "/s/<str:token>/": "one-time survey",
    "/status/<str:token>/": "how one incident stands for one customer, naming nobody",
    "/on-call/<str:token>.ics": "own calendar of turns behind a secret address, nothing without it",
}
OURS = [route for route in routes() if not route.pattern.startswith(("/accounts/", "/admin/"))]
ABSENT = "01890000-0000-7000-8000-000000000000"
SAMPLES = {"number": "SD-999999", "uuid": ABSENT, "clock_uuid": ABSENT, "token": "x" * 43, "pk": "1", "format": "json"}


def filled(pattern: str) -> str:
    """A path of this pattern with parameters of the right shape that name nothing."""
    path = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", lambda m: SAMPLES.get(m[1], "x"), pattern)
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: SAMPLES.get(m[1], "x"), path)
    return path.replace("\\", "")


def test_every_url_declares_who_may():
    assert [route.pattern for route in OURS if not route.who] == []


def test_only_the_listed_urls_are_open_to_anyone():
    assert {route.pattern for route in OURS if route.who.startswith(("anyone", "holder"))} <= set(OPEN)


@pytest.mark.django_db
@pytest.mark.parametrize("route", [r for r in OURS if r.pattern not in OPEN], ids=lambda r: r.pattern)
def test_a_stranger_is_sent_to_sign_in_or_told_nothing(route, settings):
    client = Client()
    for method in ("get", "post"):
        answer = getattr(client, method)(filled(route.pattern))
        assert answer.status_code in {301, 302, 401, 403, 404, 405}, (method, answer.status_code)
        if answer.status_code in {301, 302}:
            assert "/accounts/login/" in answer.headers["Location"]
