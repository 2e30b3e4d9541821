import pytest
from icalendar import Calendar

from accounts.models import Absence
from escalation.board_rosters import rosters
from escalation.commands.roster_feed import make_feed
from ledger import clock
from tests.factories.rosters import DAY, HOUR, weeks


@pytest.fixture
def at(cast, nine):
    """Mo on all the time; the desk's clock shows nine."""
    clock.set_demo(demo_now=nine)
    weeks(cast, nine - DAY, cast.mo, starts_on=nine.date())
    return nine


def hours(user, **more) -> dict:
    return {"user": user.uuid, "from_at": "2026-06-16T09:00", "to_at": "2026-06-17T09:00", "zone": "UTC",
            "reason": "A wedding"} | more  # fmt: skip


@pytest.mark.rule("A-04")
def test_one_enters_ones_own_absence_and_sees_what_it_empties_first(cast, at, agent_of):
    client = agent_of(cast.mo)

    warned = client.post("/desk/absences/", hours(cast.mo))
    page = warned.content.decode()
    assert warned.status_code == 422 and "Turns this empties" in page and "A wedding" in page and "nobody" in page
    assert not Absence.objects.exists()

    done = client.post("/desk/absences/", hours(cast.mo, accept_turns="on"))
    page = client.get(done.headers["Location"]).content.decode()
    assert "Ask for a swap" in page and "Add override" in page  # Mo is duty manager too
    assert Absence.objects.get().user == cast.mo


@pytest.mark.rule("A-04")
def test_colleagues_read_the_dates_and_not_the_reason_and_enter_nothing_for_others(cast, at, agent_of):
    agent_of(cast.cy).post("/desk/absences/", hours(cast.mo, accept_turns="on"))
    made, client = Absence.objects.get(), agent_of(cast.bo)

    for address in ("/desk/absences/", f"/desk/absences/{made.uuid}/", "/supervisor/rosters/"):
        page = client.get(address).content.decode()
        assert cast.mo.name in page and "A wedding" not in page, address
    assert "A wedding" in agent_of(cast.cy).get("/desk/absences/").content.decode()
    assert client.post("/desk/absences/", hours(cast.mo)).status_code == 422
    assert client.post(f"/desk/absences/{made.uuid}/end/").status_code == 404
    assert Absence.objects.count() == 1


def test_it_is_ended_with_one_press(cast, at, agent_of):
    client = agent_of(cast.mo)
    client.post("/desk/absences/", hours(cast.mo, accept_turns="on"))
    made = Absence.objects.get()

    assert client.post(f"/desk/absences/{made.uuid}/end/").status_code == 303
    assert client.post(f"/desk/absences/{made.uuid}/end/").status_code == 422
    made.refresh_from_db()
    assert made.ended_at is not None and made.to_at == made.from_at


@pytest.mark.rule("A-04")
def test_the_rosters_page_and_the_calendar_show_who_is_away_without_the_reason(cast, at, agent_of):
    agent_of(cast.mo).post("/desk/absences/", hours(cast.mo, accept_turns="on"))
    assert [row.user for row in rosters(at, cast.cy_actor).away] == [cast.mo]

    token = make_feed(actor=cast.mo_actor, at=at)
    feed = agent_of(cast.mo).get(f"/on-call/{token}.ics").content
    events = [(str(e["summary"]), e["dtstart"].dt, e["dtend"].dt) for e in Calendar.from_ical(feed).walk("VEVENT")]
    assert ("Away", at + DAY, at + 2 * DAY) in events and b"wedding" not in feed
    assert not [e for e in events if e[0] != "Away" and e[1] < at + 2 * DAY - HOUR and e[2] > at + DAY]


def test_the_pages_ask_little(cast, at, agent_of, django_assert_max_num_queries):
    client = agent_of(cast.cy)
    client.post("/desk/absences/", hours(cast.mo, accept_turns="on"))
    for address in ("/desk/absences/", f"/desk/absences/{Absence.objects.get().uuid}/"):
        client.get(address)
        with django_assert_max_num_queries(15):
            assert client.get(address).status_code == 200
