"""A way that fails hands on at once: the next way, the deputy, the manager, the duty manager, break-glass (I9)."""

import pytest

from accounts.models import AccountTeamMember, ContactMethod
from channels import pages
from channels.failures import SendFailed
from escalation.models import Notification
from tests.channels.parts import make_ticket, page
from tests.conftest import MONDAY_NINE

pytestmark = pytest.mark.django_db
GONE = SendFailed("550 gone", final=True)


@pytest.fixture(autouse=True)
def gateway(settings):
    settings.SMS_URL = settings.VOICE_URL = "https://gateway.example/"
    settings.BREAK_GLASS = ["glass@desk.example", "second@desk.example"]


def way(user, channel: str, address: str, position: int) -> ContactMethod:
    return ContactMethod.objects.create(
        user=user, channel=channel, address=address, position=position, verified_at=MONDAY_NINE
    )


def stands_in(cast) -> None:
    """Cy holds a role for Northgate, with Sam as deputy."""
    AccountTeamMember.objects.update_or_create(
        organisation=cast.northgate, role="executive_support", defaults={"user": cast.cy, "deputy": cast.sam}
    )


def told() -> list[tuple]:
    rows = Notification.objects.order_by("pk").values_list("user__email", "address", "channel", "state")
    return [(email or address, channel, state) for email, address, channel, state in rows]


def test_every_way_of_the_own_order_is_tried_a_second_number_too(cast, sent):
    way(cast.cy, "voice", "+61491570156", 0)
    way(cast.cy, "sms", "+61491570156", 1)
    way(cast.cy, "sms", "+61491570157", 2)
    way(cast.cy, "email", "cy@home.example", 3)
    sent.refuse |= {"+61491570156": GONE, "+61491570157": GONE}
    page(make_ticket(cast), cast.cy, channel="voice")

    pages.send_notifications()

    assert told() == [
        ("cy@desk.example", "voice", "failed"), ("cy@desk.example", "sms", "failed"),
        ("cy@desk.example", "sms", "failed"), ("cy@desk.example", "email", "sent"),
    ]  # fmt: skip
    assert sent.letters[0].to.address == "cy@home.example"


@pytest.mark.invariant("I9")
def test_then_deputy_manager_and_duty_manager_each_once_and_at_last_everyone_behind_the_glass(cast, sent):
    boss = cast.people["ceo"]
    cast.cy.manager = boss
    cast.cy.save()
    stands_in(cast)
    for mailbox in ("cy@desk.example", "sam@desk.example", boss.email, "mo@desk.example", "glass@desk.example"):
        sent.refuse[mailbox] = GONE
    page(make_ticket(cast), cast.cy, role="executive_support")

    pages.send_notifications()

    order = list(dict.fromkeys(who for who, _channel, _state in told()))
    assert order[:4] == ["cy@desk.example", "sam@desk.example", boss.email, "mo@desk.example"]
    assert set(order[4:]) == {"glass@desk.example", "second@desk.example"}
    assert told()[-1] == ("second@desk.example", "email", "sent")
    assert len(order) == len({*order})


@pytest.mark.invariant("I9")
def test_whoever_is_away_is_not_asked_in_anothers_place(cast, sent):
    cast.sam.available = False
    cast.sam.save()
    stands_in(cast)
    sent.refuse["cy@desk.example"] = GONE
    page(make_ticket(cast), cast.cy, role="executive_support")
    pages.send_notifications()
    assert [who for who, _channel, _state in told()] == ["cy@desk.example", "mo@desk.example"]


def test_a_notice_on_the_screen_alone_is_no_arrival(cast, sent):
    row = page(make_ticket(cast), cast.cy)
    screen = Notification.objects.get(pk=row.pk)
    screen.pk, screen.channel, screen.uuid = None, "web", "01890000-0000-7000-8000-00000000000b"
    screen.idem_key, screen.state = screen.uuid, "sent"
    screen.save()
    sent.refuse["cy@desk.example"] = GONE
    pages.send_notifications()
    assert told()[-1] == ("mo@desk.example", "email", "sent")


def test_news_is_not_passed_on(cast, sent):
    sent.refuse["cy@desk.example"] = GONE
    page(make_ticket(cast), cast.cy, kind="news")
    pages.send_notifications()
    assert told() == [("cy@desk.example", "email", "failed")]
