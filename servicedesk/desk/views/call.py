"""A call on one screen: start it, search the caller, verify, log, park (journey 1)."""

from uuid import UUID

from django.db.models import Exists, OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import AccountTeamMember, Contact, Verification
from ledger import clock
from ledger.errors import Refused
from servicedesk.desk import acts, callers, proving
from servicedesk.desk.forms.call import CallForm
from servicedesk.desk.room import Room, draft_key, draft_of
from servicedesk.desk.speech import promise_for
from servicedesk.desk.surroundings import Surroundings
from servicedesk.desk.views.ringing import dialled
from servicedesk.web import parameters
from servicedesk.web.access import staff_required
from servicedesk.web.htmx import see_other, swap, wants_piece
from tickets.commands.interaction import save_draft, start_interaction
from tickets.models import Draft, Interaction
from tickets.text import clean_line

CALL_PAGE, CALL_PIECE = "desk/call.html", "desk/parts/call.html"
ON_TICKET_PAGE = "desk/call_on_ticket.html"
DOING = ("dial", "text_to", "join")


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
@parameters.takes(number=parameters.text(40))
def new(request: HttpRequest) -> HttpResponse:
    """GET offers to begin (and begins by itself where scripts run); POST opens the agent's blank call, or a new one."""
    if request.method != "POST":
        return render(request, "desk/call_new.html", {"number": dialled(request.GET.get("number", ""))})
    at, number, queue = clock.now(), dialled(request.POST.get("number", "")), request.POST.get("queue", "")[:60]
    blank = _blank(request, number, clean_line(queue))
    if blank is None:
        try:
            blank = start_interaction(
                channel="call", direction="in", caller_number=number, called_queue=queue, started_at=at, answered_at=at,
                agent_id=request.actor.user_id, actor=request.actor, at=at,
            )  # fmt: skip
        except Refused as refusal:
            context = {"number": number, "queue": queue, "refusal": refusal}
            return render(request, "desk/call_new.html", context, status=422)
    return see_other(request, reverse("desk:call", args=[blank.uuid]))


@staff_required
@require_http_methods(["GET", "HEAD", "POST"])
def call(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show the call; POST keeps what was typed and does the act of the button."""
    interaction = _own(request, uuid)
    room = Room(interaction, request.actor, clock.now(), _data(request, interaction))
    if request.method != "POST":
        return _show(request, room)
    act = request.POST.get("act", "")
    if act in acts.TYPING and not any(request.POST.get(name) for name in DOING):
        run = acts.ACTS.get(act)
        if run:
            run(room)
        _keep(request, room)
        return _show(request, _led(request, room))
    _keep(request, room)
    if act == "save" and wants_piece(request):
        return HttpResponse(status=204)
    if act == "find" and wants_piece(request):
        return render(request, "desk/parts/matches.html", {"matches": _matches(room), "room": room})
    try:
        target = _act(room, act)
    except Refused as refusal:
        again = Room(_own(request, uuid), request.actor, room.at, room.data)
        again.form.full_clean()
        again.form.add_refusal(refusal)
        return _show(request, again, status=422, refusal=refusal)
    if target is not None and not (target == request.path and wants_piece(request)):
        return see_other(request, target)
    shown = Room(_own(request, uuid), request.actor, room.at, room.data, said=room.said)
    _keep(request, shown)
    if shown.verified and not room.interaction.verified:
        shown.lead("callback_number", "callback_confirmed", "problem_what")
    return _show(request, _led(request, shown))


def _led(request: HttpRequest, room: Room) -> Room:
    """Put the cursor behind a caller just chosen."""
    if "choose" in request.POST:
        room.lead("account_number")
    return room


def _act(room: Room, act: str) -> str | None:
    if room.data.get("dial") and act == "":
        proving.dial(room)
        return None
    if room.data.get("text_to") and act == "":
        proving.code(room)
        return None
    if room.data.get("join") and act == "":
        return acts.join(room)
    run = acts.ACTS.get(act)
    return run(room) if run else None


def _show(request: HttpRequest, room: Room, *, status: int = 200, refusal: Refused | None = None) -> HttpResponse:
    context = {
        "room": room,
        "form": room.form,
        "about": Surroundings(room),
        "refusal": refusal,
        "matches": _matches(room),
    }
    if room.interaction.ticket_id:
        context |= {"ticket": room.interaction.ticket, "promise": promise_for(room.interaction.ticket, room.at)}
        return swap(request, ON_TICKET_PAGE, "desk/parts/call_on_ticket.html", context, status=status)
    return swap(request, CALL_PAGE, CALL_PIECE, context, status=status)


def _own(request: HttpRequest, uuid: UUID) -> Interaction:
    """Return the agent's own call with who it is with; supervisors may open anybody's. 404 else. 1 query."""
    rows = Interaction.objects.visible_to(request.actor)
    rows = rows.select_related("ticket__team", "contact__organisation", "organisation")
    manager = AccountTeamMember.objects.filter(organisation_id=OuterRef("contact__organisation_id"))
    proofs = Verification.objects.filter(interaction_id=OuterRef("pk"), outcome="passed").order_by("-at", "-pk")
    rows = rows.annotate(
        passed_at=Subquery(proofs.values("at")[:1]),
        knows_contact=Exists(Contact.objects.visible_to(request.actor).filter(pk=OuterRef("contact_id"))),
        account_manager=Subquery(manager.filter(role="account_manager").order_by("pk").values("user__name")[:1]),
    )
    if not request.actor.has_role("supervisor", "duty_manager"):
        rows = rows.filter(agent_id=request.actor.user_id)
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


def _blank(request: HttpRequest, number: str, queue: str) -> Interaction | None:
    """Return the agent's live call of which nothing is known yet."""
    live = Interaction.objects.filter(
        agent_id=request.actor.user_id, ended_at=None, ticket=None, direction="in", channel="call", verified=False,
        disposition="", caller_number=number, called_queue=queue,
    )  # fmt: skip
    for found in live.order_by("-pk")[:1]:
        draft = Draft.objects.filter(user_id=request.actor.user_id, key=draft_key(found)).first()
        if draft is None or not any(draft.data.values()):
            return found
    return None


def _data(request: HttpRequest, interaction: Interaction):
    """Return what is typed: the form's own words, else the draft, else what the telephone knows."""
    if request.method == "POST":
        data = request.POST.copy()
        for name, values in data.lists():  # PostgreSQL keeps no NUL, and what was typed is kept before any check
            data.setlist(name, [value.replace("\x00", "") for value in values])
        if "choose" in data:
            _choose(request, data)
        return data
    data = draft_of(interaction, request.actor)
    if not data and interaction.caller_number:
        data["caller_phone"] = data["callback_number"] = interaction.caller_number
    return data


def _choose(request: HttpRequest, data) -> None:
    """Take a match over: name and organisation, which the caller has said; nothing else of the account."""
    contact = callers.contact(data["choose"], request.actor)
    if contact is None:
        return
    data["contact"], data["find"] = str(contact.uuid), ""
    data["caller_name"] = data.get("caller_name") or contact.name
    data["caller_organisation"] = data.get("caller_organisation") or contact.organisation.name


def _keep(request: HttpRequest, room: Room) -> None:
    bare = CallForm(room.data)
    save_draft(user=request.user, key=draft_key(room.interaction), data=bare.typed(), at=room.at)


def _matches(room: Room) -> list:
    """Whom to choose from: what was searched for, else whoever the number is stored for."""
    if room.verified:
        return []
    text = room.data.get("find", "").strip()
    if not text and room.contact is None and not room.interaction.ticket_id:
        text = room.interaction.caller_number
    return callers.matches(text, room.actor) if len(text) > 1 else []
