"""A restricted ticket is known only to those who need to know (V-11, C-16)."""

import pytest

from tests.refusals import refused
from tickets.commands import share, triage, work
from tickets.models import Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture
def secret(path, cast):
    """A security ticket, triaged to Bo's team."""
    said = triage.Triage(
        kind="security", category="security", impact="high", urgency="high", service_id=cast.service.pk
    )
    return triage.triage(ticket_id=path.verified().pk, triage=said, actor=cast.bo_actor, at=path.tick())


@pytest.mark.rule("C-16")
def test_a_colleague_outside_learns_of_it_only_when_it_is_shared(path, cast, secret):
    with refused("unknown_ticket"):
        work.record_contact(ticket_id=secret.pk, outcome="reached", actor=cast.sam_actor, at=path.tick())
    share.share_ticket(
        ticket_id=secret.pk, user_id=cast.sam.pk, reason="Knows the firewall", actor=cast.bo_actor, at=path.tick()
    )
    assert Ticket.objects.visible_to(cast.sam_actor).filter(pk=secret.pk).exists()


def test_only_the_security_lead_lifts_the_restriction(path, cast):
    ticket = path.verified()
    Ticket.objects.filter(pk=ticket.pk).update(restricted=True)
    ticket.need_to_know.add(cast.bo)
    said = triage.Triage(
        kind="fault", category="cloud", impact="low", urgency="low", service_id=cast.service.pk, restricted=False
    )
    with refused("restricted_stays", "restricted"):
        triage.triage(ticket_id=ticket.pk, triage=said, actor=cast.bo_actor, at=path.tick())
