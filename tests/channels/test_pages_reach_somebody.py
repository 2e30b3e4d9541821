"""Notifications: leased, re-checked, severe first, bundled, passed on; never silently lost."""

from datetime import timedelta

import pytest

from channels import leases, pages
from channels.failures import SendFailed
from channels.models import DeliveryAttempt
from channels.outbound import web
from escalation.models import Notification
from ledger.clock import real_now
from tests.channels.parts import make_clock, make_ticket, page
from tests.conftest import MONDAY_NINE

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """Stands for kill -9."""


def make_due() -> None:
    past = real_now() - timedelta(seconds=1)
    Notification.objects.filter(state="pending").update(next_at=past)
    Notification.objects.filter(state="sending").update(lease_until=past)


def states() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("state", flat=True))


def test_a_page_goes_out_once_severe_ones_first(cast, sent):
    ticket = make_ticket(cast)
    page(ticket, cast.cy, severity=3)
    page(ticket, cast.mo, severity=1)

    assert pages.send_notifications() == 2
    assert pages.send_notifications() == 0

    assert [letter.to.address for letter in sent.letters] == ["mo@desk.example", "cy@desk.example"]
    assert states() == ["sent", "sent"]


@pytest.mark.invariant("I8")
def test_killed_between_sending_and_settling_it_goes_out_again_under_the_same_message_id(cast, sent, monkeypatch):
    row = page(make_ticket(cast), cast.cy)

    def die(*_args, **_kwargs):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("channels.attempts.end", die)
        with pytest.raises(Killed):
            pages.send_notifications()
    assert pages.send_notifications() == 0, "the dead sender's lease holds for 30 s"
    make_due()
    pages.send_notifications()

    assert {letter.message_id for letter in sent.letters} == {f"<{row.idem_key}@servicedesk.example>"}
    assert len(sent.letters) == 2
    assert list(DeliveryAttempt.objects.order_by("n").values_list("n", "outcome")) == [(1, "lost"), (2, "sent")]


@pytest.mark.invariant("I7")
def test_a_page_of_a_stopped_clock_is_never_tried(cast, sent):
    ticket = make_ticket(cast)
    page(ticket, cast.cy, clock=make_clock(ticket, state="stopped"))

    pages.send_notifications()

    assert states() == ["superseded"] and sent.letters == [] and not DeliveryAttempt.objects.exists()


def test_a_sender_whose_lease_was_taken_over_settles_nothing(cast, sent):
    page(make_ticket(cast), cast.cy)
    old_token, row = leases.claim()
    make_due()
    new_token, again = leases.claim()

    assert again.pk == row.pk and new_token != old_token
    assert leases.settle(row, old_token, "sent") is False
    assert leases.settle(again, new_token, "sent") is True


def test_a_final_failure_passes_to_the_next_channel_then_to_the_manager_then_to_break_glass(cast, sent, settings):
    settings.BREAK_GLASS = ["glass@desk.example"]
    cast.cy.chat_url, cast.cy.manager = "jsons://chat.example/cy", cast.mo
    cast.cy.save()
    page(make_ticket(cast), cast.cy)
    final = SendFailed("550 gone", final=True)
    sent.refuse |= {"cy@desk.example": final, "jsons://chat.example/cy": final, "mo@desk.example": final}

    pages.send_notifications()

    told = Notification.objects.order_by("pk").values_list("user__email", "address", "channel", "state")
    assert list(told) == [
        ("cy@desk.example", "", "email", "failed"),
        ("cy@desk.example", "", "chat", "failed"),
        ("mo@desk.example", "", "email", "failed"),
        (None, "glass@desk.example", "email", "sent"),
    ]
    assert sent.letters[0].to.address == "glass@desk.example"


def test_a_passing_fault_is_tried_five_times_and_then_passed_on(cast, sent, settings):
    settings.BREAK_GLASS = ["glass@desk.example"]
    page(make_ticket(cast), cast.cy)
    sent.refuse["cy@desk.example"] = SendFailed("451 later")
    for _try in range(5):
        pages.send_notifications()
        make_due()
    pages.send_notifications()

    assert states() == ["failed", "sent"]
    assert DeliveryAttempt.objects.filter(outcome="failed").count() == 5


def test_the_web_channel_is_on_screen_at_once_and_seen_by_its_own_person_only(cast):
    row = page(make_ticket(cast), cast.bo, channel="web")
    pages.send_notifications()
    assert states() == ["sent"] and web.unseen(cast.bo_actor) == 1

    assert web.mark_seen([row.uuid], actor=cast.cy_actor, at=MONDAY_NINE) == 0
    assert web.mark_seen([row.uuid], actor=cast.bo_actor, at=MONDAY_NINE) == 1
    assert web.unseen(cast.bo_actor) == 0 and states() == ["seen"]
