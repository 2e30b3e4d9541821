"""The key pressed in our call is a named human act; answering the call is not (X-04)."""

import uuid

import pytest

from escalation.models import Duty
from ledger.models import Entry

pytestmark = pytest.mark.django_db


def key(row, digit: str = "1") -> dict:
    return {"type": "keypad", "reference": str(row.idem_key), "digit": digit, "id": "call-9"}


@pytest.mark.rule("X-04")
def test_the_key_asked_for_confirms_in_the_name_of_the_person_called(gateway, asked, duty, cast):
    assert gateway.post(key(asked("voice"))).json() == {"outcome": "confirmed"}
    duty.refresh_from_db()
    assert (duty.how, duty.confirmed_by) == ("keypad", cast.mo)
    fact = Entry.objects.get(name="escalation.confirmed")
    assert fact.data["how"] == "keypad" and fact.data["call"] == "call-9" and fact.data["by"] == str(cast.mo.uuid)


@pytest.mark.rule("X-04")
def test_answering_the_call_confirms_nothing(gateway, asked, duty):
    row = asked("voice")
    gateway.post({"type": "receipt", "reference": str(row.idem_key), "status": "answered"})
    row.refresh_from_db()
    duty.refresh_from_db()
    assert row.receipt == "answered" and duty.confirmed_at is None


def test_another_key_another_channel_and_another_call_confirm_nothing(gateway, asked, duty):
    voice, text = asked("voice"), asked("sms")
    assert gateway.post(key(voice, "2")).json() == {"outcome": "wrong_key"}
    assert gateway.post(key(text)).json() == {"outcome": "unknown_call"}
    voice.idem_key = uuid.uuid4()
    assert gateway.post(key(voice)).json() == {"outcome": "unknown_call"}
    assert Duty.objects.get().confirmed_at is None


def test_a_second_press_changes_nothing(gateway, asked, duty):
    row = asked("voice")
    gateway.post(key(row))
    assert gateway.post(key(row)).json() == {"outcome": "already_confirmed"}
    assert Entry.objects.filter(name="escalation.confirmed").count() == 1


def test_whoever_stands_in_and_was_called_confirms_as_deputy(gateway, asked, duty, cast):
    row = asked("voice")
    row.user = cast.cy
    row.save()
    gateway.post(key(row))
    duty.refresh_from_db()
    assert duty.confirmed_by == cast.cy
    assert Entry.objects.get(name="escalation.confirmed").data["deputy"] is True


def test_somebody_who_left_confirms_nothing(gateway, asked, duty, cast):
    row = asked("voice")
    cast.mo.is_active = False
    cast.mo.save()
    assert gateway.post(key(row)).json() == {"outcome": "not_yours"}
