"""Planned work on the approvals page: what waits, for which functions the reader may decide, and why not (C-29)."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from servicedesk.web.forms import ConcurrentCommandForm
from tickets import planned
from tickets.commands.maintenance_approve import why_not_decide
from tickets.models import Maintenance
from tickets.queries_maintenance import waiting


class WindowDecisionForm(ConcurrentCommandForm):
    """Approve or decline for one function."""

    function = forms.ChoiceField(label=_("For"), choices=list(planned.FUNCTIONS.items()))
    approved = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.HiddenInput)
    reason = forms.CharField(label=_("Reason"), max_length=1000, required=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One window that waits. `off` says why the reader cannot decide, "" if they can. decided: function and person."""

    window: Maintenance
    left: list[Any]
    decided: list[tuple[Any, str]]
    off: str
    form: WindowDecisionForm | None


def windows_waiting(actor: Actor, *, refused: tuple[int, WindowDecisionForm] | None = None) -> list[Row]:
    """Return planned work that waits for a decision and that `actor` may learn of, the earliest on top. 2 queries."""
    return [_row(window, actor, refused) for window in waiting(actor)]


def decision_form(window: Maintenance, functions: list[str], data: Any = None) -> WindowDecisionForm:
    """Return the form for one window, offering only these functions."""
    initial = {"function": functions[0] if functions else "", "version": window.version}
    form = WindowDecisionForm(data, auto_id=f"id_{window.uuid}_%s", initial=initial)
    if data is None:
        form.fields["function"].choices = [(name, planned.FUNCTIONS[name]) for name in functions]
    return form


def _row(window: Maintenance, actor: Actor, refused: tuple[int, WindowDecisionForm] | None) -> Row:
    made = [row for row in window.approvals.all() if row.round_no == window.round_no]
    left = [name for name in window.needed if name not in {row.function for row in made}]
    why = {name: why_not_decide(window, name, actor) for name in left}
    mine = [name for name, refusal in why.items() if refusal is None]
    form = decision_form(window, mine) if mine else None
    if refused is not None and refused[0] == window.pk:
        form = refused[1]
    own = next((refusal for refusal in why.values() if refusal is not None and refusal.code == "same_person"), None)
    first = own or next(iter(why.values()), None)
    return Row(
        window=window, left=[planned.FUNCTIONS[name] for name in left],
        decided=[(planned.FUNCTIONS[row.function], row.person.name) for row in made],
        off="" if mine or first is None else str(first.message), form=form,
    )  # fmt: skip
