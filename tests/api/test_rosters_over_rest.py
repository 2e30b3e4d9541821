from datetime import timedelta

import pytest

from escalation.commands.roster import override
from ledger import clock
from tests.factories.rosters import DAY, HOUR, duty_roster, lead, week_layer, weeks


@pytest.fixture
def roster(cast, nine):
    """Mo this week, Sam next; Sam tomorrow for an hour."""
    clock.set_demo(demo_now=nine)
    made = weeks(cast, nine - 10 * DAY, cast.mo, cast.sam, starts_on=nine.date() - timedelta(days=14))
    override(role="duty_manager", user_id=cast.sam.pk, from_at=nine + DAY, to_at=nine + DAY + HOUR, reason="Leave",
             actor=lead(cast), at=nine)  # fmt: skip
    return made


@pytest.mark.rule("A-04")
def test_who_is_on_is_told_for_any_moment(cast, roster, integration, nine):
    def first(**query):
        return integration.get("on-call/", **query).json()["rosters"][0]

    assert first()["person"] == str(cast.mo.uuid)
    told = first(at="2026-06-16T09:30:00Z")
    assert (told["person"], told["how"], told["others"]) == (str(cast.sam.uuid), "override", [str(cast.mo.uuid)])
    assert first(at="2027-06-22T11:30:00+02:00")["person"] == str(cast.sam.uuid)
    assert first(at="2026-06-09T09:30:00Z")["person"] == str(cast.sam.uuid)
    assert integration.get("on-call/", at="2020-01-01T00:00:00Z").json()["rosters"] == []
    assert integration.get("on-call/", role="ceo").json()["rosters"] == []


def test_a_moment_that_is_none_is_refused(roster, integration):
    for at in ("noon", "2026-99-01T00:00:00Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"):
        answer = integration.get("on-call/", at=at)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_request"), at
    assert integration.get("on-call/", when="now").status_code == 400


@pytest.mark.rule("A-04")
def test_rosters_come_with_their_layers_people_and_overrides(cast, roster, integration):
    told = integration.get("rosters/", role="duty_manager").json()["results"][0]

    assert (told["name"], told["place"], told["layers"][0]["unit"]) == ("Duty managers", "everywhere", "week")
    assert told["layers"][0]["members"] == [str(cast.mo.uuid), str(cast.sam.uuid)]
    assert [row["person"]["id"] for row in told["overrides"]] == [str(cast.sam.uuid)]
    assert integration.get(f"rosters/{roster.uuid}/").json()["id"] == str(roster.uuid)


def test_a_token_of_one_customer_or_without_the_scope_learns_nothing(cast, roster, bound, reader, nine):
    scoped = duty_roster(cast, nine, role="ceo", scope=f"customer:{cast.northgate.pk}", name="Northgate")
    week_layer(scoped, cast, nine, cast.people["ceo"])

    assert bound.get("rosters/").json()["results"] == [] and bound.get("on-call/").json()["rosters"] == []
    assert bound.get(f"rosters/{scoped.uuid}/").status_code == 404
    assert reader.get("rosters/").status_code == reader.get("on-call/").status_code == 403
