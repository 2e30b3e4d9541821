"""The simulator: two versions of a policy over the past."""

import csv
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from escalation.commands.simulate import request_simulation
from escalation.models import Audit, Policy, Simulation
from escalation.simulator.stored import SIMULATED, differences_for
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.policy_csv import cell
from servicedesk.supervisor.policy_figures import compared
from servicedesk.supervisor.simulation_drawing import changes, chart
from servicedesk.supervisor.simulation_forms import ONE, SimulationForm
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other, swap

READERS = ("supervisor", "duty_manager", "administrator")
WHOLE, LIVE = "supervisor/simulator/show.html", "supervisor/simulator/_result.html"
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
    for one in differences_for(made, request.actor):
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
    found = {**(made.found or {}), "differences": differences_for(made, request.actor)}
    versions = [made.old_name, made.new_name]
    return JsonResponse({"state": made.state, "done": made.done, "versions": versions} | found)


def _policy(slug: str) -> Policy:
    return get_object_or_404(Policy.objects.select_related("current"), key=slug, subject__in=SIMULATED)


def _simulation(request: HttpRequest, slug: str, uuid: Any) -> Simulation:
    """A simulation of the reader's own: it was run over what they may see."""
    rows = Simulation.objects.select_related("policy__current", "requested_by")
    return get_object_or_404(rows, uuid=uuid, policy__key=slug, requested_by=request.user)


def _address(made: Simulation) -> str:
    return reverse("supervisor:simulation", args=[made.policy.key, made.uuid])


def _context(request: HttpRequest, policy: Policy, made: Simulation | None) -> dict[str, Any]:
    start = {"old": made.old_name, "new": made.new_name} if made else None
    if start and made and "synthetic" in made.source:
        start["source"] = made.source["synthetic"]
    if start and made and "ticket" in made.source:
        start |= {"source": ONE, "ticket": made.source["ticket"]}
    told = compared(made.found, request.actor) if made else None
    shown = differences_for(made, request.actor) if made else []
    return {
        "policy": policy, "made": made, "waiting": made is not None and made.state in ("waiting", "running"),
        "form": SimulationForm(policy=policy, at=clock.now(), initial=start), "audit": Audit.objects.first(),
        "compared": told, "figures": changes(told.rows) if told else [], "chart": chart(shown),
        "address": _address(made) if made else "", "made_up": made is not None and "synthetic" in made.source,
        "took_s": f"{made.took_ms / 1000:.1f}" if made else "",
    }  # fmt: skip
