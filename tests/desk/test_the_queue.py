"""The queue: due next first, views, filters, keyset pages, export that runs nothing."""

from django.urls import reverse

from servicedesk.desk.views import queue
from servicedesk.desk.views.queue import safe
from tickets.models import Ticket


def numbers(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('id="row-')[1:]]


def test_what_is_due_first_stands_first_and_what_has_no_time_last(bo, path, now):
    first, second, third = (path.to("l1") for _ in range(3))
    at = now()
    for ticket, due in ((first, None), (second, at), (third, at.replace(hour=1))):
        Ticket.objects.filter(pk=ticket.pk).update(next_due_at=due)

    page = bo.get(reverse("desk:queue")).content.decode()

    assert numbers(page) == [third.number, second.number, first.number]


def test_pages_join_without_a_gap_or_a_double(bo, path, now, monkeypatch):
    monkeypatch.setattr(queue, "PER_PAGE", 2)
    made = [path.to("l1") for _ in range(5)]
    Ticket.objects.filter(pk__in=[t.pk for t in made[3:]]).update(next_due_at=None)
    seen, after = [], ""
    while True:
        page = bo.get(reverse("desk:queue"), {"view": "all", "after": after})
        seen += numbers(page.content.decode())
        after = page.context["page"].after
        if not after:
            break

    assert sorted(seen) == sorted(t.number for t in made)


def test_filters_narrow_and_a_wrong_one_is_named(bo, path, now):
    ticket = path.to("l1")
    now()

    assert numbers(bo.get(reverse("desk:queue"), {"priority": "P3"}).content.decode()) == [ticket.number]
    assert numbers(bo.get(reverse("desk:queue"), {"priority": "P1"}).content.decode()) == []
    assert numbers(bo.get(reverse("desk:queue"), {"q": "epl-301"}).content.decode()) == [ticket.number]
    for name, value in (("team", "nonsense"), ("after", "%%%"), ("state", "asleep"), ("organisation", "1")):
        answer = bo.get(reverse("desk:queue"), {name: value})
        assert answer.status_code == 400 and f"“{name}”" in answer.content.decode(), name


def test_the_export_holds_the_view_and_no_formula(bo, path, now):
    ticket = path.to("l1")
    Ticket.objects.filter(pk=ticket.pk).update(title='=HYPERLINK("http://x")')
    now()

    body = b"".join(bo.get(reverse("desk:queue-export")).streaming_content).decode()

    assert ticket.number in body and "'=HYPERLINK" in body
    assert safe("-2+3") == "'-2+3" and safe("Plain") == "Plain" and safe(" =1") == "' =1"


def test_search_goes_straight_to_a_number(bo, path, now):
    ticket = path.to("l1")
    now()

    answer = bo.get(reverse("desk:search"), {"q": ticket.number.lower()})

    assert answer.status_code == 302 and answer["Location"] == reverse("desk:ticket", args=[ticket.number])
    assert "Northgate" in bo.get(reverse("desk:search"), {"q": "northg"}).content.decode()


def test_every_view_says_how_many_tickets_it_holds(bo, path, now, cast):
    path.asked_to_suspend()
    path.to("suspended")
    now()

    counts = bo.get(reverse("desk:queue")).context["counts"]

    for view, count in counts.items():
        assert len(bo.get(reverse("desk:queue"), {"view": view}).context["page"].rows) == count, view
    assert counts["waiting"] == counts["suspended"] == 1 and counts["all"] >= 2
