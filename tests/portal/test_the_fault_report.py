"""The customer reads a report once it is released, without our internal words; nobody else's customer ever."""

import pytest
from django.test import Client
from django.urls import reverse

from quality.reports.commands.draft import draft_report
from quality.reports.commands.file import file_report, release_report
from quality.reports.commands.save import save_report
from tests.desk.conftest import BACKEND
from tests.quality.conftest import WRITTEN
from tests.tickets.path import Path
from tickets.commands.note import add_note

pytestmark = pytest.mark.django_db
NAMES = ("portal:ticket-report", "portal:ticket-report-pdf")


@pytest.fixture
def path(cast, policies, nine) -> Path:
    return Path(cast, nine)


@pytest.fixture
def filed(path):
    """A filed report with an internal note behind it and internal words in it."""
    ticket = path.resolved()
    add_note(ticket_id=ticket.pk, body="The vendor hides it", public=False, actor=path.cast.bo_actor, at=path.tick())
    draft = draft_report(ticket_id=ticket.pk, actor=path.cast.bo_actor, at=path.tick())
    words = type(WRITTEN)(**{f: getattr(WRITTEN, f) for f in ("summary", "cause", "repair", "prevention")},
                          internal="We knew since March")  # fmt: skip
    save_report(edition_id=draft.pk, content=words, actor=path.cast.bo_actor, at=path.tick())
    return file_report(edition_id=draft.pk, people_confirmed=True, actor=path.cast.bo_actor, at=path.tick())


def customer(contact) -> Client:
    client = Client()
    client.force_login(contact.user, backend=BACKEND)
    return client


def test_a_report_that_is_not_released_does_not_exist(cast, filed):
    number = filed.report.ticket.number
    ada = customer(cast.ada)

    assert {ada.get(reverse(name, args=[number])).status_code for name in NAMES} == {404}
    assert "Read the fault report" not in ada.get(reverse("portal:ticket", args=[number])).content.decode()


@pytest.mark.rule("C-26")
def test_a_released_report_is_read_without_an_internal_word(cast, path, filed):
    release_report(edition_id=filed.pk, actor=path.cast.cy_actor, at=path.tick())
    number = filed.report.ticket.number
    ada = customer(cast.ada)

    assert "Read the fault report" in ada.get(reverse("portal:ticket", args=[number])).content.decode()
    page = ada.get(reverse("portal:ticket-report", args=[number])).content.decode()
    assert str(WRITTEN.cause) in page and str(WRITTEN.prevention) in page
    assert not [word for word in ("We knew since March", "The vendor hides it", "event 1<") if word in page]
    assert ada.get(reverse("portal:ticket-report-pdf", args=[number])).content.startswith(b"%PDF-")


def test_another_customer_and_those_who_need_not_know_get_404(cast, path, filed):
    release_report(edition_id=filed.pk, actor=path.cast.cy_actor, at=path.tick())
    ticket = filed.report.ticket

    assert {customer(cast.dee).get(reverse(name, args=[ticket.number])).status_code for name in NAMES} == {404}
    type(ticket).objects.filter(pk=ticket.pk).update(restricted=True)
    assert {customer(cast.al).get(reverse(name, args=[ticket.number])).status_code for name in NAMES} == {404}
