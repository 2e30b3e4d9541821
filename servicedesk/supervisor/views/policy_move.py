"""Moving running clocks to the version in force: what it would do, how far it is."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from escalation.board_policies import ladder
from escalation.commands.draft import EDITORS
from escalation.commands.migrate_policy import continue_moves, migrate_clocks, stop_move
from escalation.models import Policy, PolicyMove
from escalation.moving_batch import Preview
from escalation.moving_preview import preview_of
from escalation.shapes import shape_of
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.views.policies import found, readers
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other, swap

AT_ONCE = 10
WHOLE, LIVE = "supervisor/policies/moving.html", "supervisor/policies/_moving.html"


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*EDITORS)
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what moving would do; on POST begin it, and go to where it can be watched."""
    policy, at = found(slug), clock.now()
    refusal = None
    if request.method == "POST":
        given = request.POST.get("n", "")
        try:
            move = migrate_clocks(
                key=policy.key, version_n=int(given) if given.isascii() and given.isdigit() else 0,
                fire=request.POST.getlist("fire")[:60], actor=request.actor, at=at,
            )  # fmt: skip
        except Refused as refused:
            refusal = refused
        else:
            continue_moves(at, batches=AT_ONCE)
            return see_other(request, _watch(policy, move))
    running = PolicyMove.objects.filter(policy=policy, state=PolicyMove.State.RUNNING).first()
    told = preview_of(policy, at=at) if policy.current else None
    context = {
        "policy": policy, "preview": told, "refusal": refusal, "running": running, "at": at,
        "rows": _rows(policy, told) if told else [], "last": PolicyMove.objects.filter(policy=policy).first(),
    }  # fmt: skip
    status = 422 if refusal else 200
    return render(request, "supervisor/policies/move.html", context, status=status)


@require_safe
@readers
def progress(request: HttpRequest, slug: str, uuid: Any) -> HttpResponse:
    """How far a move is; htmx asks for the bar alone."""
    policy = found(slug)
    rows = PolicyMove.objects.select_related("to", "begun_by").filter(policy=policy)
    move = get_object_or_404(rows, uuid=uuid)
    done = min(move.moved + move.left, move.total)
    context = {
        "policy": policy, "move": move, "running": move.state == PolicyMove.State.RUNNING,
        "share": round(100 * done / move.total) if move.total else 100, "address": _watch(policy, move),
        "may": request.actor.has_role(*EDITORS),
    }  # fmt: skip
    return swap(request, WHOLE, LIVE, context)


@require_POST
@role_required(*EDITORS)
def stop(request: HttpRequest, slug: str) -> HttpResponse:
    """Leave the rest of the clocks where they are."""
    policy = found(slug)
    try:
        stop_move(key=policy.key, actor=request.actor, at=clock.now())
    except Refused as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Stopped; the rest keeps its version"))
    return see_other(request, reverse("supervisor:policy-move", args=[policy.key]))


def _watch(policy: Policy, move: PolicyMove) -> str:
    return reverse("supervisor:policy-moving", args=[policy.key, move.uuid])


def _rows(policy: Policy, told: Preview) -> list[dict[str, Any]]:
    """Return the counts rule by rule, in the order of the new version, removed ones last."""
    shape = shape_of(told.to, policy)
    names = {rung.code: rung.label for rung in ladder(shape)}
    counted = {code for counts in (told.kept, told.moved, told.ended, told.added, told.past) for code in counts}
    codes = [*names, *sorted(counted - names.keys())]
    return [
        {"code": code, "label": names.get(code, ""), "kept": told.kept[code], "moved": told.moved[code],
         "added": told.added[code], "ended": told.ended[code], "past": told.past[code]}
        for code in codes
    ]  # fmt: skip
