import pytest

from accounts.actors import actor_for
from channels.dispatch import send_outbox
from channels.fakes import recording
from escalation.commands.confirm import confirm_duty
from escalation.commands.fire import fire_all
from escalation.commands.inform import ahead, inform_ahead, inform_told
from escalation.models import Duty, Notification
from ledger.models import Entry
from tests.factories.clocks import MINUTE
from tests.factories.formal import duty, escalate, verified_ticket
from tests.refusals import refused
from tickets.models import Note


@pytest.fixture
def formal(cast, rules, nine, settings):
    """A formal escalation of a production customer, its first three called at nine."""
    settings.OUTBOUND = "record"
    recording.clear()
    made = escalate(verified_ticket(cast, nine), nine, cast.bo_actor)
    fire_all(nine)
    yield made
    recording.clear()


@pytest.mark.rule("X-07")
def test_the_chief_is_called_before_the_ladder_gets_there_and_stays_on_it(cast, formal, nine):
    fire_all(nine + 10 * MINUTE)
    assert ahead(formal) == {"ceo": 2}

    made = inform_ahead(escalation_id=formal.pk, role="ceo", actor=cast.mo_actor, at=nine + 12 * MINUTE)

    assert (made.person, made.stage, ahead(formal)) == (cast.people["ceo"], 2, {})
    pages = Notification.objects.filter(duty=made)
    assert {(page.channel, page.firing_id) for page in pages} == {("web", None), ("email", None)}
    entry = Entry.objects.get(name="escalation.informed_ahead")
    assert (entry.data["role"], entry.actor_ref) == ("ceo", str(cast.mo.uuid))
    fire_all(nine + 30 * MINUTE)
    assert Duty.objects.filter(escalation=formal, role="ceo").count() == 1
    assert Notification.objects.filter(duty=made, firing__rule_code="F-2").exists()


@pytest.mark.rule("X-07")
def test_confirmed_early_the_chief_still_hears_how_it_stands_at_the_rungs_time(cast, formal, nine):
    fire_all(nine + 10 * MINUTE)
    made = inform_ahead(escalation_id=formal.pk, role="ceo", actor=cast.mo_actor, at=nine + 12 * MINUTE)
    confirm_duty(duty_id=made.pk, actor=actor_for(cast.people["ceo"]), at=nine + 13 * MINUTE)
    fire_all(nine + 60 * MINUTE)

    codes = Notification.objects.filter(user=cast.people["ceo"], firing__isnull=False)
    assert set(codes.values_list("firing__rule_code", flat=True)) == {"F-2", "F-3"}


def test_nobody_is_called_twice_and_only_managers_call(cast, formal, nine):
    fire_all(nine + 10 * MINUTE)
    at = nine + 12 * MINUTE
    for role in ("account_manager", "emperor", "all_told"):
        with refused("unknown_role", "role"):
            inform_ahead(escalation_id=formal.pk, role=role, actor=cast.mo_actor, at=at)
    with refused("not_manager"):
        inform_ahead(escalation_id=formal.pk, role="ceo", actor=cast.bo_actor, at=at)
    with refused("not_manager"):
        inform_told(escalation_id=formal.pk, text="Still down", public=False, actor=cast.bo_actor, at=at)
    assert not Duty.objects.filter(role="ceo").exists()


@pytest.mark.rule("X-07")
def test_news_goes_at_once_to_everyone_told_so_far_and_to_the_customer_if_asked(cast, formal, nine):
    note = inform_told(
        escalation_id=formal.pk, text="Carrier has found the broken fibre", public=True, actor=cast.mo_actor,
        at=nine + 5 * MINUTE,
    )  # fmt: skip
    while send_outbox():
        pass

    assert Note.objects.get() == note and note.progress and note.public
    told = {letter.to.address for letter in recording.letters if "broken fibre" in letter.text}
    first = {duty(formal, role).person.email for role in ("account_manager", "director_support")}
    assert first <= told and "ada@northgate.example" in told
