"""Handovers kept: a list to search and narrow (A-05)."""

from datetime import date, datetime, time, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.models import User
from escalation.models import Handover, Shift
from escalation.shifts.reading import past
from ledger import clock
from servicedesk.supervisor.handover_forms import PastForm
from servicedesk.web import parameters
from servicedesk.web.access import staff_required

PER_PAGE = 30
ON = parameters.matching(r"\d{4}-\d\d-\d\d")


@require_safe
@staff_required
@parameters.takes(
    q=parameters.text(80), shift=parameters.PUBLIC_ID, state=parameters.one_of(Handover.State.values),
    person=parameters.PUBLIC_ID, since=ON, until=ON, page=parameters.PAGE,
)  # fmt: skip
def index(request: HttpRequest) -> HttpResponse:
    """Every sheet the reader may see, latest first; narrowed by words, shift, state, who signed, days."""
    known = Shift.objects.visible_to(request.actor)
    shifts = [(str(uuid), name) for uuid, name in known.order_by("name").values_list("uuid", "name")]
    signed = Handover.objects.visible_to(request.actor)
    people = User.objects.filter(pk__in=signed.filter(giver__isnull=False).values("giver")) | User.objects.filter(
        pk__in=signed.filter(taker__isnull=False).values("taker")
    )
    named = [(str(uuid), name) for uuid, name in people.distinct().order_by("name").values_list("uuid", "name")]
    form = PastForm(request.GET or None, shifts=shifts, people=named)
    valid = not form.is_bound or form.is_valid()
    said = form.cleaned_data if form.is_bound else {}
    rows = past(
        request.actor, words=said.get("q", ""), shift=said.get("shift", ""), state=said.get("state", ""),
        person=said.get("person", ""), since=_midnight(said.get("since")), until=_midnight(said.get("until"), 1),
    )  # fmt: skip
    page = Paginator(rows if valid else rows.none(), PER_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    narrowed = any(value for value in query.values())
    context = {"page": page, "form": form, "query": query.urlencode(), "at": clock.now(), "narrowed": narrowed}
    return render(request, "supervisor/handover/list.html", context)


def _midnight(day: date | None, later: int = 0) -> datetime | None:
    """The beginning of a day of the reader's, or of one some days later."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=later), time())) if day else None
