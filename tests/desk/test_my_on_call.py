from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.test import Client
from icalendar import Calendar

from escalation.commands.roster_swap import ask_swap
from escalation.models import Roster, RosterFeed, RosterSwap
from ledger import clock
from ledger.models import Entry
from tests.desk.conftest import BACKEND
from tests.factories.rosters import DAY, duty_roster, join, week_layer, weeks


@pytest.fixture
def at(cast, nine):
    """Mo on this week and Sam next; the desk's clock shows nine."""
    clock.set_demo(demo_now=nine)
    weeks(cast, nine - DAY, cast.mo, cast.sam, starts_on=nine.date() - timedelta(days=7))
    return nine


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def question(cast, at) -> dict:
    roster = Roster.objects.get()
    return {"roster": roster.uuid, "other": cast.mo.uuid, "from_at": "2026-06-16T09:00", "to_at": "2026-06-17T09:00",
            "zone": "UTC", "reason": "A wedding"}  # fmt: skip


@pytest.mark.rule("A-04")
def test_people_see_their_own_turns_and_ask_for_a_swap_in_one_step(cast, at):
    client = signed_in(cast.sam)
    page = client.get("/desk/on-call/")
    assert [turn.from_at for _plan, turn in page.context["turns"]][0].hour == 0
    assert client.get("/desk/on-call/?roster=x").status_code == 400

    answer = client.post("/desk/on-call/swaps/", question(cast, at))
    again = client.post("/desk/on-call/swaps/", question(cast, at))

    assert (answer.status_code, again.status_code) == (303, 422)
    assert "asked for already" in again.content.decode() and "A wedding" in again.content.decode()
    assert RosterSwap.objects.get().asker == cast.sam


@pytest.mark.rule("A-04")
def test_who_is_asked_says_yes_on_the_same_page_and_a_stranger_finds_nothing(cast, at):
    signed_in(cast.sam).post("/desk/on-call/swaps/", question(cast, at))
    swap = RosterSwap.objects.get()
    address = f"/desk/on-call/swaps/{swap.uuid}/accept/"

    assert "Sam Okafor" in signed_in(cast.mo).get("/desk/on-call/").content.decode()
    assert signed_in(cast.bo).post(address).status_code == 404
    assert signed_in(cast.ada.user).post(address).status_code == 404
    assert signed_in(cast.sam).post(address).status_code == 422
    assert signed_in(cast.mo).post(address).status_code == 303
    assert RosterSwap.objects.get().state == "accepted"


def test_who_is_on_no_roster_is_told_so(cast, at):
    page = signed_in(cast.bo).get("/desk/on-call/").content.decode()

    assert "You are not on call" in page and "Ask for a swap" not in page


def made(client) -> str:
    return urlsplit(client.post("/desk/on-call/feed/make/").context["address"]).path


@pytest.mark.rule("A-04")
def test_the_feed_is_a_calendar_of_ones_own_turns_and_nothing_else(cast, at):
    path = made(signed_in(cast.sam))

    answer = Client().get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    body = answer.content
    assert all(len(line) <= 75 for line in body.split(b"\r\n")) and b"\n" not in body.replace(b"\r\n", b"")
    read = Calendar.from_ical(body)
    assert (str(read["VERSION"]), str(read["METHOD"])) == ("2.0", "PUBLISH") and read["PRODID"]
    events = list(read.walk("VEVENT"))
    assert len(events) == len({str(event["UID"]) for event in events}) >= 12
    for event in events:
        assert event["DTSTAMP"].dt.utcoffset() == timedelta() and event["DTSTART"].dt < event["DTEND"].dt
        assert str(event["SUMMARY"]) == "On call: Duty managers"
    assert at.replace(hour=0) in {event["DTSTART"].dt for event in events}
    assert [event["UID"] for event in events] == [event["UID"] for event in Calendar.from_ical(
        Client().get(path).content).walk("VEVENT")]  # fmt: skip


def test_only_a_digest_is_kept_and_a_new_address_or_a_leaver_ends_the_old(cast, at):
    client = signed_in(cast.sam)
    first = made(client)
    token = first.removeprefix("/on-call/").removesuffix(".ics")
    assert RosterFeed.objects.get().digest != token and token not in str(list(Entry.objects.values_list("data")))

    second = made(client)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)
    assert client.post("/desk/on-call/feed/end/").status_code == 303
    assert client.post("/desk/on-call/feed/end/").status_code == 422
    assert Client().get(second).status_code == 404
    third = made(client)
    type(cast.sam).objects.filter(pk=cast.sam.pk).update(is_active=False)
    for path in (third, "/on-call/.ics", "/on-call/%20.ics", f"/on-call/{'x' * 300}.ics"):
        assert Client().get(path).status_code == 404, path
    assert Client().post(third).status_code == 405


def test_a_turn_beside_another_is_in_the_calendar_too(cast, at):
    role = f"team:{cast.l2.uuid}"
    join(cast.l2, cast.bo)
    roster = duty_roster(cast, at, role=role, name="Pairs")
    week_layer(roster, cast, at, cast.sam, name="First")
    week_layer(roster, cast, at, cast.bo, name="Second")

    turns = signed_in(cast.bo).get("/desk/on-call/").context["turns"]
    assert turns and {turn.slot for _plan, turn in turns} == {2}


def test_a_swap_is_withdrawn_by_who_asked(cast, at):
    ask_swap(roster_id=Roster.objects.get().pk, other_id=cast.mo.pk, from_at=at + DAY, to_at=at + 2 * DAY,
             actor=cast.sam_actor, at=at)  # fmt: skip
    swap = RosterSwap.objects.get()

    assert signed_in(cast.sam).post(f"/desk/on-call/swaps/{swap.uuid}/withdraw/").status_code == 303
    assert RosterSwap.objects.get().state == "withdrawn"
