"""Raise a ticket."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from catalogue.models import Alert, Service, Site
from ledger import clock
from ledger.errors import Refused
from servicedesk.portal import lists
from servicedesk.portal.acts import run_once
from servicedesk.portal.door import PortalRequest, organisation_of, portal_page
from servicedesk.portal.forms import RaiseForm, fresh_key
from servicedesk.portal.raising import Raised, raise_ticket
from servicedesk.web import parameters
from servicedesk.web.htmx import see_other

WHOLE = "portal/raise.html"


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _beside(request: PortalRequest, source) -> dict:
    """What is known of the chosen service or site: its state and the tickets already open for it. 4 queries at most."""
    actor, chosen, place = request.actor, _uuid(source.get("service", "")), _uuid(source.get("site", ""))
    service = Service.objects.visible_to(actor).filter(uuid=chosen).first() if chosen else None
    site = Site.objects.visible_to(actor).filter(uuid=place).first() if place else None
    found = lists.open_for(actor, service_id=service.pk if service else None, site_id=site.pk if site else None)
    alerts = Alert.objects.visible_to(actor).filter(service=service, cleared_at=None).exists() if service else False
    return {"service": service, "site": site, "similar": found, "alerts": alerts}


def _context(request: PortalRequest, form: RaiseForm, source) -> dict:
    may = "report" in request.actor.authorities
    able = [] if may else lists.who_may(request.contact.organisation_id, "report")
    return {"organisation": organisation_of(request), "form": form, "contact": request.contact, "may_report": may,
            "who_may_report": able, **_beside(request, source)}  # fmt: skip


@portal_page
@require_safe
@parameters.takes(service=parameters.PUBLIC_ID, site=parameters.PUBLIC_ID)
def beside(request: PortalRequest) -> HttpResponse:
    """What is open already for the service or site just chosen."""
    return render(request, "portal/_similar.html", _beside(request, request.GET))


@portal_page
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(service=parameters.PUBLIC_ID, site=parameters.PUBLIC_ID)
def new(request: PortalRequest) -> HttpResponse:
    """The form; on POST the ticket, once per form. A refusal keeps every word (422)."""
    if request.method != "POST":
        return render(request, WHOLE, _context(request, _fresh_form(request), request.GET))
    form, at = RaiseForm(request.POST, request.FILES, actor=request.actor), clock.now()
    if form.is_valid():
        raised = Raised(form.cleaned_data)
        try:
            to, _fresh = run_once(
                request, form, at, lambda: raise_ticket(raised, contact=request.contact, actor=request.actor, at=at)
            )
        except Refused as refusal:
            form.add_refusal(refusal)
            if refusal.code == "key_reused":
                form.data = request.POST.copy()
                form.data["once"] = fresh_key()
        else:
            return see_other(request, to)
    return render(request, WHOLE, _context(request, form, request.POST), status=422)


def _fresh_form(request: PortalRequest) -> RaiseForm:
    """Return the empty form; service and site from the address, the number we hold for the contact."""
    number = request.contact.phones.values_list("number", flat=True).first() or ""
    initial = {"callback": number, "service": request.GET.get("service", ""), "site": request.GET.get("site", "")}
    return RaiseForm(actor=request.actor, initial=initial)
