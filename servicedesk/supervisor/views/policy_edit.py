"""What may be done to a policy on its page: each command a POST of its own, refused with what was typed kept."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from escalation.commands.compare import request_comparison, stop_comparison
from escalation.commands.draft import EDITORS, begin_draft, discard_draft
from escalation.commands.publish import publish_policy, retire_policy
from escalation.models import Policy
from escalation.policy_names import every_name
from escalation.shapes import Shape, rule_of
from ledger import clock
from ledger.errors import Refused
from servicedesk.supervisor import policy_edits as edits
from servicedesk.supervisor.policy_conditions import ConditionsForm, PolicyForm
from servicedesk.supervisor.policy_forms import PublishForm, RetireForm, RuleForm
from servicedesk.supervisor.policy_page import NEW_RULE, variant_form
from servicedesk.supervisor.policy_saving import Edit, address
from servicedesk.supervisor.views.policies import found
from servicedesk.web.access import role_required
from servicedesk.web.htmx import see_other


@require_POST
@role_required(*EDITORS)
def act(request: HttpRequest, slug: str, command: str) -> HttpResponse:
    """Take one command on the policy."""
    run = COMMANDS.get(command)
    if run is None:
        raise Http404
    return run(request, found(slug))


def _rule(request: HttpRequest, policy: Policy) -> HttpResponse:
    edit = Edit(request, policy)
    new = edit.code == "+"
    rule = dict(NEW_RULE) if new else rule_of(edit.shape, edit.code) if edit.shape else None
    if rule is None:
        return edit.refuse(Refused("gone", _("This rule is no longer in the draft. What you typed was not saved.")), {})
    form = RuleForm(request.POST, shape=edit.shape, rule=rule, new=new, names=every_name(), auto_id="rule_%s")
    if not form.is_valid():
        return edit.page({"rule_form": form})
    made = form.to_rule()
    code = made["code"] if new else edit.code
    return edit.save(edits.set_rule(edit.shape, edit.code, made), chosen=code, refused={"rule_form": form})


def _conditions(request: HttpRequest, policy: Policy) -> HttpResponse:
    edit = Edit(request, policy)
    if edit.missing:
        raise Http404
    form = PolicyForm(request.POST, shape=edit.shape, auto_id="policy_%s")
    if not form.is_valid():
        return edit.page({"policy_form": form, "open": "conditions"})
    return edit.save({**edit.shape, **form.to_policy()}, chosen=edit.code, refused={"policy_form": form})


def _when(request: HttpRequest, policy: Policy) -> HttpResponse:
    edit = Edit(request, policy)
    rule = rule_of(edit.shape, edit.code) if edit.shape else None
    if rule is None:
        raise Http404
    form = ConditionsForm(request.POST, subject=policy.subject, said=rule.get("when") or {}, auto_id="when_%s")
    if not form.is_valid():
        return edit.page({"when_form": form, "open": "when"})
    made = {**rule, "when": form.to_conditions()}
    return edit.save(edits.set_rule(edit.shape, edit.code, made), chosen=edit.code, refused={"when_form": form})


def _variant(request: HttpRequest, policy: Policy) -> HttpResponse:
    edit = Edit(request, policy)
    rule = rule_of(edit.shape, edit.code) if edit.shape else None
    variants, number = list((rule or {}).get("variants") or []), _number(request)
    if rule is None or (number is not None and number >= len(variants)):
        raise Http404
    form = variant_form(edit.shape, rule, number, request.POST)
    if not form.is_valid():
        form.open = True
        return edit.page({"refused_variant": form})
    said = {"when": form.to_conditions(), "offset_s": form.cleaned_data["then"]}
    place = len(variants) if number is None else number
    variants[place : place + 1] = [said]
    made = {**rule, "variants": variants}
    return edit.save(edits.set_rule(edit.shape, edit.code, made), chosen=edit.code)


def _drop_variant(request: HttpRequest, policy: Policy) -> HttpResponse:
    edit = Edit(request, policy)
    if edit.missing:
        raise Http404
    return edit.save(edits.without_variant(edit.shape, edit.code, _number(request) or 0), chosen=edit.code)


def _number(request: HttpRequest) -> int | None:
    """Return which exception of the rule is meant, None for a new one."""
    given = request.POST.get("number", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 3 else None


def _shape(change: Callable[[Shape, str], Shape], *, stay: bool = True) -> Callable[..., HttpResponse]:
    def run(request: HttpRequest, policy: Policy) -> HttpResponse:
        edit = Edit(request, policy)
        if edit.missing:
            raise Http404
        return edit.save(change(edit.shape, edit.code), chosen=edit.code if stay else "")

    return run


def _copy(request: HttpRequest, policy: Policy) -> HttpResponse:
    edit = Edit(request, policy)
    if edit.missing:
        raise Http404
    shape, code = edits.copied(edit.shape, edit.code)
    return edit.save(shape, chosen=code)


def _whole(request: HttpRequest, policy: Policy, run: Callable[..., Any], done: Any, there: str = "", **more: Any):
    """Run a command on the whole draft; say `done` and go to the page `there`."""
    edit = Edit(request, policy)
    form, dialog = more.pop("form", None), more.pop("dialog", "")
    try:
        run(key=policy.key, actor=request.actor, at=edit.at, **more)
    except Refused as refusal:
        if form is None:
            return edit.refuse(refusal, {})
        form.add_refusal(refusal)
        return edit.page({dialog + "_form": form, "open": dialog})
    if done:
        messages.success(request, done)
    return see_other(request, there or address(policy))


def _begin(request: HttpRequest, policy: Policy) -> HttpResponse:
    return _whole(request, policy, begin_draft, _("Draft begun"), address(policy, request.POST.get("rule", "")[:12]))


def _discard(request: HttpRequest, policy: Policy) -> HttpResponse:
    """A policy that was never published goes with its draft, so there is no page to come back to."""
    there = "" if policy.versions.exists() else reverse("supervisor:policies")
    return _whole(request, policy, discard_draft, _("Draft discarded"), there, version=Edit(request, policy).version)


def _compare(request: HttpRequest, policy: Policy) -> HttpResponse:
    """A worker runs it; its page shows how far it is, and what it found."""
    there = reverse("supervisor:policy-comparison", args=[policy.key])
    return _whole(request, policy, request_comparison, "", there, version=Edit(request, policy).version)


def _stop_comparison(request: HttpRequest, policy: Policy) -> HttpResponse:
    there = reverse("supervisor:policy-comparison", args=[policy.key])
    try:
        stop_comparison(key=policy.key, actor=request.actor, at=clock.now())
    except Refused as refusal:
        messages.info(request, str(refusal.message))
    return see_other(request, there)


def _publish(request: HttpRequest, policy: Policy) -> HttpResponse:
    form = PublishForm(request.POST, auto_id="publish_%s")
    if not form.is_valid():
        return Edit(request, policy).page({"publish_form": form, "open": "publish"})
    said = {"note": form.cleaned_data["note"], "enforce_from": form.cleaned_data["enforce_from"]}
    return _whole(request, policy, publish_policy, _("Version published"), version=Edit(request, policy).version,
                  form=form, dialog="publish", **said)  # fmt: skip


def _retire(request: HttpRequest, policy: Policy) -> HttpResponse:
    form = RetireForm(request.POST, auto_id="retire_%s")
    if not form.is_valid():
        return Edit(request, policy).page({"retire_form": form, "open": "retire"})
    return _whole(request, policy, retire_policy, _("Policy taken out of force"), reason=form.cleaned_data["reason"],
                  form=form, dialog="retire")  # fmt: skip


COMMANDS: dict[str, Callable[..., HttpResponse]] = {
    "begin": _begin,
    "rule": _rule,
    "conditions": _conditions,
    "when": _when,
    "variant": _variant,
    "variant-remove": _drop_variant,
    "remove": _shape(edits.remove, stay=False),
    "up": _shape(lambda shape, code: edits.shifted(shape, code, -1)),
    "down": _shape(lambda shape, code: edits.shifted(shape, code, 1)),
    "mend": _shape(edits.mended),
    "copy": _copy,
    "compare": _compare,
    "stop-comparison": _stop_comparison,
    "publish": _publish,
    "discard": _discard,
    "retire": _retire,
}
