"""Agents at their door: signed-in clients, tickets at any step, the desk's time where the ticket stands."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User
from ledger import clock
from quality.reports.models import Edition
from tests.tickets.path import Path

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture(autouse=True)
def _cold_cache():
    cache.clear()


@pytest.fixture
def path(cast, policies, nine) -> Path:
    """Walks a ticket along the main path, with the shipped policies running."""
    return Path(cast, nine)


@pytest.fixture
def agent_of():
    """Return a client signed in as a member of staff (or anybody with a sign-in)."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend=BACKEND)
        return client

    return sign_in


@pytest.fixture
def bo(cast, agent_of) -> Client:
    """Bo, agent of L1."""
    return agent_of(cast.bo)


@pytest.fixture
def now(path):
    """Put the desk's time a minute after the path's last step; returns a function to do it again."""

    def move(minutes: int = 1):
        path.now += timedelta(minutes=minutes)
        clock.set_demo(demo_now=path.now, speed=1.0)
        return path.now

    return move


@pytest.fixture
def solved(path, now):
    """A solved fault, and the desk's time after it."""
    ticket = path.resolved()
    now()
    return ticket


@pytest.fixture
def draft(bo, solved):
    """The draft as the door begins it."""
    answer = bo.post(reverse("desk:ticket-report", args=[solved.number]))
    assert answer.status_code == 303
    return Edition.objects.get()
