"""The report at the desk: begun from the ticket, saved unfinished, filed, read, printed, amended, released."""

import pytest
from django.urls import reverse

from quality.reports.models import Edition
from servicedesk.desk.views.report import pdf
from tests.desk.report_parts import WRITTEN, fields_of, write
from tests.factories.cast import staff


def test_the_ticket_leads_to_its_report_and_the_first_post_begins_it(bo, solved):
    address = reverse("desk:ticket-report", args=[solved.number])
    assert address in bo.get(reverse("desk:ticket", args=[solved.number])).content.decode()
    assert "Draft the report" in bo.get(address).content.decode()

    bo.post(address)

    draft = Edition.objects.get()
    assert bo.get(address).headers["Location"] == reverse("desk:report", args=[draft.uuid])
    page = bo.get(reverse("desk:report-edit", args=[draft.uuid])).content.decode()
    assert "Worn fibre at the port" in page and "Bo Raman" in page and "Ada Lund" in page


@pytest.mark.rule("C-24")
def test_an_unfinished_draft_is_saved_with_people_and_measures(bo, cast, draft):
    rows = len(bo.get(reverse("desk:report-edit", args=[draft.uuid])).context["people"].initial_forms)
    extra = {
        f"people-{rows}-part": "contractor", f"people-{rows}-name": "Ditch & Sons", "measures-0-title": "Add an alarm",
        "measures-0-owner": str(cast.sam.uuid), "cause": "",
    }  # fmt: skip

    answer = write(bo, draft, **extra)

    saved = Edition.objects.get()
    assert answer.status_code == 303
    assert (saved.version, saved.cause, saved.people[-1]["label"]) == (2, "", "Ditch & Sons")
    assert saved.measures == [{"title": "Add an alarm", "owner": str(cast.sam.uuid)}]


@pytest.mark.rule("C-21")
def test_filing_an_unfinished_report_says_all_that_is_missing_and_keeps_the_words(bo, draft):
    answer = write(bo, draft, "file", cause="n/a", summary="It was down for a while.")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"cause", "prevention"}
    assert "It was down for a while." in page and "n/a" in page
    assert Edition.objects.get().summary == "It was down for a while."
    assert not Edition.objects.get().filed


@pytest.mark.rule("C-26")
def test_a_whole_report_is_filed_and_read_as_two_sheets(bo, draft):
    answer = write(bo, draft, "file", people_confirmed="on", internal="The vendor knew.", **WRITTEN)

    assert answer.status_code == 303
    page = bo.get(answer.headers["Location"]).content.decode()
    assert page.count('class="sd-doc"') == 2
    assert "41 min" in page and "Both sides are compared first." in page and "The vendor knew." in page
    theirs = bo.get(answer.headers["Location"] + "?for=customer").content.decode()
    assert "The vendor knew." not in theirs and "A codec was removed." in theirs


def test_a_stale_save_shows_both_versions_and_loses_nothing(bo, agent_of, cast, draft):
    address = reverse("desk:report-edit", args=[draft.uuid])
    mine = fields_of(bo.get(address), act="save", cause="What I found")
    write(agent_of(cast.cy), draft, cause="What Cy found")

    answer = bo.post(address, mine)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "What I found" in page and "What Cy found" in page
    assert Edition.objects.get().cause == "What Cy found"
    assert bo.post(address, mine | {"version": "2"}).status_code == 303
    assert Edition.objects.get().cause == "What I found"


def test_the_pdf_is_one_and_where_none_can_be_drawn_a_sentence_says_so(bo, draft, monkeypatch):
    address = reverse("desk:report-pdf", args=[draft.uuid])
    answer = bo.get(address)
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")

    def missing():
        raise pdf.PdfUnavailable

    monkeypatch.setattr(pdf, "_renderer", missing)
    answer = bo.get(address)
    assert answer.status_code == 503 and "pango" in answer.content.decode()
    assert "pango" in bo.get(reverse("desk:report", args=[draft.uuid])).content.decode()


def test_it_is_amended_with_a_reason_and_released_by_a_second_person(bo, agent_of, cast, draft):
    write(bo, draft, "file", people_confirmed="on", **WRITTEN)
    wendy = agent_of(staff("wendy@desk.example", "Wendy Okoro", "quality_reviewer"))
    bo.post(reverse("desk:report-release", args=[draft.uuid]))
    assert Edition.objects.get().released_at is None
    assert "Release to the customer" in wendy.get(reverse("desk:report", args=[draft.uuid])).content.decode()

    wendy.post(reverse("desk:report-release", args=[draft.uuid]))
    assert Edition.objects.filter(released_by__name="Wendy Okoro").count() == 1
    amend = reverse("desk:report-amend", args=[draft.uuid])
    assert bo.post(amend, {"reason": ""}).status_code == 422
    assert bo.post(amend, {"reason": "The vendor found more"}).status_code == 303
    assert list(Edition.objects.values_list("number", flat=True)) == [2, 1]
