"""Lists of reports: what is owed, overdue and filed; restricted faults stay out of every page of them."""

from datetime import timedelta

from django.urls import reverse

from ledger import clock
from tests.desk.report_parts import WRITTEN, write


def test_those_who_may_not_know_the_ticket_get_404_on_every_page(agent_of, cast, solved, bo, draft):
    type(solved).objects.filter(pk=solved.pk).update(restricted=True, owner=cast.bo)
    sam = agent_of(cast.sam)

    pages = ["report", "report-edit", "report-amend", "report-pdf"]
    assert {sam.get(reverse(f"desk:{name}", args=[draft.uuid])).status_code for name in pages} == {404}
    assert sam.get(reverse("desk:ticket-report", args=[solved.number])).status_code == 404
    assert solved.number not in sam.get(reverse("desk:fault-reports")).content.decode()
    assert bo.get(reverse("desk:report", args=[draft.uuid])).status_code == 200


def test_the_list_says_what_is_owed_overdue_and_filed(bo, path, draft, solved):
    lists = {view: reverse("desk:fault-reports") + f"?view={view}" for view in ("due", "overdue", "filed", "mine")}
    assert [solved.number in bo.get(lists[v]).content.decode() for v in lists] == [True, False, False, True]
    clock.set_demo(demo_now=path.now + timedelta(days=5), speed=1.0)
    assert solved.number in bo.get(lists["overdue"]).content.decode()

    write(bo, draft, "file", people_confirmed="on", **WRITTEN)

    assert [solved.number in bo.get(lists[v]).content.decode() for v in lists] == [False, False, True, False]
    sheet = b"".join(bo.get(reverse("desk:fault-reports-export") + "?view=filed").streaming_content).decode()
    assert solved.number in sheet and ",late," in sheet
    assert solved.number not in bo.get(lists["filed"] + "&q=nothing").content.decode()
