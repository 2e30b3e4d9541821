"""A draft and its second reader: ask somebody, say that it was read, decline it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from escalation.commands.read_policy import ask_reading, decline_policy, read_policy
from escalation.models import Policy, PolicyDraft
from escalation.readings import READERS
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor.policy_page import comparison_of
from servicedesk.supervisor.policy_reading_forms import AnswerForm, AskForm
from servicedesk.supervisor.views.policies import found
from servicedesk.web.access import role_required
from servicedesk.web.forms import CommandForm
from servicedesk.web.htmx import see_other


@require_POST
@role_required(*READERS)
def act(request: HttpRequest, slug: str, command: str) -> HttpResponse:
    """Take one step with the second reader; a refusal shows the comparison again with what was typed."""
    step = STEPS.get(command)
    if step is None:
        raise Http404
    policy, at = found(slug), clock.now()
    draft = get_object_or_404(PolicyDraft.objects.select_related("compared_by"), policy=policy)
    form = _form(request, command, draft)
    if form.is_valid():
        given = request.POST.get("version", "")
        version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else None
        try:
            run, done = step
            run(form, key=policy.key, version=version, actor=request.actor, at=at)
        except Refused as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, done)
            return see_other(request, reverse("supervisor:policy-comparison", args=[policy.key]))
    return _again(request, policy, draft, command, form, at)


def _form(request: HttpRequest, command: str, draft: PolicyDraft) -> CommandForm:
    if command == "ask":
        return AskForm(request.POST, draft=draft, asker=request.actor.user_id, auto_id="ask_%s")
    return AnswerForm(request.POST, auto_id="answer_%s")


def _again(
    request: HttpRequest, policy: Policy, draft: PolicyDraft, command: str, form: CommandForm, at: datetime
) -> HttpResponse:
    name = "ask_form" if command == "ask" else "answer_form"
    context = comparison_of(request, policy, draft, at=at, forms={name: form})
    return render(request, "supervisor/policies/comparison.html", context, status=422)


def _ask(form: CommandForm, **who: Any) -> None:
    ask_reading(reader=str(form.cleaned_data["reader"].uuid), **who)


def _read(form: CommandForm, **who: Any) -> None:
    read_policy(word=form.cleaned_data["word"], **who)


def _decline(form: CommandForm, **who: Any) -> None:
    decline_policy(reason=form.cleaned_data["word"], **who)


STEPS: dict[str, tuple[Callable[..., None], Any]] = {
    "ask": (_ask, _("Asked to read it")),
    "read": (_read, _("Read; it may be published")),
    "decline": (_decline, _("Declined; whoever asked is told")),
}
