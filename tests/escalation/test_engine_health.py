import pytest
from django.urls import reverse

from ledger import clock
from tests.factories.clocks import MINUTE, dispatched_ticket

URL = "/healthz/engine"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def token(monkeypatch):
    monkeypatch.setenv("DESK_HEALTH_TOKEN", "monitor-token")
    return {"Authorization": "Bearer monitor-token"}


def test_late_timers_turn_the_answer_to_503_and_back(cast, rules, nine, client, token):
    clock.set_demo(demo_now=nine)
    dispatched_ticket(cast, nine)
    assert client.get(URL, headers=token).status_code == 200

    clock.set_demo(demo_now=nine + 5 * MINUTE + MINUTE / 10)
    late = client.get(URL, headers=token)

    assert (late.status_code, late.json()["ok"]) == (503, False)
    assert 6 <= late.json()["lag_seconds"] < 7


@pytest.mark.parametrize(("person", "code"), [("cy", 200), ("mo", 200), ("bo", 404)])
def test_only_operators_learn_how_the_engine_is(cast, client, person, code):
    client.force_login(getattr(cast, person), backend=BACKEND)

    assert client.get(URL).status_code == code


def test_strangers_and_wrong_tokens_go_to_the_sign_in(db, client, token):
    assert client.get(URL, headers={"Authorization": "Bearer wrong"}).status_code in {302, 303}
    assert client.get(URL, headers={"Authorization": ""}).status_code in {302, 303}
    assert reverse("engine-health") == URL


def test_customers_are_told_the_page_does_not_exist(cast, client):
    client.force_login(cast.ada.user, backend=BACKEND)

    assert client.get(URL).status_code == 404
