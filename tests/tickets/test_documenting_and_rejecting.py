"""What is allowed before verification: documenting every contact, and turning a ticket away (V-06, P-01)."""

import pytest

from tests.refusals import refused
from tickets.commands import interaction, verify
from tickets.models import Interaction

pytestmark = pytest.mark.django_db


@pytest.mark.rule("V-06")
@pytest.mark.rule("P-01")
def test_a_call_without_ticket_or_disposition_stays_unfinished_until_it_has_one(path, cast):
    call = path.ring()
    interaction.end_interaction(interaction_id=call.pk, actor=cast.bo_actor, at=path.tick())
    assert list(Interaction.objects.unfinished()) == [call]
    interaction.end_interaction(
        interaction_id=call.pk, disposition="wrong_number", summary="Looked for a bakery", actor=cast.bo_actor,
        at=path.tick(),
    )  # fmt: skip
    assert not Interaction.objects.unfinished().exists()


@pytest.mark.parametrize("reason", ["failed", "locked"])
def test_a_ticket_is_rejected_for_a_failed_proof_only_when_there_was_one(path, cast, reason):
    ticket = path.in_auth()
    with refused("no_failed_verification"):
        verify.reject(ticket_id=ticket.pk, reason=reason, actor=cast.bo_actor, at=path.tick())
    path.attempt(ticket, "000000")
    assert verify.reject(ticket_id=ticket.pk, reason=reason, actor=cast.bo_actor, at=path.tick()).state == "rejected"
