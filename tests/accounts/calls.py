"""A live call and an attempt in it, as the desk's door would make them."""

from datetime import datetime, timedelta

from accounts.models import Verification
from accounts.verification import Proof, attempt
from tests.factories.cast import Cast
from tickets.models import Interaction

PIN = "482913"


def ring(cast: Cast, at: datetime, **fields) -> Interaction:
    """A live inbound call that Bo answered."""
    values = {"channel": "phone", "direction": "in", "started_at": at, "answered_at": at, "agent": cast.bo} | fields
    return Interaction.objects.create(**values)


def call_back(cast: Cast, at: datetime, number: str = "+61355500142", **fields) -> Interaction:
    """Bo's call out to `number`, answered ten seconds later."""
    values = {"direction": "out", "caller_number": number, "answered_at": at + timedelta(seconds=10)} | fields
    return ring(cast, at, **values)


def try_to_verify(cast: Cast, call: Interaction, at: datetime, proof: Proof | None = None, **fields) -> Verification:
    """Ada gives her company, account number and, if nothing else is said, her PIN to Bo."""
    values = {
        "interaction_id": call.pk,
        "ticket_id": None,
        "contact_id": cast.ada.pk,
        "company": "Northgate Health Alliance",
        "account_number": "A-100001",
        "authority": "report",
        "proof": proof or Proof(method="pin", value=PIN),
        "actor": cast.bo_actor,
        "at": at,
    }
    return attempt(**(values | fields))
