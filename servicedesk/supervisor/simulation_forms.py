"""Shape of what is asked of the simulator; the rules are the command's own."""

from datetime import UTC, datetime, timedelta
from datetime import time as wall
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from escalation.models import Policy, PolicyDraft
from servicedesk.web.forms import CommandForm

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TICKETS, ONE = "tickets", "ticket"
INPUTS = [
    (TICKETS, _("Stored tickets")), (ONE, _("One ticket")), ("poisson", _("Made up: an ordinary day")),
    ("storm", _("Made up: a storm")), ("night", _("Made up: nights")),
    ("dst", _("Made up: the weekend the clocks change")), ("holiday", _("Made up: a holiday")),
    ("empty-roster", _("Made up: nobody on call")),
]  # fmt: skip


class SimulationForm(CommandForm):
    """Two versions, and what to run them over."""

    old = forms.ChoiceField(label=_("Compare"))
    new = forms.ChoiceField(label=_("With"))
    source = forms.ChoiceField(label=_("Tickets"), choices=INPUTS)
    first = forms.DateField(label=_("From"), required=False, widget=DAY)
    last = forms.DateField(label=_("To"), required=False, widget=DAY)
    ticket = forms.CharField(
        label=_("Ticket number"), required=False, max_length=20, help_text=_("Only for one ticket, as SD-000123")
    )

    def __init__(self, *args: Any, policy: Policy, at: datetime, **kwargs: Any) -> None:
        draft = PolicyDraft.objects.filter(policy=policy).exists()
        numbers = list(policy.versions.order_by("-n").values_list("n", flat=True))
        last = "draft" if draft else str(numbers[0]) if numbers else ""
        start = {
            "old": str(policy.current.n) if policy.current else last, "new": last, "source": TICKETS,
            "first": (at - timedelta(days=90)).date(), "last": at.date(),
        }  # fmt: skip
        kwargs["initial"] = {**start, **(kwargs.get("initial") or {})}
        super().__init__(*args, **kwargs)
        named = [(str(n), _("Version %(n)s") % {"n": n}) for n in numbers]
        for name in ("old", "new"):
            self.fields[name].choices = [*([("draft", _("Draft"))] if draft else []), *named]

    def clean(self) -> dict[str, Any]:
        """One ticket needs its number."""
        said: dict[str, Any] = super().clean() or self.cleaned_data
        if said.get("source") == ONE and not said.get("ticket"):
            self.add_error("ticket", _("Enter the number of the ticket."))
        return said

    def asked(self) -> dict[str, Any]:
        """Return the arguments of `request_simulation`; the last day is included."""
        said = self.cleaned_data
        if said["source"] == ONE:
            return {"old": said["old"], "new": said["new"], "ticket_number": said["ticket"]}
        if said["source"] != TICKETS:
            return {"old": said["old"], "new": said["new"], "synthetic_name": said["source"]}
        first, last = said["first"], said["last"]
        return {
            "old": said["old"], "new": said["new"], "first": datetime.combine(first, wall(), UTC) if first else None,
            "last": datetime.combine(last + timedelta(days=1), wall(), UTC) if last else None,
        }  # fmt: skip
