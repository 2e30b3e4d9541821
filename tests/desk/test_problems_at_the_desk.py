"""Problems at their door: list, page, opened by hand, cause and workaround where agents look (C-28)."""

import pytest
from django.urls import reverse

from accounts.models import RoleGrant
from tests.tickets.windows import HOUR
from tickets.commands.problem_solve import describe_problem
from tickets.models import Problem

pytestmark = pytest.mark.rule("C-28")


@pytest.fixture
def found(path, now) -> Problem:
    """The problem that three faults opened."""
    for _ in range(3):
        path.triaged()
        path.now += HOUR
    now()
    return Problem.objects.get()


@pytest.fixture
def known(found, cast, path) -> Problem:
    """Its error and workaround are known."""
    said = {"known_error": "The run shares a riser with the lift", "workaround": "Patch to spare pair 4"}
    return describe_problem(problem_id=found.pk, actor=cast.bo_actor, at=path.now, **said)


def act(problem: Problem, command: str) -> str:
    return reverse("desk:problem-act", args=[problem.uuid, command])


def after(client, address: str, sent: dict) -> str:
    """The page one is led to after a post that went well."""
    return client.get(client.post(address, sent).headers["Location"]).content.decode()


def test_the_page_shows_recurrence_tickets_and_cause_and_asks_little(bo, known, django_assert_max_num_queries):
    address = reverse("desk:problem", args=[known.uuid])
    bo.get(address)
    with django_assert_max_num_queries(15):
        said = bo.get(address).content.decode()
    assert "3 faults in 30 days" in said and "Patch to spare pair 4" in said
    assert all(row.ticket.number in said for row in known.linked.select_related("ticket"))
    assert said.count('class="slot-gap"') == 3
    listing = reverse("desk:problems") + "?q=EPL-30112"
    bo.get(listing)
    with django_assert_max_num_queries(15):
        assert known.number in bo.get(listing).content.decode()
    assert known.number in bo.get(reverse("desk:problems-export") + "?view=known").content.decode()


def test_agents_read_error_and_workaround_on_the_ticket(bo, known):
    ticket = known.linked.first().ticket
    said = bo.get(reverse("desk:ticket", args=[ticket.number])).content.decode()
    assert known.number in said and "shares a riser" in said and "Patch to spare pair 4" in said


def test_acts_run_from_the_page_and_refusals_keep_what_was_typed(bo, found):
    ticket = found.linked.first().ticket
    answer = bo.post(act(found, "unlink"), {"ticket": ticket.number, "reason": "", "version": found.version})
    assert answer.status_code == 422
    answer = bo.post(act(found, "solve"), {"solution": "The copper run is replaced", "version": found.version})
    assert answer.status_code == 422 and "Write down the cause first" in answer.content.decode()
    assert "The copper run is replaced" in answer.content.decode()
    said = {"root_cause": "Broken shield", "known_error": "", "workaround": "", "version": found.version}
    assert bo.post(act(found, "describe"), said).status_code == 303
    found.refresh_from_db()
    sent = {"solution": "The copper run is replaced", "version": found.version}
    assert "linked tickets are told" in after(bo, act(found, "solve"), sent)
    found.refresh_from_db()
    assert found.state == "solved"
    assert bo.post(act(found, "close"), {"version": found.version}).status_code == 303


def test_a_problem_is_opened_by_hand(bo, path, now):
    now()
    address = reverse("desk:problem-new")
    answer = bo.post(address, {"service": "EPL-9", "title": "Loss at noon"})
    assert answer.status_code == 422 and "Check its ID" in answer.content.decode()
    assert "Loss at noon" in after(bo, address, {"service": "epl-30112", "title": "Loss at noon"})
    assert bo.post(address, {"service": "epl-30112", "title": "Once more"}).status_code == 422


def test_strangers_learn_of_no_problem(found, agent_of, cast):
    address, listing = reverse("desk:problem", args=[found.uuid]), reverse("desk:problems")
    assert agent_of(cast.ada.user).get(address).status_code == 404
    RoleGrant.objects.filter(user=cast.sam).update(region="eu")
    far = agent_of(cast.sam)
    assert far.get(address).status_code == 404 and far.post(act(found, "close")).status_code == 404
    assert found.number not in far.get(listing).content.decode()
