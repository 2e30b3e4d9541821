from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from servicedesk.web import times

NOW = datetime(2026, 6, 16, 4, 32, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def melbourne():
    with timezone.override("Australia/Melbourne"):
        yield


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (232, "3:52"),
        (59, "0:59"),
        (3599, "59:59"),
        (3600, "1 h 00"),
        (5280, "1 h 28"),
        (0, "0:00 over"),
        (-131, "2:11 over"),
        (-3840, "1 h 04 over"),
        (172800, "Thu 18 June, 14:32"),
    ],
)
def test_a_countdown_reads_as_the_design_writes_it(seconds, written):
    assert times.remaining(NOW + timedelta(seconds=seconds), NOW) == written


def test_left_and_in_are_said_before_and_over_after():
    assert times.remaining(NOW + timedelta(minutes=4), NOW, "left") == "4:00 left"
    assert times.remaining(NOW + timedelta(minutes=4), NOW, "in") == "in 4:00"
    assert times.remaining(NOW - timedelta(minutes=4), NOW, "in") == "4:00 over"


def test_a_moment_today_is_its_time_and_another_day_is_named():
    assert times.moment(NOW, NOW) == "14:32"
    assert times.moment(NOW + timedelta(days=1), NOW) == "Wed 17 June, 14:32"
    assert times.moment(datetime(2027, 1, 4, 0, 0, tzinfo=UTC), NOW) == "Mon 4 January 2027, 11:00"


def test_the_day_is_the_viewers_day():
    late = datetime(2026, 6, 16, 13, 30, tzinfo=UTC)

    assert times.moment(late, NOW) == "23:30"
    assert times.moment(late + timedelta(hours=1), NOW) == "Wed 17 June, 00:30"


def test_a_time_carries_its_offset_and_its_zone():
    assert times.iso(NOW) == "2026-06-16T14:32:08+10:00"
    assert times.full(NOW) == "Tue 16 June 2026, 14:32:08 AEST"


def test_unknown_is_a_dash_and_never_zero():
    assert [times.hm(None), times.day(None), times.moment(None, NOW), times.span(None), times.full(None)] == ["–"] * 5
    assert times.iso(None) == ""


@pytest.mark.parametrize(
    ("length", "written"),
    [(14, "14 s"), (480, "8 min"), (5280, "1 h 28"), (273600, "3 d 4 h"), (-5, "0 s"), (0, "0 s")],
)
def test_a_length_of_time_in_words(length, written):
    assert times.span(timedelta(seconds=length)) == written


def test_the_state_follows_from_the_time_left():
    warn = timedelta(minutes=5)

    assert times.state_of(NOW + timedelta(minutes=5, seconds=1), NOW, warn) == "running"
    assert times.state_of(NOW + timedelta(minutes=5), NOW, warn) == "soon"
    assert times.state_of(NOW, NOW, warn) == "breached"
