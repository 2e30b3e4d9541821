"""Our people, and the way out: what somebody holds goes to a successor, then their sign-ins end."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from accounts.commands.deactivate import deactivate_staff, holdings_of
from accounts.models import RoleGrant, TeamMembership, User
from ledger import clock
from ledger.errors import Refused
from servicedesk.people_registry import HOLDINGS
from servicedesk.supervisor.people_forms import LeavingForm
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other

SHOWN = 500
WORDS = {
    "tickets": gettext_lazy("Open tickets"), "work_items": gettext_lazy("Open steps"),
    "commitments": gettext_lazy("Promises to customers"), "major_incidents": gettext_lazy("Major incidents"),
    "duties": gettext_lazy("Contacts to confirm"),
    "rosters": gettext_lazy("Turns and rosters"), "ladder_roles": gettext_lazy("Roles in account teams"),
    "deputy_roles": gettext_lazy("Deputy in account teams"), "reports": gettext_lazy("People who report to them"),
}  # fmt: skip


@require_safe
@role_required("administrator")
def index(request: HttpRequest) -> HttpResponse:
    """Everybody who signs in as staff, with roles and teams."""
    grants = Prefetch("role_grants", RoleGrant.objects.order_by("role"))
    teams = Prefetch("memberships", TeamMembership.objects.select_related("team").order_by("team__name"))
    rows = User.objects.filter(kind=User.Kind.STAFF, is_active=True).prefetch_related(grants, teams)
    context = {"rows": rows.order_by("name")[:SHOWN], "me": request.actor.user_id}
    return render(request, "supervisor/people/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required("administrator")
def leaving(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Show what somebody still holds; POST hands it over and ends their sign-ins."""
    person = get_object_or_404(User.objects.filter(kind=User.Kind.STAFF, is_active=True), uuid=uuid)
    form = LeavingForm(request.POST or None, leaver=person)
    if request.method == "POST" and form.is_valid():
        successor = form.cleaned_data["successor"]
        try:
            deactivate_staff(
                user_id=person.pk, successor_id=successor.pk if successor else None, actor=request.actor,
                reason=form.cleaned_data["reason"], at=clock.now(), registry=HOLDINGS,
            )  # fmt: skip
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("%(name)s is out; their sign-ins have ended") % {"name": person.name})
            return see_other(request, reverse("supervisor:people"))
    context: dict[str, Any] = {
        "person": person, "form": form, "holds": held(person), "myself": person.pk == request.actor.user_id,
    }  # fmt: skip
    return render(request, "supervisor/people/leaving.html", context, status=422 if form.errors else 200)


def held(person: User) -> list[tuple[Any, list[str]]]:
    """Return what a person holds: (words, references), in the order of the page. 8 queries."""
    found = holdings_of(person, HOLDINGS)
    return [(WORDS.get(kind, kind), refs) for kind, refs in found.items()]
