"""The policy editor as its browser uses it: where it is, and what it sends of a rule's form."""

from typing import Any

from django.test import Client

from escalation.models import PolicyDraft
from escalation.shapes import rule_of
from servicedesk.supervisor.policy_spans import Span

KEY = "fault_handling"
HERE = f"/supervisor/policies/{KEY}/"


def typed(client: Client, code: str, here: str = HERE, **changed: Any) -> dict[str, Any]:
    """Return what the browser sends of a rule's form, with some fields typed anew."""
    form = client.get(here, {"rule": code}).context["rule_form"]
    sent: dict[str, Any] = {"rule": code, "version": PolicyDraft.objects.get().version}
    for name in form.fields:
        value = form[name].value()
        if isinstance(form.fields[name], Span):
            number, unit = form.fields[name].widget.decompress(value)
            sent |= {f"{name}_0": "" if number is None else number, f"{name}_1": unit}
        elif value not in (None, False, ""):
            sent[name] = value
    return sent | changed


def saved(code: str) -> dict[str, Any]:
    """Return a rule of the one draft there is."""
    found = rule_of(PolicyDraft.objects.get().shape, code)
    assert found is not None
    return found
