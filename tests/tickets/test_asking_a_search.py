"""What somebody types becomes words and filters, or a sentence that helps."""

from datetime import UTC, datetime, timedelta

import pytest

from ledger.errors import Refused
from tickets.searching import Filter, moment, parse

NOON = datetime(2026, 6, 16, 12, tzinfo=UTC)


def test_words_and_filters_are_told_apart():
    asked = parse('router is:open "fibre cut" -prio:p1,2 due<2h org:"North Gate"')

    assert asked.words == (("router", False), ("fibre cut", True))
    assert asked.filters == (
        Filter(name="is", sign=":", values=("open",)),
        Filter(name="prio", sign=":", values=("p1", "2"), out=True),
        Filter(name="due", sign="<", values=("2h",)),
        Filter(name="org", sign=":", values=("North Gate",)),
    )


def test_addresses_and_times_are_words():
    asked = parse("http://noc.example/a 10:30 aa:bb:cc:dd VT-88120")

    assert asked.filters == () and [word for word, _whole in asked.words] == [
        "http://noc.example/a", "10:30", "aa:bb:cc:dd", "VT-88120",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "code", "word"),
    [
        ("colour:red", "unknown_filter", "colour:"),
        ("org:", "empty_filter", "org:northgate"),
        ("prio<2", "unknown_filter", "prio:P1"),
        ("a b c d e f g h i", "too_much", "fewer"),
    ],
)
def test_what_nobody_can_mean_is_refused_in_a_sentence(typed, code, word):
    with pytest.raises(Refused) as refusal:
        parse(typed)

    assert refusal.value.code == code and word in refusal.value.message and refusal.value.field == "q"


@pytest.mark.parametrize(
    ("value", "begin", "length"),
    [
        ("now", NOON, timedelta()),
        ("2h", NOON + timedelta(hours=2), timedelta()),
        ("-3d", NOON - timedelta(days=3), timedelta()),
        ("today", datetime(2026, 6, 15, 14, tzinfo=UTC), timedelta(days=1)),
        ("2026-06-01", datetime(2026, 5, 31, 14, tzinfo=UTC), timedelta(days=1)),
        ("23:30", datetime(2026, 6, 16, 13, 30, tzinfo=UTC), timedelta()),
    ],
)
def test_times_are_those_of_the_askers_zone(value, begin, length):
    assert moment(value, NOON, "Australia/Melbourne") == (begin, begin + length)


def test_a_time_that_is_none_is_refused():
    with pytest.raises(Refused, match="bad_time"):
        moment("soonish", NOON, "UTC")
