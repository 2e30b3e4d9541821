"""A report is drafted from the records, completed by a person, and a draft may be unfinished."""

from dataclasses import replace
from uuid import uuid4

import pytest

from ledger.errors import Refused
from ledger.models import Entry
from quality.reports.commands.draft import draft_report
from quality.reports.commands.save import Content, Measure, gather_people, save_report
from quality.reports.models import Edition
from quality.reports.people import Person
from tests.quality.conftest import WRITTEN

pytestmark = pytest.mark.django_db


@pytest.mark.rule("C-24")
@pytest.mark.rule("C-26")
def test_the_draft_holds_what_is_on_record(path, drafted):
    ticket, draft = drafted

    assert (draft.number, draft.version, draft.report.run_no, draft.filed) == (1, 1, 1, False)
    assert (draft.title, draft.cause, draft.repair) == ("Line down", ticket.cause, ticket.resolution)
    assert (draft.began_at, draft.ended_at) == (ticket.received_at, ticket.resolved_at)
    assert draft.prevention == ""
    parts = {row["part"]: row for row in draft.people}
    assert parts["owner"]["user"] == str(path.cast.bo.uuid)
    assert parts["reporter"]["contact"] == str(path.cast.ada.uuid)
    assert Entry.objects.filter(chain=ticket.chain, name="report.drafted").count() == 1


def test_a_second_draft_is_the_first_one(path, drafted):
    ticket, draft = drafted

    again = draft_report(ticket_id=ticket.pk, actor=path.cast.cy_actor, at=path.tick())

    assert again.pk == draft.pk
    assert Edition.objects.count() == 1


@pytest.mark.parametrize(("kind", "state", "code"), [("fault", "l1", "not_resolved"), ("request", "", "not_a_fault")])
def test_only_a_solved_fault_is_reported_on(path, kind, state, code):
    ticket = path.to(state) if state else path.resolved(kind=kind, category="other")

    with pytest.raises(Refused) as refusal:
        draft_report(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())

    assert refusal.value.code == code
    assert not Edition.objects.exists()


def test_an_unfinished_draft_is_kept_as_typed(path, drafted):
    ticket, draft = drafted
    content = Content(cause="tbd", people=[Person(part="contractor", label="Ditch & Sons", note="dug")])

    saved = save_report(edition_id=draft.pk, content=content, actor=path.cast.bo_actor, at=path.tick(), version=1)

    assert (saved.version, saved.cause, saved.repair) == (2, "tbd", ticket.resolution)
    assert saved.people == [{"part": "contractor", "label": "Ditch & Sons", "note": "dug"}]
    assert Entry.objects.get(name="report.saved").data["parts"] == ["cause", "people"]


def test_a_save_against_an_older_draft_is_refused_and_changes_nothing(path, written):
    with pytest.raises(Refused) as refusal:
        save_report(
            edition_id=written.pk, content=Content(cause="Other"), actor=path.cast.bo_actor, at=path.tick(), version=1
        )

    assert (refusal.value.code, refusal.value.details) == ("stale", {"version": 2})
    assert Edition.objects.get(pk=written.pk).cause == WRITTEN.cause


def test_saving_the_same_words_writes_nothing(path, written):
    before = Entry.objects.count()

    save_report(edition_id=written.pk, content=replace(WRITTEN), actor=path.cast.bo_actor, at=path.tick(), version=2)

    assert Entry.objects.count() == before
    assert Edition.objects.get(pk=written.pk).version == 2


@pytest.mark.rule("C-24")
def test_gathering_again_adds_who_came_later_and_takes_nobody_off(path, drafted):
    ticket, draft = drafted
    only = Content(people=[Person(part="contractor", label="Ditch & Sons")])
    save_report(edition_id=draft.pk, content=only, actor=path.cast.bo_actor, at=path.tick())

    gathered = gather_people(edition_id=draft.pk, actor=path.cast.bo_actor, at=path.tick())

    assert [row.get("label") for row in gathered.people][0] == "Ditch & Sons"
    assert {"owner", "reporter"} <= {row["part"] for row in gathered.people}


@pytest.mark.parametrize("person", [{"user": str(uuid4())}, {"contact": "dee"}])
def test_a_person_of_another_customer_is_not_listed(path, drafted, person):
    ticket, draft = drafted
    if "contact" in person:
        person = {"contact": str(path.cast.dee.uuid)}

    with pytest.raises(Refused) as refusal:
        save_report(
            edition_id=draft.pk, content=Content(people=[Person(part="customer", **person)]),
            actor=path.cast.bo_actor, at=path.tick(),
        )  # fmt: skip

    assert refusal.value.code == "unknown_person"


def test_a_measure_cannot_borrow_a_step_of_another_ticket(path, drafted):
    ticket, draft = drafted
    measure = Measure(title="Replace the fibre", owner=path.cast.sam.uuid, item=uuid4())

    saved = save_report(
        edition_id=draft.pk, content=Content(measures=[measure]), actor=path.cast.bo_actor, at=path.tick()
    )

    assert saved.measures == [{"title": "Replace the fibre", "owner": str(path.cast.sam.uuid)}]
