"""Greetings are data by queue and language; none may voice what the caller has not said (V-01, decisions 16)."""

import pytest
from django.core.exceptions import ValidationError

from tickets.call_scripts import script_for
from tickets.models import CallScript
from tickets.seed import seed_configuration

pytestmark = [pytest.mark.django_db, pytest.mark.rule("V-01")]
SAID = {"operator": "Halden", "agent": "Bo *Raman*"}


@pytest.mark.parametrize("greeting", ["Hello {name}", "Is this {number}?", "Good {daytime}, {contact.name}"])
def test_a_place_for_who_calls_is_refused(greeting):
    with pytest.raises(ValidationError, match="never who calls"):
        CallScript(queue="", language="en", greeting=greeting).full_clean()
    CallScript(queue="", language="en", greeting="Good {daytime}, {operator}, {agent}").full_clean()


def test_every_desk_starts_with_a_greeting_in_its_languages_and_keeps_its_own(cast):
    seed_configuration()
    CallScript.objects.filter(language="en").update(greeting="Our own words")
    seed_configuration()

    english = script_for("Data", ["en"], cast.bo_actor, hour=9, values=SAID)
    chinese = script_for("Data", ["zh-hans"], cast.bo_actor, hour=19, values=SAID)

    assert english.parts == (("Our own words", False),)
    assert chinese.parts[0][0] == "晚上好，Halden，我是Bo Raman。请问" and ("您贵姓", True) in chinese.parts


def test_the_queue_comes_before_the_language_and_english_before_silence(cast):
    CallScript.objects.create(queue="Voice", language="en", greeting="Voice")
    CallScript.objects.create(queue="", language="de", greeting="Alle")

    found = {q: script_for(q, ["de"], cast.bo_actor, hour=9, values=SAID).parts[0][0] for q in ("Voice", "")}
    assert found == {"Voice": "Voice", "": "Alle"}
