"""The policies in force, to read: what is due when, and who is called."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from escalation.board_policies import policies
from servicedesk.web.access import role_required


@require_safe
@role_required("supervisor", "duty_manager", "administrator")
def show(request: HttpRequest) -> HttpResponse:
    """Every policy as a ladder of rules."""
    return render(request, "supervisor/policies/show.html", {"policies": policies()})
