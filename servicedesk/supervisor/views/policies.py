"""Policies to read: the list, one as a ladder, two versions beside each other, its rules as CSV."""

import csv

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from escalation.board_policies import ladder, policies
from escalation.models import Policy, PolicyDraft
from escalation.policy_names import names_in
from escalation.readings import READERS
from escalation.shapes import difference, shape_of
from ledger import clock
from servicedesk.supervisor.policy_csv import rows_of
from servicedesk.supervisor.policy_figures import compared
from servicedesk.supervisor.policy_page import comparison_of, context_of, may_edit, version_or_none
from servicedesk.supervisor.policy_words import told
from servicedesk.web import parameters
from servicedesk.web.access import role_required
from servicedesk.web.htmx import swap

WHOLE, LIVE = "supervisor/policies/show.html", "supervisor/policies/_live.html"
NUMBER = parameters.matching(r"[0-9]{1,4}")
readers = role_required(*READERS)


@require_safe
@readers
def index(request: HttpRequest) -> HttpResponse:
    """Every policy with its version in force, its draft and how many clocks run on it."""
    return render(request, "supervisor/policies/list.html", {"rows": policies(clock.now()), "may": may_edit(request)})


@require_safe
@readers
@parameters.takes(rule=parameters.text(12))
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """One policy as a ladder; `?rule=` names the rule beside it, `+` a new one."""
    policy = found(slug)
    context = context_of(request, policy, at=clock.now(), chosen=request.GET.get("rule", "")[:12])
    return swap(request, WHOLE, LIVE, context)


@require_safe
@readers
@parameters.takes(n=NUMBER, against=NUMBER)
def versions(request: HttpRequest, slug: str) -> HttpResponse:
    """Version `n` as a ladder, and what changed in it since `against` (the one before it, where none is named)."""
    policy = found(slug)
    version = version_or_none(policy, request.GET.get("n", ""))
    if version is None:
        raise Http404
    other = version_or_none(policy, request.GET.get("against", str(version.n - 1)))
    shape = shape_of(version, policy)
    before = shape_of(other, policy) if other else None
    changes, names = difference(before, shape) if before else [], names_in(shape, before)
    context = {
        "policy": policy, "version": version, "other": other, "told": told(changes, shape, before, names),
        "rungs": ladder(shape, changes=changes, fresh=before is None, names=names),
        "others": policy.versions.exclude(pk=version.pk).order_by("-n").values_list("n", flat=True),
        "compared": compared(version.diff, request.actor),
    }  # fmt: skip
    return render(request, "supervisor/policies/version.html", context)


@require_safe
@readers
def comparison(request: HttpRequest, slug: str) -> HttpResponse:
    """What the draft changes on stored tickets, or how far that is; htmx asks for this alone while it runs."""
    policy = found(slug)
    draft = get_object_or_404(PolicyDraft.objects.select_related("compared_by"), policy=policy)
    context = comparison_of(request, policy, draft, at=clock.now())
    return swap(request, "supervisor/policies/comparison.html", "supervisor/policies/_compared_live.html", context)


@require_safe
@readers
@parameters.takes(n=NUMBER)
def rules_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules of the version in force, or of version `n`, one row each; cells cannot be formulas."""
    policy = found(slug)
    version = version_or_none(policy, request.GET["n"]) if request.GET.get("n") else policy.current
    if version is None:
        raise Http404
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{policy.key}-v{version.n}.csv"'
    csv.writer(response, quoting=csv.QUOTE_ALL).writerows(rows_of(shape_of(version, policy)))
    return response


def found(slug: str) -> Policy:
    """Return the policy of that key, 404 otherwise. Policies are everybody's who may read them."""
    return get_object_or_404(Policy.objects.select_related("current"), key=slug)
