"""The sheet of components for developers: every own component in every state, to compare against in review."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ledger import clock
from ledger.errors import Refused
from servicedesk.web.access import staff_required
from servicedesk.web.forms import CommandForm
from servicedesk.web.ladder import Rung

RUNGS = [
    (
        0,
        "0 min · 14:06",
        "Account manager, director and VP contacted",
        "Daniel Hartley 14:09 · Ruth Adeyemi 14:12",
        "met",
    ),
    (
        10,
        "10 min · 14:16",
        "Second stage, one contact not confirmed",
        "Marcus Vaile not reached in 4 attempts",
        "fired",
    ),
    (30, "30 min · 14:36", "Duty manager: action plan agreed", "reviewed 14:14, customer called 14:21", "soon"),
    (30, "10 + 20 min · 14:36", "CEO informed, stays on until resolved", "Helen Strand", "soon"),
    (60, "60 min · 15:06", "All hear the state, again every 30 min", "AM, director, VP, CEO", "running"),
    (120, "120 min · 16:00", "Director of the response centre", "Ivan Petrov", "running"),
    (180, "180 min · 17:00", "Deputy general manager, operations and networks", "Grace Muir", "running"),
]


class SampleForm(CommandForm):
    """A form with a field of every kind, one of them refused."""

    cause = forms.CharField(label="Cause", help_text="Name what failed and why.")
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"rows": 2}), required=False)
    priority = forms.ChoiceField(label="Priority", choices=[("1", "P1"), ("2", "P2")])
    follow = forms.BooleanField(label="Schedule a follow-up", required=False)
    severity = forms.ChoiceField(label="Severity", choices=[("s", "Severe"), ("m", "Major")], widget=forms.RadioSelect)


def sample() -> dict[str, Any]:
    """Return what the sheet shows, around the desk's present time."""
    now = clock.now()
    refused = SampleForm({"cause": "fixed", "priority": "1", "severity": "s"})
    refused.is_valid()
    refused.add_refusal(Refused("placeholder", "“fixed” says nothing. Name what failed and why.", "cause"))
    refused.add_refusal(Refused("four_eyes", "Not suspended: you asked for it yourself"))
    return {
        "running_at": now + timedelta(minutes=22, seconds=10),
        "soon_at": now + timedelta(minutes=4, seconds=20),
        "over_at": now - timedelta(minutes=2, seconds=11),
        "far_at": now + timedelta(days=2, hours=3),
        "started_at": now - timedelta(minutes=26),
        "form": refused,
        "page": Paginator(range(57), 20).page(2),
        "rungs": [
            Rung(offset_minutes=m, when=when, clock=when[-5:], title=title, who=who, state=state)
            for m, when, title, who, state in RUNGS
        ],
        "figures": [
            {"label": "Due within 5 min", "value": 3, "icon": "hourglass-low", "state": "soon"},
            {"label": "Contacts not confirmed", "value": 3, "note": "1 over time", "note_state": "breached"},
            {"label": "Calls answered in 20 s, today", "value": None, "icon": "phone", "note": "target 90%"},
        ],
        "steps": [
            ("Received", "done"),
            ("Verified", "done"),
            ("In work", "current"),
            ("Solved", ""),
            ("Confirmed", ""),
        ],
        "visibility": [
            ("public", "Public", "world"),
            ("internal", "Internal", "lock"),
            ("x", "Off", "", "Why it is off"),
        ],
        "markdown": "# Heading\n\n**Bold**, `code`, [a link](/desk/) and a list:\n\n- one\n- two\n\n<b>not markup</b>",
    }


@require_safe
@staff_required
def component_sheet(request: HttpRequest) -> HttpResponse:
    """Show the sheet."""
    return render(request, "dev/components.html", sample())
