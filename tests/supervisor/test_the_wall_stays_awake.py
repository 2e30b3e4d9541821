"""A screen on the wall is read for a whole shift and can do nothing else (ADR 0007)."""

import time

import pytest
from django.urls import reverse

IDLE, ABSOLUTE = 31 * 60, 12 * 3600 + 5


def aged(client, **seconds):
    """Let the session have been used and begun so many seconds ago."""
    session = client.session
    for key, by in seconds.items():
        session[key] = time.time() - by
    session.save()


@pytest.fixture
def wall(cast, rules, signed_in):
    """The wall as a supervisor opened it, untouched for half an hour."""
    client = signed_in(cast.mo)
    assert client.get(reverse("supervisor:wall")).status_code == 200
    aged(client, desk_seen=IDLE)
    return client


def test_an_idle_wall_goes_on_showing_the_board_and_stays_idle(wall):
    for headers in ({}, {"X-Desk-Poll": "1", "HX-Request": "true"}):
        assert wall.get(reverse("supervisor:wall"), headers=headers).status_code == 200

    assert wall.get(reverse("supervisor:board"))["Location"].startswith("/accounts/login/")
    assert wall.get(reverse("supervisor:wall"))["Location"].startswith("/accounts/login/")


def test_a_wall_is_signed_in_again_after_twelve_hours(wall):
    aged(wall, desk_started=ABSOLUTE)

    assert wall.get(reverse("supervisor:wall"))["Location"].startswith("/accounts/login/")


def test_an_agents_screen_is_not_a_wall(cast, rules, signed_in):
    client = signed_in(cast.bo)
    client.get(reverse("supervisor:wall"))
    aged(client, desk_seen=IDLE)

    assert client.get(reverse("supervisor:wall"))["Location"].startswith("/accounts/login/")


def test_the_board_as_a_wall_asks_again_at_the_walls_address(cast, rules, signed_in):
    page = signed_in(cast.mo).get(reverse("supervisor:board"), {"view": "wall"}).content.decode()

    assert f'data-live="{reverse("supervisor:wall")}"' in page
