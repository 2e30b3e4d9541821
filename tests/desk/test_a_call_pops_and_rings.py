"""A call comes onto the screen by the telephone's address or by ringing; several stay in hand (V-01, C-07, P-01)."""

import re

import pytest
from django.urls import reverse

from tickets.models import CallScript, Interaction

POP = "/desk/call/?from=+61355500142&queue=Data+support"
HTMX = {"HX-Request": "true"}


def begun(client, number="+61355500142", queue="Data support") -> str:
    return client.post(reverse("desk:call-new"), {"number": number, "queue": queue})["Location"]


@pytest.mark.rule("V-01")
def test_a_telephones_address_opens_the_call_of_that_number_and_queue(bo, path, now):
    now()
    page = bo.get(POP).content.decode()
    assert 'value="+61355500142"' in page and 'value="Data support"' in page and not Interaction.objects.exists()

    call = bo.get(begun(bo, " 61355500142")).content.decode()

    made = Interaction.objects.get()
    assert (made.caller_number, made.called_queue) == ("+61355500142", "Data support")
    assert "to Data support" in call and "Number known: Ada Lund, Northgate Health Alliance." in call


@pytest.mark.rule("V-01")
def test_the_script_is_that_of_queue_and_language_and_names_no_caller(bo, path, now, cast):
    now()
    CallScript.objects.create(queue="Data support", language="en", greeting="Data desk, {agent}. *Your name*, please?")
    CallScript.objects.create(queue="Data support", language="de", greeting="Guten Tag, hier ist {agent}.")
    own = bo.get(begun(bo)).content.decode()
    assert "Data desk, Bo Raman. <strong>Your name</strong>, please?" in own and "Script: Data support, English" in own

    cast.ada.language = "de"
    cast.ada.save()
    assert "Guten Tag, hier ist Bo Raman." in bo.get(begun(bo, queue="data support")).content.decode()
    assert "Script: English" in bo.get(begun(bo, queue="Billing")).content.decode()


@pytest.mark.rule("C-07")
def test_a_ringing_call_is_answered_and_its_wait_is_shown(bo, path, now):
    now()
    rung = bo.post(reverse("desk:call-ring"), {"number": "+61355500142", "queue": "Data support"})["Location"]
    assert "+61355500142 rings at Data support" in bo.get(rung).content.decode()
    now(1.5)

    page = bo.post(rung, {"act": "answer"}).content.decode()

    assert "rings at" not in page
    assert re.search(r"Answered in[^<]*", page)[0].strip() == "Answered in 1 min of 20 s"
    assert Interaction.objects.get().answered_at is not None


def test_a_second_call_on_top_leaves_the_first_as_it_was(bo, path, now):
    now()
    first = begun(bo)
    bo.post(first, {"act": "save", "caller_name": "Ada", "problem_what": "Half a sentence"}, headers=HTMX)
    assert "Calls in hand" not in bo.get(first).content.decode()
    now()
    second = bo.post(reverse("desk:call-ring"), {"number": "+61399990000", "queue": "Data support"})["Location"]

    top = bo.get(second).content.decode()

    assert "Calls in hand" in top and "Ringing:" in top and first in top and "Half a sentence" not in top
    assert "Half a sentence" in bo.get(first).content.decode()
    bo.post(second, {"act": "park"})
    assert "Calls in hand" not in bo.get(first).content.decode()


def test_another_agents_calls_are_not_in_my_hand(bo, agent_of, cast, path, now):
    now()
    begun(agent_of(cast.sam), "+61399990000")
    now()

    assert "Calls in hand" not in bo.get(begun(bo)).content.decode()


def test_nobody_lets_a_call_ring_in_production(bo, path, now, settings):
    now()
    settings.ENV = "production"

    assert bo.get(reverse("desk:call-ring")).status_code == 404
    assert bo.post(reverse("desk:call-ring"), {"queue": "x"}).status_code == 404
    assert not Interaction.objects.exists()
