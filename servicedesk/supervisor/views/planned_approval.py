"""Decide on planned work (C-29)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.planned_approvals import decision_form
from servicedesk.supervisor.views.approvals import deciders, page
from servicedesk.web.htmx import see_other
from tickets.commands.maintenance_approve import decide_maintenance
from tickets.models import Maintenance


@require_POST
@deciders
def decide(request: HttpRequest, uuid: Any) -> HttpResponse:
    """Decide for one function; a refusal stays beside its form with the reason typed."""
    window = get_object_or_404(Maintenance.objects.visible_to(request.actor), uuid=uuid)
    form = decision_form(window, [], request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            decide_maintenance(
                maintenance_id=window.pk, function=data["function"], approved=data["approved"] == "yes",
                reason=data["reason"], version=data["version"], actor=request.actor, at=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            if refusal.code == "unknown_window":
                raise Http404 from None
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Decision recorded"))
            return see_other(request, reverse("supervisor:approvals"))
    return page(request, window=(window.pk, form), status=422)
