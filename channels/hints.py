"""A live page of an escalation hears when a message goes on: handed over, failed, receipt. Never what it says."""

from functools import partial

from django.db import transaction

from channels import bell
from escalation.models import Notification


def went_on(notification: Notification) -> None:
    """Ring after commit for a notification of a formal escalation; nothing for any other (a storm has thousands)."""
    ticket = notification.ticket
    if notification.escalation_id is None or ticket is None:
        return
    hint = {
        "chain": ticket.chain, "name": "notification.went_on", "organisation_id": ticket.organisation_id,
        "team_id": ticket.team_id, "restricted": ticket.restricted, "public": False,
    }  # fmt: skip
    transaction.on_commit(partial(bell.ring, hint, False))
