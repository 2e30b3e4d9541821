import pytest

from channels import letters
from channels.fakes import recording
from escalation.commands.fire import fire_all
from escalation.models import Clock, Notification
from ledger.errors import Refused
from ledger.models import OutboxMessage
from tests.factories.clocks import MINUTE, armed
from tests.factories.majors import BODIES, core, customers, declared, told
from tickets.commands.major_impact import add_organisation
from tickets.commands.major_news import change_cadence, draft_update
from tickets.commands.major_people import change_commander
from tickets.models import MajorUpdate


@pytest.fixture(autouse=True)
def _shipped(cast, policies):
    """Clocks and playbooks as every install has them."""


@pytest.fixture
def recorded(settings):
    """What would have gone out."""
    settings.OUTBOUND = "record"
    recording.clear()
    yield recording.letters
    recording.clear()


def news(chain):
    return OutboxMessage.objects.filter(topic="mail.major_update", entry__chain=chain)


@pytest.mark.rule("V-19")
def test_silence_calls_the_commander_and_each_update_begins_the_wait_anew(cast, nine):
    incident = declared(cast, nine)
    assert armed(rule_code="I-1") == {("I-1", 1): nine + 30 * MINUTE}

    told(incident, cast.cy_actor, nine + 20 * MINUTE)
    assert armed(rule_code="I-1") == {("I-1", 1): nine + 50 * MINUTE}
    change_commander(incident_id=incident.pk, user_id=cast.bo.pk, actor=cast.cy_actor, at=nine + 21 * MINUTE)
    fire_all(nine + 50 * MINUTE)

    rows = Notification.objects.filter(firing__rule_code="I-1", channel="email")
    assert set(rows.values_list("role", "user__name")) == {("commander", "Bo Raman"), ("duty_manager", "Mo Tan")}


@pytest.mark.rule("V-19")
def test_the_cadence_promised_is_the_cadence_kept(cast, nine):
    incident = declared(cast, nine, cadence_minutes=60)
    assert armed(rule_code="I-1") == {("I-1", 1): nine + 60 * MINUTE}

    change_cadence(incident_id=incident.pk, cadence_minutes=15, actor=cast.cy_actor, at=nine + 5 * MINUTE)
    assert armed(rule_code="I-1") == {("I-1", 1): nine + 15 * MINUTE}
    told(incident, cast.cy_actor, nine + 10 * MINUTE, cadence_minutes=120)

    assert armed(rule_code="I-1") == {("I-1", 1): nine + 130 * MINUTE}
    assert Clock.objects.get(kind="major_incident").ticket_id is None


@pytest.mark.rule("V-19")
@pytest.mark.rule("X-06")
def test_the_audience_is_frozen_when_it_is_sent(cast, nine):
    incident = declared(cast, nine)
    late = customers(1)[0]

    sent = told(incident, cast.cy_actor, nine + MINUTE)
    add_organisation(
        incident_id=incident.pk, organisation_id=late.pk, reason="Same trunk profile", actor=cast.cy_actor, at=nine
    )

    assert set(sent.update.recipients.values_list("contact__name", flat=True)) == {"Ada Lund", "Al Ortiz", "Dee Farouk"}
    assert set(MajorUpdate.objects.get().organisation_ids) == {cast.northgate.pk, cast.other.pk}


def test_each_reads_it_in_their_language_and_a_missing_translation_is_asked_for(cast, nine, recorded):
    core(cast)
    incident = declared(cast, nine)
    cast.dee.language = "zh-hans"
    cast.dee.save()
    with pytest.raises(Refused) as refusal:
        told(incident, cast.cy_actor, nine, bodies={"en": BODIES["en"]})
    assert (refusal.value.code, refusal.value.field) == ("no_translation", "body_zh_hans")
    assert not MajorUpdate.objects.exists()

    told(incident, cast.cy_actor, nine)
    letters.send_outbox()

    written = {letter.to.name: letter.text for letter in recorded if "/status/" in letter.text}
    assert set(written) == {"Ada Lund", "Al Ortiz", "Dee Farouk"}
    assert BODIES["zh-hans"] in written["Dee Farouk"] and BODIES["en"] in written["Ada Lund"]


def test_words_that_say_nothing_or_name_a_customer_are_not_sent(cast, nine):
    incident = declared(cast, nine)
    for body, code in (("ok", "placeholder"), ("Calder Mutual Bank is back already", "names_customer")):
        with pytest.raises(Refused) as refusal:
            told(incident, cast.cy_actor, nine, bodies={"en": body})
        assert refusal.value.code == code

    assert not news(incident.chain).exists()


def test_only_the_commander_a_writer_or_a_supervisor_speaks_to_customers(cast, nine):
    incident = declared(cast, nine)

    with pytest.raises(Refused) as refusal:
        told(incident, cast.bo_actor, nine)

    assert refusal.value.code == "not_leading"
    assert told(incident, cast.sam_actor, nine).contacts == 3


def test_a_draft_is_kept_and_becomes_the_update(cast, nine):
    incident = declared(cast, nine)
    draft_update(incident_id=incident.pk, phase="identified", bodies={"en": "half"}, actor=cast.cy_actor, at=nine)

    sent = told(incident, cast.cy_actor, nine + MINUTE)

    assert MajorUpdate.objects.get() == sent.update
    assert sent.update.body("en") == BODIES["en"]
