"""One roster: its layers and their history, its facts, its end; a new one."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from escalation.board_roster import roles
from escalation.board_rosters import places
from escalation.commands.roster_layer import end_layer, set_layer
from escalation.commands.roster_plan import change_roster, create_roster, retire_roster
from escalation.models import Roster
from escalation.rosters.read import plan_of
from escalation.rosters.rules import eligible, may_lead
from ledger import clock
from ledger.errors import Refused
from ledger.models import Entry
from servicedesk.supervisor.roster_forms import LayerForm, RosterForm, WhyForm, layer_initial
from servicedesk.supervisor.roster_words import CHANGES
from servicedesk.web import parameters
from servicedesk.web.access import staff_required, supervisor_required
from servicedesk.web.htmx import see_other

SHOWN = 50
SAID = {
    "layer": gettext_lazy("Layer saved"), "facts": gettext_lazy("Roster changed"),
    "end-layer": gettext_lazy("Layer ended"), "retire": gettext_lazy("Roster retired"),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@supervisor_required
def new(request: HttpRequest) -> HttpResponse:
    """Begin a roster; its layers come next."""
    at = clock.now()
    form = RosterForm(
        request.POST or None, actor=request.actor, roles=roles(at), initial={"time_zone": request.actor.time_zone}
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = create_roster(**form.facts(), actor=request.actor, at=at)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Roster begun. Add its first layer."))
            return see_other(request, reverse("supervisor:roster", args=[made.uuid]))
    return render(request, "supervisor/rosters/new.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@staff_required
@parameters.takes(layer=parameters.text(60))
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One roster with its layers, past ones too, and what was changed by whom; `?layer=` begins its form."""
    return _page(request, _found(request, uuid), {})


@require_POST
@supervisor_required
def act(request: HttpRequest, uuid: UUID, command: str) -> HttpResponse:
    """Run one command on a roster: layer, end-layer, facts, retire. 422 keeps what was typed."""
    roster = _found(request, uuid)
    run = ACTS.get(command)
    if run is None:
        raise Http404
    form = _forms(request, roster, command, request.POST)[command]
    if form.is_valid():
        try:
            run(request, roster, form)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, SAID[command])
            return see_other(request, reverse("supervisor:roster", args=[roster.uuid]))
    return _page(request, roster, {command: form}, status=422)


def _layer(request: HttpRequest, roster: Roster, form: Any) -> None:
    set_layer(roster_id=roster.pk, **form.facts(), actor=request.actor, at=clock.now())


def _end(request: HttpRequest, roster: Roster, form: Any) -> None:
    data = form.cleaned_data
    end_layer(
        roster_id=roster.pk, name=request.POST.get("name", "")[:60], reason=data["reason"],
        accept_gap=data["accept_gap"], actor=request.actor, at=clock.now(),
    )  # fmt: skip


def _facts(request: HttpRequest, roster: Roster, form: Any) -> None:
    change_roster(roster_id=roster.pk, **form.facts(), actor=request.actor, at=clock.now())


def _retire(request: HttpRequest, roster: Roster, form: Any) -> None:
    data = form.cleaned_data
    retire_roster(
        roster_id=roster.pk, reason=data["reason"], accept_gap=data["accept_gap"], actor=request.actor, at=clock.now()
    )


ACTS: dict[str, Callable[[HttpRequest, Roster, Any], None]] = {
    "layer": _layer, "end-layer": _end, "facts": _facts, "retire": _retire,
}  # fmt: skip


def _found(request: HttpRequest, uuid: UUID) -> Roster:
    rows = Roster.objects.visible_to(request.actor).select_related("calendar", "deputy")
    return get_object_or_404(rows, uuid=uuid)


def _forms(request: HttpRequest, roster: Roster, posted: str = "", data: Any = None) -> dict[str, Any]:
    sent = {name: data if name == posted else None for name in ACTS}
    chosen = request.GET.get("layer", "")
    plan = plan_of(roster)
    layer = next((la for la in plan.layers if la.name == chosen and la.to_at is None), None)
    people = User.objects.in_bulk(plan.people())
    begun = layer_initial(layer, people) if layer else {"time_zone": roster.time_zone, "handoff": "09:00"}
    facts = {"name": roster.name, "time_zone": roster.time_zone,
             "calendar": roster.calendar.uuid if roster.calendar else None,
             "deputy": roster.deputy.uuid if roster.deputy else None, "most_hours": roster.most_hours,
             "least_rest": roster.least_rest}  # fmt: skip
    return {
        "layer": LayerForm(sent["layer"], members=eligible(roster.role), initial=begun, auto_id="id_layer_%s"),
        "facts": RosterForm(sent["facts"], actor=request.actor, initial=facts, auto_id="id_facts_%s"),
        "end-layer": WhyForm(sent["end-layer"], auto_id="id_end_%s"),
        "retire": WhyForm(sent["retire"], auto_id="id_retire_%s"),
    }


def _page(request: HttpRequest, roster: Roster, bad: dict[str, Any], *, status: int = 200) -> HttpResponse:
    at, plan = clock.now(), plan_of(roster)
    people = User.objects.in_bulk(plan.people())
    layers = [
        (layer, [people[pk] for pk in layer.members], layer.to_at is None or layer.to_at > at)
        for layer in sorted(plan.layers, key=lambda la: (la.to_at is not None, -la.position, la.name))
    ]
    entries = Entry.objects.filter(chain=roster.chain).order_by("-seq")[:SHOWN]
    forms = _forms(request, roster) | bad if may_lead(request.actor) and roster.retired_at is None else {}
    refs = [entry.actor_ref for entry in entries if entry.actor_kind == "staff"]
    actors = {str(uuid): name for uuid, name in User.objects.filter(uuid__in=refs).values_list("uuid", "name")}
    context = {
        "roster": roster, "layers": layers, "at": at, "place": places([roster.scope])[roster.scope],
        "form_layer": forms.get("layer"), "form_facts": forms.get("facts"), "form_end": forms.get("end-layer"),
        "form_retire": forms.get("retire"),
        "changes": [(entry, CHANGES.get(entry.name, entry.name), actors.get(entry.actor_ref, "")) for entry in entries],
    }  # fmt: skip
    return render(request, "supervisor/rosters/show.html", context, status=status)
