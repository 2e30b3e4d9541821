"""Nothing leaves triage unclassified, unprioritised or unrouted (C-13, C-03, V-08 to V-13, A-02, A-03)."""

import pytest

from ledger.models import Entry
from tests.refusals import refused
from tests.tickets.path import FAULT
from tickets.commands import tier, triage
from tickets.models import RoutingRule, Ticket
from tickets.queries import duplicates, proposal
from tickets.seed import seed_configuration
from tickets.words import State

pytestmark = pytest.mark.django_db


def _triage(path, cast, ticket, **answers):
    said = triage.Triage(**(FAULT | {"service_id": cast.service.pk} | answers))
    return triage.triage(ticket_id=ticket.pk, triage=said, actor=cast.bo_actor, at=path.tick())


@pytest.mark.rule("C-13")
@pytest.mark.parametrize("field", ["kind", "category", "impact", "urgency"])
def test_a_ticket_does_not_leave_triage_without(path, cast, field):
    ticket = path.verified()
    with refused("unclassified", field):
        _triage(path, cast, ticket, **{field: ""})
    assert Ticket.objects.get(pk=ticket.pk).state == State.TRIAGE


@pytest.mark.rule("V-08")
def test_a_fault_names_a_service_of_this_customer_or_why_not(path, cast):
    ticket = path.verified()
    with refused("no_service", "service_id"):
        _triage(path, cast, ticket, service_id=None)
    with refused("unknown_service", "service_id"):
        _triage(path, cast, ticket, service_id=cast.other_service.pk)
    with refused("no_service"):
        _triage(path, cast, ticket, service_id=None, no_service_reason="n/a")
    done = _triage(path, cast, ticket, service_id=None, no_service_reason="Not registered yet")
    assert done.no_service_reason == "Not registered yet"


@pytest.mark.rule("V-09")
def test_network_trouble_says_how_far_it_reaches(path, cast):
    with refused("no_scope", "scope"):
        _triage(path, cast, path.verified(), scope="")


@pytest.mark.rule("V-09")
def test_scope_and_priority_are_proposed_from_alerts_and_say_why(path, cast, nine):
    from catalogue.models import Alert

    Alert.objects.create(
        organisation=cast.northgate, service=cast.service, key="los-1", summary="Loss of signal", raised_at=nine,
        traffic_affecting=True,
    )  # fmt: skip
    said = proposal(
        service_id=cast.service.pk, organisation_id=cast.northgate.pk, category="cloud", actor=cast.bo_actor
    )
    assert (said.scope, said.urgency) == ("single", "high")
    assert "Traffic is affected." in said.reasons


def test_a_critical_ticket_is_p1_and_says_so_as_a_fact(path, cast):
    done = _triage(path, cast, path.verified(), critical=True)
    assert done.priority == "P1"
    assert Entry.objects.filter(chain=done.chain, name="ticket.became_critical").exists()


def test_another_priority_than_the_matrix_gives_needs_a_real_reason(path, cast):
    ticket = path.verified()
    for reason in ("", "n/a", "..."):
        with refused("priority_reason", "priority_reason"):
            _triage(path, cast, ticket, priority="P1", priority_reason=reason)
    assert _triage(path, cast, ticket, priority="P1", priority_reason="The emergency ward is cut off").priority == "P1"


@pytest.mark.rule("C-03")
def test_the_first_rule_that_fits_names_team_and_tier_and_the_fact_says_which(path, cast):
    RoutingRule.objects.create(position=10, category="billing", tier="l1", team=cast.l1)
    RoutingRule.objects.create(position=20, category="network_interruption", region="au", tier="l2", team=cast.l2)
    RoutingRule.objects.create(position=30, tier="l1", team=cast.l1)
    done = _triage(path, cast, path.verified())
    assert (done.team, done.tier, done.dispatched_at) == (cast.l2, "l2", path.now)
    assert Entry.objects.get(chain=done.chain, name="ticket.triaged").data["rule"] == "rule:20"


@pytest.mark.rule("V-10")
@pytest.mark.rule("V-11")
@pytest.mark.rule("V-12")
@pytest.mark.parametrize(
    ("category", "first"),
    [("cloud", "Service type and status stated"), ("security", "Severity assessed"),
     ("billing", "Invoice and period named")],
)  # fmt: skip
def test_the_playbook_of_the_category_is_attached_with_owners(path, cast, category, first):
    seed_configuration()
    done = _triage(path, cast, path.verified(), category=category, scope="")
    items = list(done.work_items.all())
    assert items[0].title == first and all(item.owner == cast.l1 for item in items)


@pytest.mark.rule("V-11")
def test_a_security_matter_is_restricted_to_those_who_need_to_know(path, cast):
    done = _triage(path, cast, path.verified(), kind="security", category="security", scope="")
    assert done.restricted
    assert Ticket.objects.visible_to(cast.bo_actor).filter(pk=done.pk).exists()
    assert not Ticket.objects.visible_to(cast.sam_actor).filter(pk=done.pk).exists()


def test_the_same_service_with_the_same_words_looks_like_a_duplicate_and_says_why(path, cast):
    first = path.signed()
    found = duplicates(cast.service.pk, cast.northgate.pk, "no link at the clinic", cast.bo_actor)
    assert [f.number for f in found] == [first.number] and "same service" in found[0].why
    assert duplicates(cast.service.pk, cast.other.pk, "no link", cast.bo_actor) == []


@pytest.mark.rule("V-13")
@pytest.mark.rule("A-03")
def test_a_tier_up_needs_what_was_tried_and_why_it_belongs_there(path, cast):
    ticket = path.signed()
    move = {"ticket_id": ticket.pk, "actor": cast.bo_actor}
    with refused("no_criteria", "criteria"):
        tier.escalate_tier(**move, tried="Loop test at the port", criteria=[], at=path.tick())
    with refused("placeholder", "tried"):
        tier.escalate_tier(**move, tried="done", criteria=["specialist"], at=path.tick())
    up = tier.escalate_tier(**move, tried="Loop test at the port", criteria=["specialist"], at=path.tick())
    assert (up.state, up.team, up.dispatch_no, up.signed_at, up.reached_l2) == ("l2", cast.l2, 2, None, True)
    assert up.first_dispatched_at < up.dispatched_at


@pytest.mark.rule("A-02")
@pytest.mark.parametrize("reason", ["design", "onsite_maintenance", "customisation"])
def test_l3_declines_what_is_outside_its_remit_and_the_ticket_stays(path, cast, reason):
    ticket = path.triaged(tier="l2")
    with refused("outside_remit", "criteria"):
        tier.escalate_tier(
            ticket_id=ticket.pk, tried="Loop test at the port", criteria=[reason, "our_products"], actor=cast.sam_actor,
            at=path.tick(),
        )  # fmt: skip
    assert Ticket.objects.get(pk=ticket.pk).state == State.L2


def test_a_tier_down_says_why_and_is_dispatched_again(path, cast):
    down = tier.return_tier(
        ticket_id=path.triaged(tier="l2").pk, reason="It is a matter for L1", actor=cast.sam_actor, at=path.tick()
    )
    assert (down.state, down.team, down.dispatch_no) == ("l1", cast.l1, 2)
