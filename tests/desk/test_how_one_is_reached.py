"""The page of the own ways: add, order, test with its result, prove; for others as a lead alone."""

import pytest
from django.core.cache import cache

from accounts.models import ContactMethod
from channels import letters
from channels.fakes import recording
from tests.desk.conftest import BACKEND

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/reach/"


@pytest.fixture(autouse=True)
def sent(settings):
    settings.OUTBOUND, settings.SMS_URL = "record", "https://gateway.example/sms"
    cache.clear()
    recording.clear()
    yield recording
    recording.clear()


def post(client, act: str, way=None, page: str = ADDRESS, **data):
    return client.post(page, {"act": act, **({"way": way.uuid} if way else {}), **data})


@pytest.fixture
def bo(client, cast):
    client.force_login(cast.bo, backend=BACKEND)
    return client


def test_a_way_is_added_tested_and_proved_on_the_page(bo, cast, sent):
    assert post(bo, "add", channel="sms", address="+61 491 570 156").status_code == 303
    way = ContactMethod.objects.get(user=cast.bo)
    assert "Not proved yet" in bo.get(ADDRESS).content.decode()

    post(bo, "test", way)
    waiting = bo.get(ADDRESS).content.decode()
    assert "on its way" in waiting and 'hx-trigger="every 5s"' in waiting
    letters.send_outbox()
    told = bo.get(ADDRESS, headers={"HX-Request": "true"}).content.decode()
    assert "handed over" in told and "every 5s" not in told and "<html" not in told

    wrong = post(bo, "prove", way, code="000")
    assert wrong.status_code == 422 and "not the code" in wrong.content.decode()
    assert post(bo, "prove", way, code=sent.texts[0].body.partition("code ")[2][:6]).status_code == 303
    assert "Proved" in bo.get(ADDRESS).content.decode()


def test_ways_change_places_are_left_out_and_removed(bo, cast):
    for channel, address in (("email", "bo@home.example"), ("sms", "+61491570156")):
        post(bo, "add", channel=channel, address=address)
    mail, text = ContactMethod.objects.filter(user=cast.bo)
    post(bo, "up", text)
    assert list(ContactMethod.objects.values_list("channel", flat=True)) == ["sms", "email"]
    post(bo, "off", mail)
    mail.refresh_from_db()
    assert mail.enabled is False
    post(bo, "remove", text)
    assert ContactMethod.objects.get() == mail
    assert post(bo, "dance", mail).status_code == 404


def test_a_refused_address_stays_typed_with_the_reason(bo):
    answer = post(bo, "add", channel="sms", address="0491")
    assert answer.status_code == 422
    assert "country code" in answer.content.decode() and 'value="0491"' in answer.content.decode()


def test_a_webhooks_secret_is_shown_to_its_person_alone(bo, cast, client):
    post(bo, "add", channel="webhook", address="https://hooks.example/x")
    assert "whsec_" in bo.get(ADDRESS).content.decode()
    client.force_login(cast.cy, backend=BACKEND)
    assert "whsec_" not in client.get(f"{ADDRESS}{cast.bo.uuid}/").content.decode()


def test_a_lead_sees_and_orders_the_ways_of_others_and_nobody_else_does(client, cast):
    client.force_login(cast.cy, backend=BACKEND)
    address = f"{ADDRESS}{cast.bo.uuid}/"
    assert post(client, "add", page=address, channel="push").status_code == 303
    assert "Desktop notification" in client.get(address).content.decode()
    client.force_login(cast.sam, backend=BACKEND)
    assert client.get(address).status_code == 404
    assert str(cast.bo.uuid) not in client.get(ADDRESS).content.decode()


def test_another_persons_way_is_unknown_on_the_own_page(bo, cast):
    theirs = ContactMethod.objects.create(user=cast.sam, channel="push")
    assert post(bo, "remove", theirs).status_code == 404
    assert post(bo, "remove").status_code == 404
    assert ContactMethod.objects.count() == 1


def test_chat_hooks_are_set_by_administrators_and_texts_need_a_provider(bo, settings):
    page = bo.get(ADDRESS).content.decode()
    assert 'value="sms"' in page and 'value="voice"' not in page and 'value="chat"' not in page
