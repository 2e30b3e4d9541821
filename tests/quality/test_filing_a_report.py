"""Filing makes a report final, meets R-1 and R-1D, and asks for everything that must be said."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from escalation.commands.fire import fire_all
from escalation.models import Clock, Firing, Timer
from ledger.errors import Refused
from ledger.models import Entry
from quality.reports.commands.file import amend_report, content_hash, file_report, release_report
from quality.reports.commands.save import Content, Measure, save_report
from quality.reports.models import Edition
from tickets.models import WorkItem

pytestmark = pytest.mark.django_db


def file(path, edition, **fields):
    values = {"people_confirmed": True, "actor": path.cast.bo_actor, "at": path.tick()} | fields
    return file_report(edition_id=edition.pk, **values)


@pytest.mark.rule("C-26")
def test_a_filed_report_stops_the_clock_of_the_report(path, written):
    clock = Clock.objects.get(kind="fault_report")
    assert (clock.state, set(Timer.objects.filter(clock=clock, state="armed").values_list("rule_code", flat=True))) == (
        "running", {"R-1", "R-1D"},
    )  # fmt: skip

    filed = file(path, written, version=2)

    clock = Clock.objects.get(kind="fault_report")
    assert (clock.state, clock.stop_reason, filed.in_time) == ("stopped", "report_filed", True)
    fire_all(path.now + timedelta(days=10))
    assert not Firing.objects.filter(clock=clock).exists()


@pytest.mark.rule("C-26")
def test_a_report_that_is_not_filed_is_called_for_and_a_late_one_says_so(path, written):
    path.now += timedelta(days=3)
    fire_all(path.now)

    filed = file(path, written)

    codes = set(Firing.objects.filter(clock__kind="fault_report").values_list("rule_code", flat=True))
    assert (filed.in_time, codes) == (False, {"R-1", "R-1D"})


def test_the_fact_names_the_report_and_seals_its_words(path, filed):
    entry = Entry.objects.get(name="report.filed")

    assert entry.chain == filed.report.ticket.chain
    assert (entry.data["report"], entry.data["edition"]) == (str(filed.report.uuid), 1)
    assert entry.data["sha256"] == content_hash(Edition.objects.get(pk=filed.pk))
    assert "codec" not in str(entry.data)


@pytest.mark.rule("C-21")
@pytest.mark.parametrize("name", ["title", "summary", "cause", "repair", "prevention"])
@pytest.mark.parametrize("words", ["", "n/a", "已处理", "....."])
def test_placeholder_text_is_refused_and_nothing_is_filed(path, written, name, words):
    save_report(edition_id=written.pk, content=Content(**{name: words}), actor=path.cast.bo_actor, at=path.tick())

    with pytest.raises(Refused) as refusal:
        file(path, written)

    assert (refusal.value.code, refusal.value.field) == ("placeholder", name)
    assert not Entry.objects.filter(name="report.filed").exists()
    assert not WorkItem.objects.filter(source="improvement").exists()


@pytest.mark.rule("C-24")
@pytest.mark.parametrize("asked", [{"people_confirmed": False}, {"people": []}])
def test_the_people_are_looked_through_before_filing(path, written, asked):
    if "people" in asked:
        save_report(edition_id=written.pk, content=Content(**asked), actor=path.cast.bo_actor, at=path.tick())

    with pytest.raises(Refused) as refusal:
        file(path, written, people_confirmed=asked.get("people_confirmed", True))

    assert refusal.value.code == "participants"
    assert not Edition.objects.get(pk=written.pk).filed


def test_measures_become_steps_with_their_owner_once(path, filed):
    (item,) = WorkItem.objects.filter(source="improvement")
    assert (item.title, item.owner_user) == ("Alarm on refused calls", path.cast.sam)

    amended = amend_report(
        edition_id=filed.pk, reason="The vendor found more", actor=path.cast.bo_actor, at=path.tick()
    )
    file(path, amended)

    assert WorkItem.objects.filter(source="improvement").count() == 1


def test_a_measure_without_owner_is_not_filed(path, drafted, written):
    ownerless = Content(measures=[Measure(title="Somebody should look at the gateway")])
    save_report(edition_id=written.pk, content=ownerless, actor=path.cast.bo_actor, at=path.tick())

    with pytest.raises(Refused) as refusal:
        file(path, written)

    assert refusal.value.code == "no_owner"


@pytest.mark.rule("C-26")
def test_a_filed_report_is_never_changed_by_command_nor_by_hand(path, filed):
    with pytest.raises(Refused) as refusal:
        save_report(
            edition_id=filed.pk, content=Content(cause="Something else"), actor=path.cast.bo_actor, at=path.tick()
        )
    assert refusal.value.code == "filed"
    for sql in ("UPDATE quality_report_edition SET cause = 'x'", "DELETE FROM quality_report_edition"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_a_new_version_takes_the_words_over_and_leaves_the_old_one(path, filed):
    made = amend_report(edition_id=filed.pk, reason="The vendor found more", actor=path.cast.bo_actor, at=path.tick())

    assert (made.number, made.filed, made.cause, made.why) == (2, False, filed.cause, "The vendor found more")
    assert Edition.objects.get(pk=filed.pk).filed
    with pytest.raises(Refused) as refusal:
        amend_report(edition_id=filed.pk, reason="Once more, please", actor=path.cast.bo_actor, at=path.tick())
    assert refusal.value.code == "not_newest"


def test_a_second_person_releases_it_and_the_first_cannot(path, filed, wendy):
    for actor, code in ((path.cast.sam_actor, "not_allowed"), (path.cast.bo_actor, "not_allowed")):
        with pytest.raises(Refused) as refusal:
            release_report(edition_id=filed.pk, actor=actor, at=path.tick())
        assert refusal.value.code in {code, "not_your_ticket"}

    released = release_report(edition_id=filed.pk, actor=wendy, at=path.tick())

    assert (released.released_at, released.released_by_id) == (path.now, wendy.user_id)
    assert content_hash(Edition.objects.get(pk=filed.pk)) == filed.sha256
    again = release_report(edition_id=filed.pk, actor=path.cast.cy_actor, at=path.tick())
    assert again.released_by_id == wendy.user_id
