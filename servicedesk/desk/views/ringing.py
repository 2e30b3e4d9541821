"""How a call comes onto the screen: popped by the telephone's address, or rung by hand in a demonstration."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import ContactPhone
from accounts.models.contact import Contact
from ledger import clock
from ledger.actor import SYSTEM
from ledger.errors import Refused
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other
from tickets.commands.interaction import start_interaction
from tickets.models import CallScript

PAGE = "desk/call_ring.html"
OFFERED = 12


@staff_required
@require_safe
@parameters.takes(**{"from": parameters.text(40), "queue": parameters.text(60)})
def pop(request: HttpRequest) -> HttpResponse:
    """What a telephone opens when it rings: `?from=+32…&queue=…`. Begins the call as the page of a new one does."""
    number = dialled(request.GET.get("from", ""))
    return render(request, "desk/call_new.html", {"number": number, "queue": request.GET.get("queue", "")})


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def ring(request: HttpRequest) -> HttpResponse:
    """Let a call ring at the agent's own desk, as the telephone would say it. Outside a demonstration: no such page."""
    if settings.ENV not in {"demo", "test"}:
        raise Http404
    if request.method != "POST":
        return render(request, PAGE, _offers(request))
    at, number = clock.now(), dialled(request.POST.get("number", ""))
    try:
        made = start_interaction(
            channel="call", direction="in", caller_number=number, called_queue=request.POST.get("queue", ""),
            agent_id=request.actor.user_id, actor=SYSTEM, at=at,
        )  # fmt: skip
    except Refused as refusal:
        return render(request, PAGE, _offers(request) | {"refusal": refusal}, status=422)
    return see_other(request, reverse("desk:call", args=[made.uuid]))


def dialled(text: str) -> str:
    """Return a number as an address gives it: the + of a country code arrives as a space."""
    kept = text.replace("\x00", "")[:20]
    return f"+{kept.strip()}" if kept.startswith(" ") and kept.strip()[:1].isdigit() else kept.strip()


def _offers(request: HttpRequest) -> dict[str, Any]:
    """Numbers and queues to choose from."""
    known = Contact.objects.visible_to(request.actor).filter(active=True)
    phones = ContactPhone.objects.filter(contact__in=known).select_related("contact__organisation").order_by("pk")
    queues = CallScript.objects.visible_to(request.actor).exclude(queue="").order_by("queue")
    return {
        "phones": phones[:OFFERED],
        "queues": list(dict.fromkeys(queues.values_list("queue", flat=True))),
    }
