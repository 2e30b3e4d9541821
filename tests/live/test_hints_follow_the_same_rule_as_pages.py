"""What a stream may hear equals what `visible_to` shows: for every person of the cast and every kind of ticket."""

import pytest

from accounts.actors import actor_for
from accounts.models import Organisation, User
from servicedesk.api.event_scope import concerns, may_hear, topics_of
from servicedesk.wiring import hint
from tests.channels.parts import make_ticket
from tests.factories.cast import staff
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


class Fact:
    """What `wiring.hint` reads of an entry."""

    def __init__(self, ticket, name: str) -> None:
        self.chain, self.name, self.data = ticket.chain, name, {}


@pytest.fixture
def everyone(cast):
    """The cast's people, and one agent of one region only."""
    abroad = staff("eu@desk.example", "Eu Agent", teams=(cast.l2,))
    abroad.role_grants.create(role="agent", region="eu")
    return [actor_for(user) for user in User.objects.order_by("pk")]


@pytest.fixture
def tickets(cast):
    """Own, foreign, nobody's, restricted; of teams in and out of reach."""
    return [
        make_ticket(cast),
        make_ticket(cast, "SD-000202", organisation=cast.other, reporter=cast.dee),
        make_ticket(cast, "SD-000203", team=cast.l2),
        make_ticket(cast, "SD-000204", organisation=None, reporter=None, state="intake", team=None, tier=""),
        make_ticket(cast, "SD-000205", restricted=True),
        make_ticket(cast, "SD-000206", organisation=cast.other, reporter=cast.dee, restricted=True, owner=cast.cy),
    ]


@pytest.mark.rule("V-03")
def test_a_hint_is_heard_exactly_by_those_who_may_see_the_ticket(everyone, tickets):
    regions = dict(Organisation.objects.values_list("pk", "region"))
    for actor in everyone:
        for ticket in tickets:
            heard = may_hear(actor, hint(Fact(ticket, "ticket.resolved"), ticket), regions)
            seen = Ticket.objects.visible_to(actor).filter(pk=ticket.pk).exists()
            assert heard is seen or (heard is None and ticket.restricted), f"{actor.name} {ticket.number}"


def test_a_customer_never_hears_of_inner_work(cast, tickets):
    for name in ("note.added", "ticket.transferred", "timer.fired", "verification.failed"):
        assert may_hear(cast.ada_actor, hint(Fact(tickets[0], name), tickets[0]), {}) is False


def test_a_page_hears_only_what_it_asked_for(cast, tickets):
    topics = topics_of(cast.bo_actor, hint(Fact(tickets[0], "ticket.resolved"), tickets[0]))
    assert topics == {"ticket:SD-000101", "tickets", "ticket.resolved", "queue", "board", "inbox"}
    for wanted, heard in (
        ({"board"}, True), ({"ticket:*"}, True), ({"ticket:SD-000101"}, True), (set(), True),
        ({"ticket:SD-000202"}, False), ({"escalation.*"}, False),
    ):  # fmt: skip
        assert concerns(frozenset(wanted), topics) is heard
