"""The same service failing again opens or joins a problem; what is known reaches agents, what is solved its tickets."""

from datetime import timedelta

import pytest

from catalogue.models import Service
from escalation.models import Notification
from ledger.models import Entry
from tests.refusals import refused
from tests.tickets.windows import HOUR
from tickets.commands import problem, problem_solve
from tickets.models import Note, Problem, RecurrenceRule
from tickets.queries_problem import known_on

pytestmark = [pytest.mark.django_db, pytest.mark.rule("C-28")]


@pytest.fixture
def again(path, policies, cast):
    """Dispatches so many faults of the line, an hour apart, and returns them."""

    def fail(times: int, **answers):
        made = []
        for _ in range(times):
            made.append(path.triaged(**answers))
            path.now += HOUR
        return made

    return fail


@pytest.fixture
def found(again, cast) -> Problem:
    """The problem that three faults opened."""
    again(3)
    return Problem.objects.get()


def test_the_third_fault_within_thirty_days_opens_a_problem_with_all_three(again, cast):
    first, second = again(2)
    assert not Problem.objects.exists()
    (third,) = again(1)
    made = Problem.objects.get()
    assert {row.ticket for row in made.linked.all()} == {first, second, third}
    assert (made.by_rule, made.faults, made.days, made.service) == (True, 3, 30, cast.service)
    told = Entry.objects.get(chain=made.chain, name="problem.opened").data
    assert (told["by_rule"], told["faults"], told["days"]) == (True, 3, 30)
    assert Entry.objects.filter(name="ticket.problem_linked", chain=first.chain).count() == 1


def test_a_further_fault_joins_the_open_problem(again, found):
    (fourth,) = again(1)
    assert fourth.problem_link.problem == found and Problem.objects.count() == 1


def test_faults_too_far_apart_or_on_other_lines_open_nothing(again, path, cast):
    again(2)
    path.now += timedelta(days=30)
    again(1)
    other = Service.objects.create(service_id="EPL-2", organisation=cast.northgate, type="network", name="Other line")
    again(1, service_id=other.pk)
    again(1, kind="request")
    assert not Problem.objects.exists()


def test_how_often_is_a_matter_of_configuration_by_category(again, path):
    RecurrenceRule.objects.create(category="network_interruption", faults=2, days=1)
    again(2)
    assert Problem.objects.get().faults == 2
    RecurrenceRule.objects.update(active=False)
    Problem.objects.get().linked.all().delete()
    Problem.objects.all().delete()
    again(3)
    assert not Problem.objects.exists()


def test_restricted_tickets_count_nowhere(again, path):
    again(2)
    again(1, restricted=True)
    assert not Problem.objects.exists()


def test_a_known_error_and_its_workaround_reach_agents_until_the_cause_is_gone(found, cast, path):
    by = {"problem_id": found.pk, "actor": cast.bo_actor, "at": path.now}
    with refused("no_known_error"):
        problem_solve.describe_problem(workaround="Patch to spare pair 4", **by)
    with refused("no_cause"):
        problem_solve.solve_problem(solution="The copper run is replaced", **by)
    said = {"known_error": "The run shares a riser with the lift", "workaround": "Patch to spare pair 4"}
    made = problem_solve.describe_problem(**said, **by)
    assert made.state == "known" and made.known_at == path.now
    assert known_on([cast.service.pk], cast.bo_actor) == [made]
    problem_solve.solve_problem(solution="The copper run is replaced", **by)
    assert not known_on([cast.service.pk], cast.bo_actor)


def test_linked_tickets_and_their_owners_are_told_when_it_is_solved(found, again, cast, path):
    cast.ada.language = "zh-hans"
    cast.ada.save()
    signed = found.linked.earliest("pk").ticket
    signed.owner = cast.sam
    signed.save()
    by = {"problem_id": found.pk, "actor": cast.cy_actor, "at": path.now}
    problem_solve.describe_problem(root_cause="Broken shield at floor 1", **by)
    problem_solve.solve_problem(solution="The copper run is replaced", tell_customers=True, **by)
    assert Entry.objects.filter(name="ticket.problem_solved").count() == 3
    assert Notification.objects.filter(user=cast.sam, why="solved").count() == 1
    notes = Note.objects.filter(public=True, ticket__problem_link__problem=found)
    assert notes.count() == 3 and all("The copper run is replaced" in note.body for note in notes)
    with refused("wrong_state"):
        problem_solve.solve_problem(solution="Once more replaced", **by)
    assert problem_solve.close_problem(**by).state == "closed"


def test_customers_hear_nothing_unless_somebody_asks(found, cast, path):
    by = {"problem_id": found.pk, "actor": cast.cy_actor, "at": path.now}
    problem_solve.describe_problem(root_cause="Broken shield at floor 1", **by)
    problem_solve.solve_problem(solution="The copper run is replaced", **by)
    assert not Note.objects.filter(public=True, ticket__problem_link__problem=found).exists()


def test_tickets_are_linked_and_taken_out_by_hand(found, path, cast):
    by = {"problem_id": found.pk, "actor": cast.bo_actor, "at": path.now}
    ticket = found.linked.earliest("pk").ticket
    with refused("no_reason"):
        problem.unlink_ticket(ticket_id=ticket.pk, reason="", **by)
    problem.unlink_ticket(ticket_id=ticket.pk, reason="Another cause, a cut fibre", **by)
    assert found.linked.count() == 2
    problem.link_ticket(ticket_id=ticket.pk, **by)
    with refused("linked_already"):
        problem.link_ticket(ticket_id=ticket.pk, **by)
    other = problem.open_problem(service_id=cast.other_service.pk, title="Loss again", actor=cast.bo_actor, at=path.now)
    with refused("another_customer"):
        problem.link_ticket(problem_id=other.pk, ticket_id=ticket.pk, actor=cast.bo_actor, at=path.now)
    with refused("open_already"):
        problem.open_problem(service_id=cast.service.pk, title="Once more", actor=cast.bo_actor, at=path.now)
    for stranger, code in ((cast.ada_actor, "unknown_problem"), (cast.dee_actor, "unknown_ticket")):
        with refused(code):
            problem.unlink_ticket(ticket_id=ticket.pk, reason="Mine alone", **(by | {"actor": stranger}))
