"""My day: everything owed, by time; an unfinished call gets its disposition here (P-01)."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.duties import duties_of, groups
from servicedesk.desk.forms.base import choice, text
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.forms import CommandForm
from servicedesk.web.htmx import see_other, swap
from tickets.commands.interaction import end_interaction
from tickets.models import Interaction

DISPOSITIONS = [c for c in Interaction.Disposition.choices if c[0] != "joined"]


class DispositionForm(CommandForm):
    """What a call without a ticket was."""

    disposition: forms.ChoiceField = choice(_("What was it"), DISPOSITIONS)
    summary: forms.CharField = text(_("Summary"), rows=2, required=False, limit=2000)


@staff_required
@require_safe
@parameters.takes(kind=parameters.one_of(["promise", "callback", "call", "item"]))
def my_day(request: HttpRequest) -> HttpResponse:
    """Everything the agent owes, soonest first; `kind` narrows."""
    at, wanted = clock.now(), request.GET.get("kind", "")
    every = duties_of(request.actor, at)
    shown = [duty for duty in every if duty.kind == wanted] if wanted else every
    counts = {kind: sum(duty.kind == kind for duty in every) for kind in ("promise", "callback", "call", "item")}
    context: dict[str, Any] = {
        "groups": groups(shown, at), "kind": wanted, "counts": counts, "total": len(every),
        "next": [duty for duty in shown if duty.due_at][:4],
    }  # fmt: skip
    return swap(request, "desk/myday.html", "desk/parts/myday.html", context)


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def dispose(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Say what an unfinished call was. 422 keeps the text."""
    rows = Interaction.objects.visible_to(request.actor).filter(uuid=uuid, ticket=None)
    call = rows.filter(agent_id=request.actor.user_id).first()
    if call is None:
        raise Http404
    form = DispositionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_interaction(
                interaction_id=call.pk, disposition=form.cleaned_data["disposition"],
                summary=form.cleaned_data["summary"], actor=request.actor, at=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _t("The call is finished"))
            return see_other(request, reverse("desk:my-day"))
    status = 422 if form.errors else 200
    context = {"form": form, "call": call}
    return swap(request, "desk/call_dispose.html", "desk/parts/call_dispose.html", context, status=status)
