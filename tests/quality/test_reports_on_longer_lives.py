"""A pause, a reopening: what came in between stands in the report (C-22, C-24)."""

from typing import Any

import pytest

from ledger.errors import Refused
from quality.reports.commands.draft import draft_report
from quality.reports.commands.file import file_report
from quality.reports.commands.save import Content, save_report
from quality.reports.queries import report_view
from tests.quality.conftest import WRITTEN
from tests.tickets.path import FAULT
from tickets.commands.close import reopen
from tickets.commands.resolve import resolve
from tickets.commands.resume import resume
from tickets.commands.triage import Triage, triage
from tickets.commands.work import sign_for

pytestmark = pytest.mark.django_db


@pytest.mark.rule("C-24")
def test_approvers_and_the_customers_consent_are_among_the_people(path):
    ticket = path.suspended()
    ticket = resume(ticket_id=ticket.pk, reason="The clinic opened", actor=path.cast.bo_actor, at=path.tick())
    resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="hardware", cause="Worn fibre", at=path.tick(),
        resolution="Fibre replaced", participants_confirmed=True, actor=path.cast.bo_actor,
    )  # fmt: skip
    draft = draft_report(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())

    approvers = {row["user"] for row in draft.people if row["part"] == "approver"}
    assert approvers == {str(path.cast.mo.uuid), str(path.cast.cy.uuid)}
    assert str(path.cast.ada.uuid) in {row.get("contact") for row in draft.people if row["part"] == "customer"}
    (pause,) = report_view(draft, inside=True).pauses
    assert pause.consent_contact == path.cast.ada
    assert {a.person for a in pause.approvals.all()} == {path.cast.mo, path.cast.cy}


def test_words_typed_before_a_reopening_are_kept_for_the_next_run(path):
    ticket = path.closed()
    draft = draft_report(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())
    typed = Content(prevention=WRITTEN.prevention)
    save_report(edition_id=draft.pk, content=typed, actor=path.cast.bo_actor, at=path.tick())
    reopen(ticket_id=ticket.pk, reason="It fails again", actor=path.cast.cy_actor, at=path.tick())
    answers: dict[str, Any] = FAULT | {"service_id": path.cast.service.pk}
    triage(ticket_id=ticket.pk, triage=Triage(**answers), at=path.tick(), actor=path.cast.cy_actor)
    sign_for(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())
    resolve(
        ticket_id=ticket.pk, resolution_code="fixed", cause_code="hardware", cause="Worn fibre", at=path.tick(),
        resolution="Fibre replaced", participants_confirmed=True, actor=path.cast.bo_actor,
    )  # fmt: skip

    again = draft_report(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())

    assert (again.report.run_no, again.number, again.prevention) == (2, 1, WRITTEN.prevention)
    with pytest.raises(Refused) as refusal:
        file_report(edition_id=draft.pk, people_confirmed=True, actor=path.cast.bo_actor, at=path.tick())
    assert refusal.value.code == "other_run"
