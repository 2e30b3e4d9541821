"""What the pages of a major incident share: every command by slug, who is offered which, the phases drawn."""

from typing import Any

from django.utils.translation import gettext as _

from servicedesk.desk.forms import major, major_talk
from servicedesk.desk.forms.major import MajorForm
from servicedesk.web.times import hm
from tickets.models import MajorIncident
from tickets.queries_major import Room

FORMS: tuple[type[MajorForm], ...] = (
    major.CommanderForm, major.RoleForm, major.EndRoleForm, major.AddImpactForm, major.RemoveImpactForm,
    major.RecomputeForm, major.AttachForm, major.DetachForm, major.CadenceForm, major.ProtocolForm,
    major.PreventionForm, major.DoneForm, major.SkipForm, major.NoteForm, major_talk.NewsForm, major_talk.TellForm,
    major_talk.RestoreForm, major_talk.BeginReviewForm, major_talk.ReviewForm, major_talk.CompleteReviewForm,
    major_talk.CloseForm,
)  # fmt: skip
BY_SLUG = {form.slug: form for form in FORMS}


def phases(incident: MajorIncident) -> list[tuple[str, str]]:
    """Return (words, done | current | "") of the way through an incident."""
    steps = [
        (_("Declared"), _("Declared"), incident.declared_at),
        (_("Cause known"), _("Looking for the cause"), incident.identified_at),
        (_("Restored"), _("Being restored"), incident.restored_at),
        (_("Reviewed"), _("Review"), incident.reviewed_at),
        (_("Prevention done"), _("Prevention"), incident.closed_at),
    ]
    first = next((n for n, (_done, _doing, at) in enumerate(steps) if at is None), len(steps))
    return [
        (f"{done} {hm(at)}", "done") if at else (doing, "current") if n == first else (done, "")
        for n, (done, doing, at) in enumerate(steps)
    ]


def next_step(room: Room) -> dict[str, Any] | None:
    """Return what must happen next: words, slug of its form, due time or None. None once it is closed."""
    incident = room.incident
    if incident.running:
        return {"words": _("Update the customers"), "slug": "", "due": incident.next_update_at}
    if incident.state == "restored":
        return {"words": _("Begin the review"), "slug": "begin-review", "due": None}
    if incident.reviewed_at is None:
        return {"words": _("Write and complete the review"), "slug": "review", "due": None}
    if incident.state != "closed":
        return {"words": _("Finish what keeps it from returning"), "slug": "close", "due": None}
    return None
