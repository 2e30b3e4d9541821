import pytest

from accounts.models import Absence
from escalation.models import Roster, RosterOverride, RosterSwap
from escalation.oncall import who
from ledger import clock
from tests.api.conftest import ALL, Integration, token
from tests.factories.rosters import DAY, HOUR, give, weeks


@pytest.fixture
def keeper(cast, policies, nine) -> Integration:
    """A token that keeps rosters; Mo and Sam are duty managers."""
    clock.set_demo(demo_now=nine)
    give("duty_manager", cast.mo, cast.sam)
    return Integration(token("keeper", [*ALL, "rosters:write"]))


def layer(*people, **more) -> dict:
    return {"name": "Weeks", "members": [str(user.uuid) for user in people], "unit": "week", "length": 1,
            "handoff": "09:00", "starts_on": "2026-06-15"} | more  # fmt: skip


def on(at):
    return who("duty_manager", at=at, organisation_id=None).user


@pytest.mark.rule("A-04")
def test_a_roster_is_begun_filled_overridden_and_retired(cast, keeper, nine):
    body = {"name": "Duty", "role": "duty_manager", "time_zone": "UTC", "place": {"region": "au"}, "most_hours": 60}
    made = keeper.post("rosters/", body, Idempotency_Key="k1")
    again = keeper.post("rosters/", body, Idempotency_Key="k1")
    assert (made.status_code, again.json()) == (201, made.json()) and Roster.objects.count() == 1
    assert (made.json()["place"], made.json()["most_hours"]) == ("au", 60)
    here = f"rosters/{made.json()['id']}"

    told = keeper.post(f"{here}/set-layer/", layer(cast.mo, cast.sam)).json()
    assert told["layers"][0]["members"] == [str(cast.mo.uuid), str(cast.sam.uuid)]
    hours = {"from_at": "2026-06-16T09:00:00Z", "to_at": "2026-06-16T10:00:00Z"}
    told = keeper.post(f"{here}/override/", hours | {"person": str(cast.sam.uuid), "reason": "Leave"}).json()
    over = told["overrides"][0]["id"]
    assert keeper.post(f"{here}/remove-override/", {"override": over, "reason": "Back"}).json()["overrides"] == []
    assert keeper.post(f"{here}/change/", {"name": "Duty AU", "time_zone": "UTC"}).json()["most_hours"] is None

    windows = [{"weekday": 0, "from": "09:00", "to": "17:00"}]
    gap = keeper.post(f"{here}/set-layer/", layer(cast.mo, windows=windows))
    assert (gap.status_code, gap.json()["code"]) == (422, "gap_left") and "from_at" in gap.json()
    last = keeper.post(f"{here}/end-layer/", {"name": "Weeks", "reason": "x", "accept_gap": True})
    assert last.json()["layers"] == []
    assert keeper.post(f"{here}/retire/", {"reason": "Done", "accept_gap": True}).json()["retired_at"]


@pytest.mark.rule("A-04")
def test_a_swap_is_asked_for_and_only_who_is_asked_says_yes(cast, keeper, nine):
    roster = weeks(cast, nine - DAY, cast.mo, cast.sam, starts_on=nine.date())
    here = f"rosters/{roster.uuid}"
    body = {"asker": str(cast.mo.uuid), "other": str(cast.sam.uuid), "from_at": "2026-06-16T09:00:00Z",
            "to_at": "2026-06-16T12:00:00Z"}  # fmt: skip
    asked = keeper.post(f"{here}/swaps/", body)
    assert (asked.status_code, asked.json()["state"]) == (201, "asked")

    said = {"swap": asked.json()["id"], "answer": "accept"}
    assert keeper.post(f"{here}/answer-swap/", said).json()["code"] == "not_yours"
    withdrawn = keeper.post(f"{here}/answer-swap/", said | {"answer": "withdraw"})
    assert withdrawn.json()["state"] == RosterSwap.objects.get().state == "withdrawn"
    assert [row["id"] for row in keeper.get(f"{here}/swaps/").json()] == [said["swap"]]


@pytest.mark.rule("A-04")
def test_an_absence_is_entered_and_ended(cast, keeper, nine):
    weeks(cast, nine - DAY, cast.mo, starts_on=nine.date())
    body = {"person": str(cast.mo.uuid), "from_at": "2026-06-16T09:00:00Z", "to_at": "2026-06-17T09:00:00Z",
            "reason": "Leave"}  # fmt: skip
    warned = keeper.post("absences/", body)
    assert (warned.status_code, warned.json()["code"], warned.json()["turns"]) == (422, "turns_held", 1)

    made = keeper.post("absences/", body | {"accept_turns": True})
    assert made.status_code == 201 and on(nine + DAY + HOUR) != cast.mo
    assert [row["reason"] for row in keeper.get("absences/", person=str(cast.mo.uuid)).json()["results"]] == ["Leave"]
    assert keeper.post(f"absences/{made.json()['id']}/end/").json()["ended_at"]
    assert on(nine + DAY + HOUR) == cast.mo


def test_who_only_reads_writes_nothing_and_a_strange_shape_is_named(cast, keeper, integration, bound, nine):
    roster = weeks(cast, nine - DAY, cast.mo, cast.sam)
    here = f"rosters/{roster.uuid}"
    for path in ("rosters/", f"{here}/set-layer/", f"{here}/override/", "absences/"):
        assert integration.post(path, {}).status_code == 403, path
    far = Integration(token("far", [*ALL, "rosters:write"], organisation=cast.other))
    assert far.post(f"{here}/set-layer/", layer(cast.mo)).status_code == 404
    assert far.get("absences/").json()["results"] == []

    for spoilt in ({"colour": "red"}, {"members": []}, {"unit": "year"}, {"windows": [{"weekday": 9}]}):
        assert keeper.post(f"{here}/set-layer/", layer(cast.mo, **spoilt)).status_code == 400, spoilt
    both = {"name": "x", "role": "ceo", "time_zone": "UTC",
            "place": {"region": "au", "organisation": str(cast.northgate.uuid)}}  # fmt: skip
    assert keeper.post("rosters/", both).status_code == 400
    foreign = {"override": str(cast.mo.uuid), "reason": "x"}
    assert keeper.post(f"{here}/remove-override/", foreign).status_code == 400
    assert RosterOverride.objects.count() == Absence.objects.count() == 0


def test_staff_are_listed_for_whoever_keeps_rosters(cast, keeper, bound):
    named = {row["id"] for row in keeper.get("staff/", team=str(cast.l2.uuid)).json()["results"]}
    assert str(cast.sam.uuid) in named and str(cast.bo.uuid) not in named
    assert bound.get("staff/").json()["results"] == []
