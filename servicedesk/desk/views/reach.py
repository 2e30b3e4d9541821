"""How a person is reached: the own ways and their order, tests with their result; leads do it for others."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.commands import prove_way, ways
from accounts.models import ContactMethod, User
from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.reach import AddForm, CodeForm, act, rows
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other, swap

WHOLE, LIST = "desk/reach.html", "desk/parts/ways.html"
METHODS = require_http_methods(["GET", "HEAD", "POST"])
MOST_PEOPLE = 300


@METHODS
@staff_required
def own(request: HttpRequest) -> HttpResponse:
    """The reader's own ways."""
    return _page(request, get_object_or_404(User, pk=request.actor.user_id), reverse("desk:reach"))


@METHODS
@staff_required
def of_person(request: HttpRequest, uuid: Any) -> HttpResponse:
    """The ways of another member of staff, for supervisors, duty managers and administrators; 404 for the rest."""
    user = get_object_or_404(User, uuid=uuid, kind="staff", is_active=True)
    if not ways.may_edit(request.actor, user.pk):
        raise Http404
    return _page(request, user, reverse("desk:reach-person", args=[uuid]))


def _page(request: HttpRequest, user: User, address: str) -> HttpResponse:
    add, refused, status = AddForm(actor=request.actor), None, 200
    if request.method == "POST":
        done, add, refused = _posted(request, user, add)
        if done is not None:
            messages.success(request, done)
            return see_other(request, address)
        status = 422
    lead = request.actor.has_role(*ways.LEADS)
    people = User.objects.filter(kind="staff", is_active=True).exclude(pk=user.pk).order_by("name")[:MOST_PEOPLE]
    listed = rows(user, request.actor, refused=refused)
    context = {
        "person": user, "mine": user.pk == request.actor.user_id, "address": address, "add": add, "rows": listed,
        "waits": any(row.waits for row in listed), "people": people if lead else [],
    }  # fmt: skip
    return swap(request, WHOLE, LIST, context, status=status)


def _posted(request: HttpRequest, user: User, add: AddForm) -> tuple[Any, AddForm, tuple[int, CodeForm] | None]:
    """Take one command; returns (what to say, or None if refused; the form of a new way; the refused form of a way)."""
    name, at = request.POST.get("act", ""), clock.now()
    if name == "add":
        add = AddForm(request.POST, actor=request.actor)
        return _added(add, user, request, at), add, None
    way = get_object_or_404(ContactMethod.objects.select_related("user"), user=user, uuid=_uuid(request))
    if name == "prove":
        form = CodeForm(request.POST, auto_id=f"id_{way.uuid}_%s")
        return _proved(form, way, request, at), add, (way.pk, form)
    try:
        done = act(name, way, request.actor, at)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return None, add, None
    if done is None:
        raise Http404
    return done, add, None


def _uuid(request: HttpRequest) -> str:
    try:
        return str(ContactMethod._meta.get_field("uuid").to_python(request.POST.get("way", "")))
    except Exception as error:
        raise Http404 from error


def _added(form: AddForm, user: User, request: HttpRequest, at: Any) -> str | None:
    if not form.is_valid():
        return None
    try:
        data = form.cleaned_data
        ways.add_way(user_id=user.pk, channel=data["channel"], address=data["address"], actor=request.actor, at=at)
    except Refused as refusal:
        form.add_refusal(refusal)
        return None
    return _("Way added. Send a test to prove it.")


def _proved(form: CodeForm, way: ContactMethod, request: HttpRequest, at: Any) -> str | None:
    pushed = way.channel == ContactMethod.Channel.PUSH
    if not pushed and not form.is_valid():
        return None
    try:
        prove_way.prove_way(way_id=way.pk, code="" if pushed else form.cleaned_data["code"], actor=request.actor, at=at)
    except Refused as refusal:
        form.is_valid()
        form.add_refusal(refusal)
        return None
    return _("Proved: pages may reach you this way")
