"""A reply confirms only if person, authentication, hand and word are right; else the duty manager reads it (X-04)."""

import pytest

from accounts.models import ContactMethod
from escalation.models import Notification
from escalation.replies import Check, Reply, doubts
from ledger.models import Entry, EntryText
from tests.conftest import MONDAY_NINE

MO = "mo@desk.example"
ALIGNED = (Check(method="dkim", domain="desk.example", passed=True),)


def reply(**fields) -> Reply:
    said = {"message_id": "<r1@desk.example>", "senders": (MO,), "references": (), "text": "CONFIRM\n\n> page"}
    return Reply(**(said | {"checks": ALIGNED} | fields))


@pytest.mark.rule("X-04")
@pytest.mark.parametrize("text", ["CONFIRM", "\n\n  confirm. \nMo", "确认。\n"])
def test_the_word_alone_on_the_first_own_line_counts(text):
    assert doubts(reply(text=text), [MO]) == []


@pytest.mark.rule("X-04")
@pytest.mark.parametrize("text", ["", "I confirm", "> CONFIRM", "CONFIRM please", "Thanks\nCONFIRM", "No\n> CONFIRM"])
def test_any_other_first_line_does_not(text):
    assert doubts(reply(text=text), [MO]) == ["not_the_word"]


@pytest.mark.parametrize(
    "checks",
    [
        (),
        (Check(method="dkim", domain="desk.example", passed=False),),
        (Check(method="dkim", domain="evil.example", passed=True),),
        (Check(method="spf", domain="notdesk.example", passed=True),),
        (Check(method="dkim", domain="example", passed=True),),
        (Check(method="dkim", domain="sub.desk.example", passed=True),),
        (Check(method="arc", domain="desk.example", passed=True),),
    ],
)
def test_without_an_aligned_check_it_is_not_authenticated(checks):
    assert doubts(reply(checks=checks), [MO]) == ["not_authenticated"]


def test_a_check_of_the_domain_above_is_aligned():
    assert doubts(reply(senders=("mo@mail.desk.example",)), ["mo@mail.desk.example"]) == []


@pytest.mark.parametrize(
    "automatic",
    [
        {"headers": {"Auto-Submitted": "auto-replied; x=y"}},
        {"headers": {"auto-submitted": "auto-generated"}},
        {"headers": {"Precedence": "bulk"}},
        {"headers": {"X-Autoreply": "yes"}},
        {"headers": {"List-Id": "<all.desk.example>"}},
        {"headers": {"Content-Type": "multipart/report; boundary=x"}},
        {"headers": {"Return-Path": "<>"}},
        {"envelope_from": ""},
    ],
)
def test_an_automatic_answer_never_counts(automatic):
    assert doubts(reply(**automatic), [MO]) == ["automatic"]


def test_a_hand_written_one_may_say_that_it_is_not_automatic():
    assert doubts(reply(headers={"auto-submitted": "no"}, envelope_from=MO), [MO]) == []


@pytest.mark.parametrize("senders", [("eve@desk.example",), (MO, "eve@desk.example"), ()])
def test_another_or_a_second_sender_is_not_the_person(senders):
    assert "not_the_person" in doubts(reply(senders=senders), [MO])


def event(row, **fields) -> dict:
    return {
        "message_id": "<r1@desk.example>", "from": [MO], "in_reply_to": f"<{row.idem_key}@servicedesk.example>",
        "headers": {}, "text": "CONFIRM", "envelope_from": MO,
        "authentication": [{"method": "dmarc", "domain": "desk.example", "result": "pass"}],
    } | fields  # fmt: skip


@pytest.mark.rule("X-04")
@pytest.mark.django_db
def test_a_good_reply_handed_in_signed_confirms(mailbox, asked, duty, cast):
    assert mailbox.post(event(asked("email"))).json() == {"outcome": "confirmed"}
    duty.refresh_from_db()
    assert (duty.how, duty.confirmed_by) == ("reply", cast.mo)


@pytest.mark.django_db
def test_a_verified_second_mailbox_of_the_person_is_the_person(mailbox, asked, duty, cast):
    home = {
        "from": ["mo@home.example"],
        "authentication": [{"method": "spf", "domain": "home.example", "result": "pass"}],
    }
    row = asked("email")
    assert mailbox.post(event(row, **home)).json() == {"outcome": "unread"}
    ContactMethod.objects.create(user=cast.mo, channel="email", address="mo@home.example", verified_at=MONDAY_NINE)
    assert mailbox.post(event(row, **home)).json() == {"outcome": "confirmed"}


@pytest.mark.rule("X-04")
@pytest.mark.django_db
def test_a_doubtful_reply_confirms_nothing_and_the_duty_manager_sees_it_unread(mailbox, asked, duty, cast):
    row = asked("email")
    assert mailbox.post(event(row, text="On holiday until Monday")).json() == {"outcome": "unread"}
    duty.refresh_from_db()
    assert duty.confirmed_at is None
    news = Notification.objects.get(kind="news")
    assert (news.role, news.user, news.channel, news.seen_at) == ("duty_manager", cast.mo, "web", None)
    fact = Entry.objects.get(name="escalation.reply_unread")
    assert fact.data["reasons"] == ["not_the_word"]
    assert EntryText.objects.get(pk=fact.data["texts"]["text"]["id"]).body == "On holiday until Monday"


@pytest.mark.django_db
def test_a_mail_that_answers_nothing_of_ours_is_left_alone(mailbox, asked):
    row = asked("email")
    assert mailbox.post(event(row, in_reply_to="<x@y>")).json() == {"outcome": "unknown"}
    assert mailbox.post({"type": "x"}).json() == {"outcome": "malformed"}
    assert not Entry.objects.filter(name="escalation.reply_unread").exists()


@pytest.mark.django_db
def test_a_second_reply_changes_nothing(mailbox, asked):
    row = asked("email")
    mailbox.post(event(row))
    assert mailbox.post(event(row)).json() == {"outcome": "already_confirmed"}
    assert Entry.objects.filter(name="escalation.confirmed").count() == 1
