"""What the page of one policy shows: its draft or its version in force, the rule that is edited, what stands in the
way of publishing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from escalation.board_policies import conditions, history, is_ahead, ladder
from escalation.commands.draft import EDITORS
from escalation.models import Policy, PolicyComparison, PolicyDraft, PolicyMove, PolicyVersion
from escalation.policy_names import Names, every_name, names_in
from escalation.readiness import readiness
from escalation.readings import may_answer, possible_readers
from escalation.shapes import Shape, rule_of, shape_of
from servicedesk.supervisor.policy_answering import with_names
from servicedesk.supervisor.policy_conditions import ConditionsForm, PolicyForm, VariantForm
from servicedesk.supervisor.policy_coverage import counted, coverage_of, remembered
from servicedesk.supervisor.policy_figures import compared
from servicedesk.supervisor.policy_forms import PublishForm, RetireForm, RuleForm
from servicedesk.supervisor.policy_reading_forms import reading_forms
from servicedesk.supervisor.policy_words import told

NEW_RULE: dict[str, Any] = {"code": "", "label": "", "anchor": "start", "offset_s": 600, "targets": [], "stop_on": []}
NAMED = 3
DIALOGS = ("conditions", "when", "publish", "retire")
FORM_IDS = ("rule-form", "conditions-form", "when-form", "variant-form", "publish-form", "discard-form")


def may_edit(request: HttpRequest) -> bool:
    """Whether the reader may change policies at all."""
    return bool(request.actor.has_role(*EDITORS))


def context_of(
    request: HttpRequest, policy: Policy, *, at: datetime, chosen: str = "", refused: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return everything the page needs.

    chosen   code of the rule shown beside the ladder; "" = the first, "+" = a new one.
    refused  forms that were refused, by name, shown with what was typed.
    """
    draft = PolicyDraft.objects.filter(policy=policy).select_related("base", "saved_by", "compared_by").first()
    version = policy.current or policy.versions.order_by("-n").first()
    base = shape_of(policy.current, policy) if policy.current else None
    shape = draft.shape if draft else base or (shape_of(version) if version else _nothing(policy))
    names = every_name() if draft and may_edit(request) else names_in(shape, base)
    judged = readiness(draft, base, at=at, look=remembered) if draft else None
    may = may_edit(request)
    context: dict[str, Any] = {
        "policy": policy,
        "policy_name": _(policy.name),
        "version": version,
        "draft": draft,
        "ahead": is_ahead(policy.current, at),
        "shape": shape,
        "next_n": (version.n if version else 0) + 1,
        "may": may,
        "judged": judged,
        "rungs": ladder(
            shape,
            changes=judged.changes if judged else (),
            problems=judged.problems if judged else (),
            fresh=not base,
            names=names,
        ),
        "chips": conditions(shape["conditions"]),
        "matched": counted(shape, at),
        "versions": history(policy, at),
        "move": PolicyMove.objects.filter(policy=policy, state=PolicyMove.State.RUNNING).first(),
        "stale": None,
        "published": version is not None,
        "compared": compared(draft.comparison, request.actor) if draft else None,
        "told": told(judged.changes, shape, base, names) if judged else (),
        "job": PolicyComparison.objects.filter(policy=policy, draft=draft.uuid).first() if draft else None,
        "coverage": coverage_of(judged.holes or (), shape, at) if judged else None,
        "demanded": settings.SECOND_READER,
        "may_answer": may_answer(draft, judged.reading, request.actor) if draft and judged else False,
        "readers": _readers(draft) if draft and judged and judged.readable and not judged.reading else "",
    }
    rung_of = {rung.code: rung for rung in context["rungs"]}
    context |= _forms(draft, shape, chosen, rung_of, names) if may else {"rule": _rule(shape, chosen)}
    context |= dict(refused or {})
    _put_back(context)
    form = context.get("rule_form")
    context["targets"] = with_names(form.targets, at) if form is not None else []
    return context | {f"open_{name}": context.get("open") == name for name in DIALOGS}


def comparison_of(
    request: HttpRequest, policy: Policy, draft: PolicyDraft, *, at: datetime, forms: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return what the page of a draft's comparison needs: little, it is asked for every two seconds while one runs.

    forms  those of its second reader that were refused, by name.
    """
    base = shape_of(policy.current, policy) if policy.current else None
    judged = readiness(draft, base, at=at, coverage=False)
    last = policy.versions.order_by("-n").values_list("n", flat=True).first() or 0
    return {
        "policy": policy, "policy_name": _(policy.name), "draft": draft, "may": may_edit(request), "next_n": last + 1,
        "judged": judged, "job": PolicyComparison.objects.filter(policy=policy, draft=draft.uuid).first(),
        "compared": compared(draft.comparison, request.actor),
        "told": told(judged.changes, draft.shape, base, names_in(draft.shape, base)),
        "demanded": settings.SECOND_READER, "may_answer": may_answer(draft, judged.reading, request.actor),
    } | reading_forms(request, draft, judged, forms or {})  # fmt: skip


def _readers(draft: PolicyDraft) -> str:
    """Return the first who may read a draft, to be named. 1 query."""
    names = list(possible_readers(draft).values_list("name", flat=True)[: NAMED + 1])
    return ", ".join(names[:NAMED]) + (" …" if len(names) > NAMED else "")


def _put_back(context: dict[str, Any]) -> None:
    """Show a refused exception in its own dialog; name every form that carries the version its reader saw."""
    refused = context.get("refused_variant")
    if refused is not None and refused.number is None:
        context["variant_form"] = refused
    elif refused is not None:
        context["exceptions"][refused.number] = refused
    rung, form = context.get("rung"), context.get("rule_form")
    said = [only for _after, _days, only in rung.variants] if rung and form else []
    context["exceptions_shown"] = [
        (field, only, str(n)) for n, (field, only) in enumerate(zip(form.variants if form else (), said, strict=False))
    ]
    own = [f"variant{form.number}-form" for form in context.get("exceptions", ())]
    context["form_ids"] = (*FORM_IDS, *own)


def _forms(
    draft: PolicyDraft | None, shape: Shape, chosen: str, rungs: Mapping[str, Any], names: Names
) -> dict[str, Any]:
    rule = _rule(shape, chosen)
    made: dict[str, Any] = {"rule": rule, "adding": chosen == "+", "retire_form": RetireForm()}
    if draft is None:
        return made
    fields = {"auto_id": "rule_%s"}
    made |= {
        "rule_form": RuleForm(shape=shape, rule=rule, new=chosen == "+", names=names, **fields) if rule else None,
        "rung": rungs.get(rule["code"]) if rule else None,
        "policy_form": PolicyForm(shape=shape, auto_id="policy_%s"),
        "publish_form": PublishForm(auto_id="publish_%s"),
    }
    if rule and chosen != "+":
        subject = shape["subject"]
        made["when_form"] = ConditionsForm(subject=subject, said=rule.get("when") or {}, auto_id="when_%s")
        made["variant_form"] = variant_form(shape, rule)
        made["exceptions"] = [variant_form(shape, rule, n) for n in range(len(rule.get("variants") or []))]
    return made


def variant_form(shape: Shape, rule: Mapping[str, Any], number: int | None = None, data: Any = None) -> VariantForm:
    """Return the form of one exception of a rule, of a new one for None."""
    one = rule["variants"][number] if number is not None else {"when": {}, "offset_s": None}
    form = VariantForm(
        data, subject=shape["subject"], said=one["when"], then=one["offset_s"], days=rule.get("unit") == "work_day",
        auto_id="variant_%s" if number is None else f"variant{number}_%s",
    )  # fmt: skip
    form.number = number
    return form


def _rule(shape: Shape, chosen: str) -> dict[str, Any] | None:
    if chosen == "+":
        return dict(NEW_RULE)
    found = rule_of(shape, chosen) if chosen else None
    return found or (shape["rules"][0] if shape["rules"] else None)


def _nothing(policy: Policy) -> Shape:
    return {"key": policy.key, "name": policy.name, "subject": policy.subject, "conditions": {},
            "on_entitlement_calendar": [], "rules": []}  # fmt: skip


def version_or_none(policy: Policy, n: str) -> PolicyVersion | None:
    """Return the version of that number, None for anything else."""
    if not (n.isascii() and n.isdigit() and len(n) < 5):
        return None
    return policy.versions.select_related("published_by", "read_by").filter(n=int(n)).first()
