"""Planned work and problems are read over REST, each token its own (C-28, C-29)."""

import pytest

from tests.tickets.windows import Windows
from tickets.commands.problem import open_problem


@pytest.mark.rule("C-29")
@pytest.mark.rule("C-28")
def test_a_bound_token_reads_its_own_services_of_what_it_was_told_and_no_problem(integration, bound, cast, nine):
    windows = Windows(cast, nine)
    told, drafted = windows.noticed(), windows.draft()
    problem = open_problem(service_id=cast.other_service.pk, title="Loss again", actor=cast.bo_actor, at=nine)

    every, own = integration.get("maintenances/").json()["results"], bound.get("maintenances/").json()["results"]

    assert {row["number"] for row in every} == {told.number, drafted.number}
    assert [(row["number"], row["services"]) for row in own] == [(told.number, ["EPL-30277"])]
    assert bound.get(f"maintenances/{drafted.uuid}/").status_code == 404
    assert "EPL-30112" not in bound.get(f"maintenances/{told.uuid}/").content.decode()
    assert integration.get("problems/", service="EPL-30277").json()["results"][0]["number"] == problem.number
    assert bound.get("problems/").json()["results"] == []
    assert bound.get(f"problems/{problem.uuid}/").status_code == 404
