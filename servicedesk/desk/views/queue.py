"""The queue and its shapes: views, filters, pages, export, my tickets."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.bulk import ACTS
from servicedesk.desk.columns import COLUMNS
from servicedesk.desk.groups import grouped
from servicedesk.desk.listing import (
    ASKED,
    GROUP_WORDS,
    NUMBER,
    SAVED_SHOWN,
    VIEWS,
    asked_of,
    counts_of,
    saved_counts,
    views_of,
)
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import swap, wants_piece
from servicedesk.web.labels import rule_labels
from tickets import queries

FORMULA = ("=", "+", "-", "@", "\t", "\r")
PER_PAGE, EXPORT_LIMIT = 50, 50_000
PAGE = {"after": parameters.text(), "before": parameters.text(), "ticket": NUMBER}


@staff_required
@require_safe
@parameters.takes(**PAGE, **ASKED)
def queue(request: HttpRequest) -> HttpResponse:
    """Open tickets, due soonest first. `ticket` is the row whose preview stood open; the browser opens it again."""
    return _show(request, "due", _("Queue"))


@staff_required
@require_safe
@parameters.takes(**PAGE, **(ASKED | {"view": parameters.one_of(["", "mine"])}))
def my_tickets(request: HttpRequest) -> HttpResponse:
    """The tickets the reader owns."""
    return _show(request, "mine", _("My tickets"))


def _show(request: HttpRequest, view: str, title: str) -> HttpResponse:
    actor, at, saved = request.actor, timezone.localtime(clock.now()), views_of(request.actor)
    asked = asked_of(request.GET, saved, view=view)
    asked.form.reader = request.actor
    pages = {name: request.GET.get(name, "") for name in ("after", "before")}
    try:
        page = queries.queue(actor, **asked.question, **pages, limit=PER_PAGE, at=at)
    except Refused as refusal:
        raise parameters.BadParameter(next((n for n, v in pages.items() if v), refusal.field or "after")) from refusal
    piece = wants_piece(request)
    found = saved_counts(actor, saved, ask=piece)
    here = urlencode([*asked.pairs(), *((name, value) for name, value in pages.items() if value)])
    context: dict[str, Any] = {
        "title": title, "asked": asked, "views": VIEWS, "saved": saved, "page": page, "at": at, "piece": piece,
        "columns": [COLUMNS[name] for name in asked.columns], "by": GROUP_WORDS.get(asked.grouping, ""),
        "groups": grouped(page.rows, at, rule_labels(), group=asked.grouping, columns=asked.columns,
                          more=bool(page.after)),
        "counts": counts_of(actor), "saved_counts": found, "acts": ACTS,
        "ask": not piece and len(found) < min(len(saved), SAVED_SHOWN),
        "span": len(asked.columns) + 3, "live": f"{reverse('desk:queue')}?{here}",
    }  # fmt: skip
    return swap(request, "desk/queue.html", "desk/parts/queue.html", context)


@staff_required
@require_safe
@parameters.takes(**ASKED)
def export(request: HttpRequest) -> StreamingHttpResponse:
    """The list as CSV in its order, at most 50,000 rows, read and sent a thousand at a time; text that a spreadsheet
    would run as a formula is quoted."""
    asked = asked_of(request.GET, views_of(request.actor))
    rows = queries.every_row(request.actor, most=EXPORT_LIMIT, at=timezone.localtime(clock.now()), **asked.question)
    response = StreamingHttpResponse(_lines(rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="tickets.csv"'
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


HEAD = ("number", "title", "customer", "service", "kind", "category", "priority", "state", "team", "owner", "channel",
        "segment", "service_category", "region", "language", "tags", "received", "next_due")  # fmt: skip


def _lines(rows: Iterable[queries.QueueRow]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(HEAD)
    for t in rows:
        texts = (
            t.number, t.title, t.customer, t.service, t.kind, t.category, t.priority, t.state, t.team, t.owner,
            t.channel, t.segment, t.service_category, t.region, t.language, ", ".join(t.tags),
        )  # fmt: skip
        times = (t.received_at.isoformat(), t.next_due_at.isoformat() if t.next_due_at else "")
        yield writer.writerow([*(safe(text or "") for text in texts), *times])


def safe(text: str) -> str:
    """Return `text` so that a spreadsheet shows it and runs nothing."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(FORMULA) else text
