"""A rule may ask for a language and a skill, and share work between teams by load; it says why in words (C-03)."""

import pytest

from accounts.models import Contact, Team, TeamMembership, User
from tests.factories.cast import staff
from tickets.models import RoutingRule, Ticket
from tickets.routing import route

pytestmark = [pytest.mark.django_db, pytest.mark.rule("C-03")]
ASKED = {"category": "network_interruption", "kind": "fault", "region": "au"}


@pytest.fixture
def other(cast) -> Team:
    """A second first line, with one agent who speaks Chinese and knows fibre."""
    team = Team.objects.create(name="Data L1 East", tier="l1", languages=["en", "zh-hans"])
    staff("east@desk.example", "Eli East", "agent", teams=(team,))
    User.objects.filter(email="east@desk.example").update(skills=["optical"])
    return team


def share(cast, other, **conditions) -> RoutingRule:
    rule = RoutingRule.objects.create(position=10, tier="l1", team=cast.l1, **conditions)
    rule.alternates.add(other)
    return rule


def test_the_team_with_the_fewest_open_tickets_a_person_gets_it(cast, other, path):
    share(cast, other)
    TeamMembership.objects.filter(team=cast.l1).exclude(user=cast.bo).delete()
    assert route(**ASKED).team == cast.l1
    first = path.triaged(team_id=cast.l1.pk)

    way = route(**ASKED)

    assert way.team == other
    assert "least to do: 0.0 open tickets a person, Data L1 1.0" in str(way.why)
    Ticket.objects.filter(pk=first.pk).update(team=other)
    assert route(**ASKED).team == cast.l1


def test_a_team_that_speaks_the_customers_language_comes_before_a_free_one(cast, other, path):
    share(cast, other)

    way = route(**ASKED, language="zh-hans")

    assert way.team == other and "speaks the customer's language (zh-hans)" in str(way.why)


def test_a_rule_for_one_language_leaves_the_others_to_the_next_rule(cast, other):
    RoutingRule.objects.create(position=5, tier="l1", team=other, language="zh-hans")
    RoutingRule.objects.create(position=6, tier="l1", team=cast.l1)

    assert route(**ASKED, language="zh-hans").team == other
    assert route(**ASKED, language="en").team == cast.l1


def test_a_skill_passes_over_the_team_in_which_nobody_has_it(cast, other):
    share(cast, other, skill="optical")

    way = route(**ASKED)

    assert way.team == other
    assert "Passed over, nobody there has optical: Data L1." in str(way.why)


def test_a_rule_whose_skill_nobody_present_has_does_not_fit(cast, other):
    share(cast, other, skill="optical")
    RoutingRule.objects.create(position=20, tier="l1", team=cast.l1)
    User.objects.filter(email="east@desk.example").update(available=False)

    assert route(**ASKED).why_code == "rule:20"


def test_triage_asks_in_the_language_of_the_reporter(cast, other, path):
    RoutingRule.objects.create(position=5, tier="l1", team=other, language="zh-hans")
    RoutingRule.objects.create(position=6, tier="l1", team=cast.l1)
    Contact.objects.filter(pk=cast.ada.pk).update(language="zh-hans")

    assert path.triaged().team == other
