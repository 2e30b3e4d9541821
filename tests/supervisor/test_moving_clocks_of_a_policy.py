import pytest

from escalation.models import Clock, PolicyMove
from tests.factories.clocks import MINUTE, dispatched_ticket
from tests.factories.policies import published

KEY = "fault_handling"
HERE = f"/supervisor/policies/{KEY}/move/"


@pytest.fixture
def version(cast, rules, nine, desk_time):
    """A second version of fault handling, and a clock that runs by the first."""
    dispatched_ticket(cast, nine)
    made = published(KEY, cast.cy_actor, nine + 20 * MINUTE, T_4={"offset_s": 900})
    desk_time(nine + 21 * MINUTE)
    return made


def test_the_preview_says_rule_by_rule_what_would_happen(cast, version, signed_in):
    page = signed_in(cast.cy).get(HERE)
    row = next(row for row in page.context["rows"] if row["code"] == "T-4")

    assert (row["moved"], row["past"]) == (1, 1)
    words = page.content.decode()
    assert "1 clock runs by an earlier version" in words and "Fire 1 at once" in words
    assert not PolicyMove.objects.exists()


def test_a_move_is_begun_and_watched_to_its_end(cast, version, signed_in):
    desk = signed_in(cast.cy)

    answer = desk.post(HERE, {"n": "2", "fire": ["T-4"]})
    page = desk.get(answer.headers["Location"]).content.decode()

    move = PolicyMove.objects.get()
    assert answer.status_code == 303 and (move.state, move.moved, move.fire) == ("done", 1, ["T-4"])
    assert Clock.objects.get(kind=KEY).version == version
    assert "1 of 1 clocks moved" in page and "every 2s" not in page
    assert "Nothing to move" in desk.get(HERE).content.decode()
    ticket = Clock.objects.get(kind=KEY).ticket.number
    assert "Deadlines follow a new version of the policy" in desk.get(f"/desk/tickets/{ticket}/").content.decode()


def test_a_preview_of_another_version_is_refused_and_nothing_moves(cast, version, signed_in):
    answer = signed_in(cast.cy).post(HERE, {"n": "1"})

    assert answer.status_code == 422 and "not in force now" in answer.content.decode()
    assert not PolicyMove.objects.exists()


def test_stopping_what_does_not_run_is_said(cast, version, signed_in):
    desk = signed_in(cast.cy)

    assert desk.post(f"{HERE}stop/").status_code == 303

    assert "No clocks of this policy are being moved." in desk.get(HERE).content.decode()


@pytest.mark.parametrize("who", ["bo", "mo"])
def test_who_may_not_edit_policies_moves_no_clocks(cast, version, signed_in, who):
    client = signed_in(getattr(cast, who))

    assert (client.get(HERE).status_code, client.post(HERE, {"n": "2"}).status_code) == (404, 404)
    assert not PolicyMove.objects.exists()
