"""The time beside "what must happen next" is that step's own deadline, not whatever clock comes first."""

from datetime import timedelta

from escalation.models import Timer
from servicedesk.desk.workspace import Workspace
from tests.tickets.path import Path
from tickets.commands.plan import promise
from tickets.commands.work import record_contact, sign_for

MINUTE = timedelta(minutes=1)


def shown(ticket, cast, path: Path):
    """Return the next step as Bo's page shows it."""
    return Workspace(type(ticket).objects.get(pk=ticket.pk), cast.bo_actor, path.now).next


def armed(ticket, code: str):
    """Return when the armed timer of a rule is due."""
    return Timer.objects.get(clock__ticket=ticket, rule_code=code, state="armed").due_at


def test_each_step_shows_the_deadline_it_ends_itself(cast, path):
    ticket = path.in_auth()
    step = shown(ticket, cast, path)
    assert (step.step, step.rule, step.due_at) == ("verify", "U-1", armed(ticket, "U-1"))

    ticket = path.triaged()
    step = shown(ticket, cast, path)
    assert (step.step, step.rule, step.due_at) == ("sign_for", "T-1", armed(ticket, "T-1"))

    sign_for(ticket_id=ticket.pk, actor=cast.bo_actor, at=path.tick())
    step, earliest = shown(ticket, cast, path), type(ticket).objects.get(pk=ticket.pk).next_due_at
    assert (step.step, step.rule, step.due_at) == ("record_contact", "T-2", armed(ticket, "T-2"))

    record_contact(ticket_id=ticket.pk, outcome="reached", actor=cast.bo_actor, at=path.tick())
    step = shown(ticket, cast, path)
    assert (step.step, step.rule, step.due_at) == ("add_progress", "T-3", armed(ticket, "T-3"))
    assert earliest is not None


def test_a_step_without_a_deadline_shows_none_though_clocks_run(cast, path):
    ticket = path.verified()
    step = shown(ticket, cast, path)

    assert (step.step, step.due_at, step.late) == ("triage", None, False)
    assert type(ticket).objects.get(pk=ticket.pk).next_due_at is not None
    ticket = path.resolved()
    assert (shown(ticket, cast, path).step, shown(ticket, cast, path).due_at) == ("confirm", None)


def test_contacting_the_reporter_does_not_show_the_earlier_time_of_news(cast, path):
    ticket = path.signed()
    Timer.objects.filter(clock__ticket=ticket, rule_code="T-3").update(due_at=path.now + MINUTE)

    step = shown(ticket, cast, path)

    assert (step.step, step.rule) == ("record_contact", "T-2") and step.due_at > path.now + MINUTE


def test_news_promised_to_the_customer_comes_before_the_clock_of_progress(cast, path):
    ticket = path.signed()
    record_contact(ticket_id=ticket.pk, outcome="reached", actor=cast.bo_actor, at=path.tick())
    due = path.now + 5 * MINUTE
    promise(ticket_id=ticket.pk, kind="next_update", due_at=due, actor=cast.bo_actor, at=path.now)
    promise(ticket_id=ticket.pk, kind="resolution", due_at=due - MINUTE, actor=cast.bo_actor, at=path.now)

    assert shown(ticket, cast, path).due_at == due


def test_a_deadline_that_passed_is_late_and_a_pause_ends_when_it_was_agreed_to(cast, path):
    ticket = path.signed()
    path.tick(60)
    assert shown(ticket, cast, path).late is True

    paused = path.suspended()
    until = paused.suspensions.get(state="approved").until
    assert (shown(paused, cast, path).step, shown(paused, cast, path).due_at) == ("resume", until)
