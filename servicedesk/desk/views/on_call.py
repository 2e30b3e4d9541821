"""My on-call: my turns, swaps asked of me and by me, my calendar's secret address (A-04)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from escalation.board_rosters import own_turns
from escalation.commands.roster_feed import make_feed, revoke_feed
from escalation.commands.roster_swap import accept_swap, ask_swap, decline_swap, withdraw_swap
from escalation.models import Roster, RosterFeed, RosterSwap
from escalation.rosters.fill import AHEAD
from escalation.rosters.read import alive
from ledger import clock
from ledger.errors import Refused
from servicedesk.desk.forms.swap import SwapForm
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other

PAGE = "desk/on_call.html"
SHOWN, BEGUN = timedelta(days=28), timedelta(days=30)
ANSWERS = {"accept": accept_swap, "decline": decline_swap, "withdraw": withdraw_swap}
SAID = {"accept": _l("You take these hours"), "decline": _l("Declined"), "withdraw": _l("Withdrawn")}


@require_safe
@staff_required
@parameters.takes(roster=parameters.PUBLIC_ID, begin=parameters.text(40), end=parameters.text(40))
def my_on_call(request: HttpRequest) -> HttpResponse:
    """Show when I am on call; `?roster=&begin=&end=` begins the question for a swap."""
    return _page(request)


@require_POST
@staff_required
def ask(request: HttpRequest) -> HttpResponse:
    """Ask somebody to take hours of mine."""
    at = clock.now()
    form = _form(request, at, request.POST)
    if form.is_valid():
        data = form.cleaned_data
        roster = get_object_or_404(Roster.objects.visible_to(request.actor), uuid=data["roster"])
        times = {key: data[key] for key in ("from_at", "to_at", "back_from_at", "back_to_at", "reason")}
        try:
            ask_swap(roster_id=roster.pk, other_id=data["other"].pk, **times, actor=request.actor, at=at)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Asked"))
            return see_other(request, reverse("desk:my-on-call"))
    return _page(request, form, status=422)


@require_POST
@staff_required
def answer(request: HttpRequest, uuid: UUID, command: str) -> HttpResponse:
    """Accept, decline or withdraw a swap that is mine to answer; anybody else's is not there."""
    run = ANSWERS.get(command)
    mine = Q(asker_id=request.actor.user_id) | Q(other_id=request.actor.user_id)
    swap = RosterSwap.objects.filter(mine, uuid=uuid, roster__in=Roster.objects.visible_to(request.actor)).first()
    if run is None or swap is None:
        raise Http404
    try:
        run(swap_id=swap.pk, actor=request.actor, at=clock.now())
    except Refused as refusal:
        return _page(request, refused=refusal, status=422)
    messages.success(request, SAID[command])
    return see_other(request, reverse("desk:my-on-call"))


@require_POST
@staff_required
def feed(request: HttpRequest, command: str) -> HttpResponse:
    """Make or end the secret address of my calendar; it is shown once, on this answer."""
    if command == "make":
        token = make_feed(actor=request.actor, at=clock.now())
        return _page(request, address=request.build_absolute_uri(reverse("on-call-feed", args=[token])))
    if command != "end":
        raise Http404
    try:
        revoke_feed(actor=request.actor, at=clock.now())
    except Refused as refusal:
        return _page(request, refused=refusal, status=422)
    messages.success(request, _("The address no longer works"))
    return see_other(request, reverse("desk:my-on-call"))


def _page(
    request: HttpRequest, form: Any = None, *, refused: Refused | None = None, address: str = "", status: int = 200
) -> HttpResponse:
    at = clock.now()
    user = User.objects.get(pk=request.actor.user_id)
    swaps = RosterSwap.objects.filter(Q(asker=user) | Q(other=user)).select_related("roster", "asker", "other")
    context = {
        "at": at, "turns": [pair for pair in own_turns(user, at - BEGUN, at + SHOWN) if pair[1].to_at > at], "me": user,
        "asked_of_me": swaps.filter(other=user, state="asked", to_at__gt=at),
        "asked_by_me": swaps.filter(asker=user, state="asked", to_at__gt=at),
        "settled": swaps.exclude(state="asked").order_by("-answered_at")[:10],
        "form": form or _form(request, at), "refused": refused, "address": address,
        "feed": RosterFeed.objects.filter(user=user, revoked_at=None).first(), "days": SHOWN.days, "ahead": AHEAD.days,
    }  # fmt: skip
    return render(request, PAGE, context, status=status)


def _form(request: HttpRequest, at: datetime, data: Any = None) -> SwapForm:
    plans = [plan for plan in alive(at) if request.actor.user_id in plan.people()]
    zones = sorted({plan.zone for plan in plans})
    begun = {"roster": request.GET.get("roster", ""), "from_at": request.GET.get("begin", ""),
             "to_at": request.GET.get("end", "")}  # fmt: skip
    return SwapForm(data, rosters=plans, zones=zones, initial=begun)
