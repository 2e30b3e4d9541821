"""Verification locks: whose, why, until when; a supervisor releases an agent with a reason (V-04)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.commands.release import release_agent
from accounts.models import User
from accounts.queries_locks import releases, running_locks
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.forms import ReleaseForm
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other


@require_safe
@role_required("supervisor", "security_lead")
def show(request: HttpRequest) -> HttpResponse:
    """The locks that run, and the last early releases."""
    return _page(request)


@require_POST
@role_required("supervisor")
def release(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End an agent's lock; a refusal stays beside its form with the reason typed."""
    person = get_object_or_404(User.objects.filter(kind="staff", is_active=True), uuid=uuid)
    form = ReleaseForm(request.POST, auto_id=f"id_{person.uuid}_%s")
    if form.is_valid():
        at = clock.now()
        try:
            release_agent(user_id=person.pk, reason=form.cleaned_data["reason"], actor=request.actor, at=at)
        except Refused as refusal:
            if refusal.code == "unknown_person":
                raise Http404 from None
            form.add_refusal(refusal)
        else:
            messages.success(request, _("%(name)s may verify again") % {"name": person.name})
            return see_other(request, reverse("supervisor:locks"))
    return _page(request, refused=(person.pk, form), status=422)


def _page(request: HttpRequest, *, refused: tuple[int, ReleaseForm] | None = None, status: int = 200) -> HttpResponse:
    actor = request.actor
    rows = [(lock, _form(lock.agent, actor.user_id, refused)) for lock in running_locks(actor, clock.now())]
    shown = [lock.agent.pk for lock, form in rows if lock.agent and form]
    context = {
        "rows": rows,
        "may_release": actor.has_role("supervisor"),
        "me": actor.user_id,
        "releases": releases(actor),
        "refused": refused[1] if refused and refused[0] not in shown else None,
    }
    return render(request, "supervisor/locks/show.html", context, status=status)


def _form(agent: User | None, me: int | None, refused: tuple[int, ReleaseForm] | None) -> ReleaseForm | None:
    """Return the form of one lock: the refused one as it was sent; None for contacts and for oneself."""
    if agent is None or agent.pk == me:
        return None
    return refused[1] if refused and refused[0] == agent.pk else ReleaseForm(auto_id=f"id_{agent.uuid}_%s")
