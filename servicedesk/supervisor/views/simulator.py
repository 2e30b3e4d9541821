"""The simulator: two versions of a policy over the past, and what happens next on one ticket if nobody acts."""

import csv
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from escalation.commands.simulate import request_simulation
from escalation.models import Audit, Policy, Simulation
from escalation.simulator.stored import SIMULATED
from escalation.simulator.timeline import timeline
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.policy_csv import cell
from servicedesk.supervisor.policy_figures import compared
from servicedesk.supervisor.simulation_drawing import changes, chart, draw
from servicedesk.supervisor.simulation_forms import SimulationForm
from servicedesk.web import parameters
from servicedesk.web.access import role_required, staff_required
from servicedesk.web.htmx import see_other, swap
from tickets.models import Ticket

READERS = ("supervisor", "duty_manager", "administrator")
WHOLE, LIVE = "supervisor/simulator/show.html", "supervisor/simulator/_result.html"
HOURS = ("1", "4", "12", "24", "48")
readers = role_required(*READERS)


@require_http_methods(["GET", "HEAD", "POST"])
@readers
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """What to simulate, and the last result; on POST ask for a simulation and go to it; a worker takes it."""
    policy = _policy(slug)
    if request.method != "POST":
        last = Simulation.objects.filter(policy=policy, requested_by=request.user).first()
        return render(request, WHOLE, _context(request, policy, last))
    form = SimulationForm(request.POST, policy=policy, at=clock.now())
    if form.is_valid():
        try:
            made = request_simulation(policy_key=policy.key, **form.asked(), actor=request.actor, at=clock.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            return see_other(request, _address(made))
    return render(request, WHOLE, {**_context(request, policy, None), "form": form}, status=422)


@require_safe
@readers
def result(request: HttpRequest, slug: str, uuid: Any) -> HttpResponse:
    """One simulation; htmx asks for the result alone while it runs."""
    made = _simulation(request, slug, uuid)
    return swap(request, WHOLE, LIVE, _context(request, made.policy, made))


@require_safe
@readers
def rows_csv(request: HttpRequest, slug: str, uuid: Any) -> HttpResponse:
    """The cases that differ, as CSV."""
    made = _simulation(request, slug, uuid)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="simulation-{made.policy.key}.csv"'
    out = csv.writer(response)
    out.writerow(["case", "change", "rule", "occurrence", "before", "after"])
    for one in _visible(request, made):
        for change in ("added", "removed", "moved"):
            for code, number, *at in one[change]:
                before, after = (at[0], at[1]) if change == "moved" else ("", at[0])
                if change == "removed":
                    before, after = after, before
                out.writerow([cell(one["case"]), change, code, number, before, after])
    return response


@require_safe
@readers
def found_json(request: HttpRequest, slug: str, uuid: Any) -> HttpResponse:
    """Everything a simulation found, as JSON; only tickets the reader may see are listed."""
    made = _simulation(request, slug, uuid)
    found = {**(made.found or {}), "differences": _visible(request, made)}
    versions = [made.old_name, made.new_name]
    return JsonResponse({"state": made.state, "done": made.done, "versions": versions} | found)


@require_safe
@staff_required
@parameters.takes(hours=parameters.one_of(HOURS))
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """One ticket's clocks over time, and who is called next if nobody acts."""
    found = get_object_or_404(Ticket.objects.visible_to(request.actor), number=number)
    hours = request.GET.get("hours") or "4"
    line = timeline(found, now=clock.now(), ahead=timedelta(hours=int(hours)), back=timedelta(hours=24))
    context = {"ticket": found, "line": line, "drawing": draw(line), "hours": hours, "choices": HOURS}
    return render(request, "supervisor/simulator/ticket.html", context)


def _policy(slug: str) -> Policy:
    return get_object_or_404(Policy.objects.select_related("current"), key=slug, subject__in=SIMULATED)


def _simulation(request: HttpRequest, slug: str, uuid: Any) -> Simulation:
    """A simulation of the reader's own: it was run over what they may see."""
    rows = Simulation.objects.select_related("policy__current", "requested_by")
    return get_object_or_404(rows, uuid=uuid, policy__key=slug, requested_by=request.user)


def _address(made: Simulation) -> str:
    return reverse("supervisor:simulation", args=[made.policy.key, made.uuid])


def _visible(request: HttpRequest, made: Simulation) -> list[dict[str, Any]]:
    """The differing cases without tickets that the reader may no longer see."""
    listed = (made.found or {}).get("differences", [])
    if "synthetic" in made.source:
        return list(listed)
    numbers = {one["case"].partition(" ")[0] for one in listed}
    seen = set(Ticket.objects.visible_to(request.actor).filter(number__in=numbers).values_list("number", flat=True))
    return [one for one in listed if one["case"].partition(" ")[0] in seen]


def _context(request: HttpRequest, policy: Policy, made: Simulation | None) -> dict[str, Any]:
    start = {"old": made.old_name, "new": made.new_name} if made else None
    if start and made and "synthetic" in made.source:
        start["source"] = made.source["synthetic"]
    told = compared(made.found, request.actor) if made else None
    shown = _visible(request, made) if made else []
    return {
        "policy": policy, "made": made, "waiting": made is not None and made.state in ("waiting", "running"),
        "form": SimulationForm(policy=policy, at=clock.now(), initial=start), "audit": Audit.objects.first(),
        "compared": told, "figures": changes(told.rows) if told else [], "chart": chart(shown),
        "address": _address(made) if made else "", "made_up": made is not None and "synthetic" in made.source,
        "took_s": f"{made.took_ms / 1000:.1f}" if made else "",
    }  # fmt: skip
