"""A person's ways: added, ordered, tested, proved by the code the test brought; by the person, or a lead for them."""

from datetime import timedelta

import pytest

from accounts.commands.prove_way import prove_way, send_test
from accounts.commands.ways import add_way, order_ways, remove_way, switch_way
from accounts.models import ContactMethod, RoleGrant
from channels import letters
from channels.failures import SendFailed
from channels.fakes import recording
from ledger.models import Entry, EntryText, OutboxMessage
from tests.refusals import refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sent(settings):
    settings.OUTBOUND, settings.SMS_URL = "record", "https://gateway.example/sms"
    recording.clear()
    yield recording
    recording.clear()


@pytest.fixture
def sms(cast, nine):
    return add_way(user_id=cast.bo.pk, channel="sms", address="+61 491 570 156", actor=cast.bo_actor, at=nine)


def code_of(sent) -> str:
    return sent.texts[-1].body.partition("code ")[2][:6]


def test_a_new_way_stands_last_is_kept_plainly_and_counts_for_nothing_yet(cast, nine, sms):
    mail = add_way(user_id=cast.bo.pk, channel="email", address="Bo@Home.example", actor=cast.bo_actor, at=nine)
    assert (sms.address, sms.position, sms.usable) == ("+61491570156", 0, False)
    assert (mail.address, mail.position) == ("bo@home.example", 1)
    fact = Entry.objects.filter(name="staff.way_added").first()
    assert "address" in fact.data["texts"] and "49157" not in str(fact.data)


def test_a_chat_hook_is_an_administrators_to_set_and_its_secret_is_not_put_on_record(cast, nine):
    RoleGrant.objects.create(user=cast.cy, role="administrator")
    add_way(user_id=cast.bo.pk, channel="chat", address="slack://token-a/b/c", actor=cast.cy_actor, at=nine)
    assert not EntryText.objects.filter(body__contains="token-a").exists()
    assert "token-a" not in str(Entry.objects.get(name="staff.way_added").data)


@pytest.mark.parametrize(
    ("channel", "address", "code"),
    [
        ("sms", "0491 570 156", "bad_address"),
        ("voice", "me", "bad_address"),
        ("email", "bo", "bad_address"),
        ("webhook", "http://hooks.example/x", "bad_address"),
        ("webhook", "", "bad_address"),
        ("fax", "+61491570156", "unknown_channel"),
        ("chat", "jsons://chat.example/x", "not_allowed"),
        ("sms", "+61491570156", "known_way"),
    ],
)
def test_what_cannot_be_a_way_is_refused_and_nothing_is_written(cast, nine, sms, channel, address, code):
    with refused(code):
        add_way(user_id=cast.bo.pk, channel=channel, address=address, actor=cast.bo_actor, at=nine)
    assert ContactMethod.objects.count() == 1


def test_others_may_not_touch_it_but_a_supervisor_may(cast, nine, sms):
    colleague = cast.sam_actor
    with refused("unknown_way"):
        switch_way(way_id=sms.pk, enabled=False, actor=colleague, at=nine)
    with refused("unknown_person"):
        add_way(user_id=cast.bo.pk, channel="push", actor=colleague, at=nine)
    assert switch_way(way_id=sms.pk, enabled=False, actor=cast.cy_actor, at=nine).enabled is False


def test_the_order_is_the_persons_own(cast, nine, sms):
    push = add_way(user_id=cast.bo.pk, channel="push", actor=cast.bo_actor, at=nine)
    order_ways(user_id=cast.bo.pk, order=[push.uuid, sms.uuid], actor=cast.bo_actor, at=nine)
    assert list(ContactMethod.objects.values_list("channel", flat=True)) == ["push", "sms"]
    remove_way(way_id=push.pk, actor=cast.bo_actor, at=nine)
    assert ContactMethod.objects.get() == sms


def test_the_code_of_the_test_proves_the_way_and_is_then_kept_nowhere(cast, nine, sms, sent):
    send_test(way_id=sms.pk, actor=cast.bo_actor, at=nine)
    letters.send_outbox()
    sms.refresh_from_db()
    assert sms.test_result == "sent" and sent.texts[0].to.address == "+61491570156"
    code = code_of(sent)
    assert code not in str(OutboxMessage.objects.values_list("payload", flat=True)) and code not in str(vars(sms))

    assert prove_way(way_id=sms.pk, code=f" {code} ", actor=cast.bo_actor, at=nine).usable
    with refused("no_test"):
        prove_way(way_id=sms.pk, code=code, actor=cast.bo_actor, at=nine)


def test_a_lead_cannot_prove_a_way_in_somebody_elses_name(cast, nine, sms, sent):
    send_test(way_id=sms.pk, actor=cast.cy_actor, at=nine)
    letters.send_outbox()
    with refused("not_yours"):
        prove_way(way_id=sms.pk, code=code_of(sent), actor=cast.cy_actor, at=nine)


def test_five_wrong_codes_end_the_test_and_a_right_one_comes_too_late(cast, nine, sms, sent):
    send_test(way_id=sms.pk, actor=cast.bo_actor, at=nine)
    letters.send_outbox()
    for _try in range(5):
        with refused("wrong_code"):
            prove_way(way_id=sms.pk, code="x", actor=cast.bo_actor, at=nine)
    with refused("too_many_tries"):
        prove_way(way_id=sms.pk, code=code_of(sent), actor=cast.bo_actor, at=nine)
    with refused("just_tested"):
        send_test(way_id=sms.pk, actor=cast.bo_actor, at=nine)


def test_an_old_code_is_worth_nothing(cast, nine, sms, sent):
    send_test(way_id=sms.pk, actor=cast.bo_actor, at=nine)
    letters.send_outbox()
    sms.refresh_from_db()
    ContactMethod.objects.update(code_until=sms.code_until - timedelta(minutes=15))
    with refused("no_test"):
        prove_way(way_id=sms.pk, code=code_of(sent), actor=cast.bo_actor, at=nine)


def test_what_the_provider_said_against_a_test_is_shown(cast, nine, sms, sent):
    sent.refuse[sms.address] = SendFailed("answered 422", final=True)
    send_test(way_id=sms.pk, actor=cast.bo_actor, at=nine)
    letters.send_outbox()
    sms.refresh_from_db()
    assert (sms.test_result, sms.test_error) == ("failed", "answered 422")
    assert OutboxMessage.objects.get().payload == {"way": str(sms.uuid)}
