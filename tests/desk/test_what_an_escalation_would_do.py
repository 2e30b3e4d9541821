"""Before management is called the agent reads whom it calls and when: the very times that are then armed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from catalogue.models import Entitlement
from escalation.commands.request import request_escalation
from escalation.if_requested import if_requested
from escalation.models import Timer
from tickets.models import Ticket

MINUTE = timedelta(minutes=1)


@pytest.fixture
def ticket(path, cast):
    return Ticket.objects.get(pk=path.to("l1").pk)


def test_what_is_foretold_is_what_is_armed(ticket, path, cast):
    at = path.tick()
    foretold = {(one.label, one.at) for one in if_requested(ticket, at)}

    request_escalation(
        ticket_id=ticket.pk, relation="customer", requester_contact_id=cast.ada.pk, reason="Emergency lines are dead",
        actor=cast.bo_actor, at=at,
    )  # fmt: skip

    armed = Timer.objects.filter(clock__subject_kind="escalation").exclude(rule__breach=False, due_at__gt=at)
    assert {(timer.rule.label, timer.due_at) for timer in armed.select_related("rule")} <= foretold
    assert ("CEO informed", at + 30 * MINUTE) in foretold, "at the latest"


def test_the_dialog_names_them_and_a_customer_without_production_is_for_the_duty_manager_alone(bo, ticket, now, cast):
    now()
    address = reverse("desk:ticket-escalate", args=[ticket.number])
    manager = cast.people["account_manager"].name

    page = bo.get(address).content.decode()
    assert "What happens then" in page and manager in page and "then every 30 min" in page
    cast.northgate.production = False
    cast.northgate.save()
    Entitlement.objects.update(production=False)
    alone = bo.get(address).content.decode()
    assert manager not in alone.split("What happens then")[1] and "Reviewed and customer contacted" in alone
