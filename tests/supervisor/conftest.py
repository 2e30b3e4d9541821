"""Signed-in clients of the supervisor's door, at a desk time of the test's choosing."""

import pytest
from django.core.cache import cache
from django.test import Client

from escalation.seed import seed_policies
from ledger import clock
from tests.conftest import MONDAY_NINE
from tests.factories.clocks import MINUTE
from tests.supervisor.policy_desk import HERE

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _cold_cache():
    cache.clear()


@pytest.fixture
def rules(db):
    """Policy version 1 of every shipped policy."""
    return seed_policies(at=MONDAY_NINE)


@pytest.fixture
def signed_in(db):
    """Return a client signed in as a user."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def desk_time(db):
    """Set what the desk's clock shows; it runs on from there at the machine's speed."""

    def show(at) -> None:
        clock.set_demo(demo_now=at)

    return show


@pytest.fixture
def editor(cast, rules, nine, desk_time, signed_in) -> Client:
    """Cy's browser at the policy of faults, with a draft begun."""
    desk_time(nine + MINUTE)
    client = signed_in(cast.cy)
    assert client.post(f"{HERE}do/begin/", {"rule": "T-4"}).status_code == 303
    return client
