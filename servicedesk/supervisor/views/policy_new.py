"""Begin a policy: empty, or as a copy of another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from escalation.commands.create_policy import create_policy
from escalation.commands.draft import EDITORS
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.policy_new_form import NewPolicyForm
from servicedesk.supervisor.policy_saving import address
from servicedesk.web import parameters
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(*EDITORS)
@parameters.takes(copy=parameters.text(40))
def new(request: HttpRequest) -> HttpResponse:
    """Ask for name, key and subject; on POST begin the policy and go to its draft. `?copy=` names one to begin with."""
    form = NewPolicyForm(request.POST or None, initial={"copy_of": request.GET.get("copy", "")})
    if request.method == "POST" and form.is_valid():
        try:
            draft = create_policy(**form.asked(), actor=request.actor, at=clock.now())
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Policy begun. It is in force once it is published."))
            return see_other(request, address(draft.policy, "" if draft.shape["rules"] else "%2B"))
    return render(request, "supervisor/policies/new.html", {"form": form}, status=422 if form.errors else 200)
