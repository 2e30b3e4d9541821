"""The forms of a major incident that speak to customers or end it: declare, news, restore, review, close."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from catalogue.models import Service
from catalogue.queries import upstream_of
from ledger.actor import Actor
from servicedesk.desk.forms.base import choice, line, moment, text
from servicedesk.desk.forms.major import EVERY, STAFF, MajorForm
from servicedesk.desk.forms.major import one_of as person
from servicedesk.web.forms import CommandForm
from tickets import words
from tickets.commands import major_children, major_news, major_review
from tickets.commands.major_base import Rows
from tickets.commands.major_declare import Declaration
from tickets.commands.major_restore import Solution, restore_major
from tickets.commands.major_update import publish_update
from tickets.models import MajorIncident, Ticket

WEIGHTS = [("1", _("1, severe")), ("2", _("2, serious")), ("3", _("3, moderate"))]
PHASES = [row for row in MajorIncident.Phase.choices if row[0] != "restored"]


def bodies_of(data: dict[str, Any]) -> dict[str, str]:
    """Return {language: words} of a form with both texts."""
    return {"en": data["body"], "zh-hans": data["body_zh_hans"]}


def refused_words(rows: Rows) -> str:
    """Return what to say of the tickets that refused, "" for none."""
    if not rows.refused:
        return ""
    said = "; ".join(f"{number}: {why}" for number, why in rows.refused[:5])
    head = ngettext("%(n)d ticket refused", "%(n)d tickets refused", len(rows.refused)) % {"n": len(rows.refused)}
    return f"{head}. {said}"


class DeclareForm(CommandForm):
    """What is known when it is declared."""

    title = line(_("What has failed, for us"))
    public_title = line(_("What customers read"), help_text=_("Every affected customer reads it: name nobody."))
    public_title_zh = line(_("What customers read, in Chinese"), required=False)
    severity = choice(_("Weight"), WEIGHTS)
    services = line(
        _("Service IDs that failed"), required=False, limit=400,
        help_text=_("Separated by commas. Everything that hangs below them is affected too."),
    )  # fmt: skip
    since = moment(_("Since"), required=False)
    commander = person(_("Commander"), STAFF, required=False, empty=_("I take it"))
    cadence = choice(_("News every"), EVERY)
    bridge_url = forms.URLField(label=_("Bridge"), required=False, max_length=400, assume_scheme="https")

    def __init__(self, *args: Any, actor: Actor, ticket: Ticket | None = None, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)
        self.fields["cadence"].initial = 30
        if ticket is not None:
            self.fields["title"].initial, self.fields["since"].initial = ticket.title, ticket.received_at
            self.fields["services"].initial = ", ".join(failed_with(ticket))

    def clean_services(self) -> list[int]:
        """Return the ids of the services typed, all known to the reader."""
        typed = [name.strip().upper() for name in self.cleaned_data["services"].split(",") if name.strip()]
        rows = Service.objects.visible_to(self.actor).filter(service_id__in=typed)
        found = dict(rows.values_list("service_id", "pk"))
        missing = [name for name in typed if name not in found]
        if missing:
            raise forms.ValidationError(_("We do not know %(name)s.") % {"name": missing[0]})
        return list(found.values())

    def declaration(self) -> Declaration:
        """Return the command's shape of what was filled in."""
        data = self.cleaned_data
        commander: User | None = data["commander"]
        return Declaration(
            title=data["title"], public_titles={"en": data["public_title"], "zh-hans": data["public_title_zh"]},
            severity=int(data["severity"]), service_ids=data["services"], since=data["since"],
            commander_id=commander.pk if commander else None, cadence_minutes=int(data["cadence"]),
            bridge_url=data["bridge_url"],
        )  # fmt: skip


def failed_with(ticket: Ticket) -> list[str]:
    """Propose what failed: the farthest service above the ticket's own that does not work, else its own."""
    if ticket.service is None:
        return []
    above = [service for service in upstream_of(ticket.service) if service.state in ("down", "degraded")]
    return [(above[-1] if above else ticket.service).service_id]


class NewsForm(MajorForm):
    """The composer: drafts, previews and sends by the button pressed (`do`)."""

    slug, title, submit, icon = "news", _("Write an update"), _("Send update"), "send"
    body = text(_("Update to customers"), limit=4000)
    body_zh_hans = text(_("The same in Chinese"), required=False, limit=4000)
    phase = choice(_("Phase"), PHASES)
    cadence = choice(_("News every"), EVERY)
    on_tickets = forms.BooleanField(label=_("Also onto the tickets"), required=False)

    def prepare(self) -> None:
        if not self.incident.running:
            self.fields["phase"].choices = MajorIncident.Phase.choices
        self.fields["phase"].initial, self.fields["cadence"].initial = (
            self.incident.phase,
            self.incident.cadence_minutes,
        )

    def draft(self) -> None:
        """Keep it as the next news. Raises Refused."""
        data = self.cleaned_data
        major_news.draft_update(phase=data["phase"], bodies=bodies_of(data), **self.who)

    def run(self) -> str:
        data = self.cleaned_data
        sent = publish_update(
            phase=data["phase"], bodies=bodies_of(data), cadence_minutes=int(data["cadence"]),
            on_tickets=data["on_tickets"], **self.who,
        )  # fmt: skip
        self.said = _t("Sent to %(n)d contacts") % {"n": sent.contacts}
        return refused_words(sent.rows)


class TellForm(MajorForm):
    slug, title, submit, icon = "tell", _("Tell the tickets together"), _("Write on all"), "ticket"
    lead = _("One public progress note on each attached ticket, in its customer's language.")
    body = text(_("Text"), limit=4000)
    body_zh_hans = text(_("The same in Chinese"), required=False, limit=4000)

    def run(self) -> str:
        rows = major_children.update_children(bodies=bodies_of(self.cleaned_data), **self.who)
        self.said = _t("Written on %(n)d tickets") % {"n": len(rows.done)}
        return refused_words(rows)


class RestoreForm(MajorForm):
    slug, title, submit, icon = "restore", _("Declare restored"), _("Declare restored"), "circle-check"
    lead = _("Customers are told, the attached tickets go to closure together. The review is due from now on.")
    evidence = text(_("How it was checked"), rows=2)
    body = text(_("Last news to customers"), limit=4000)
    body_zh_hans = text(_("The same in Chinese"), required=False, limit=4000)
    solve = forms.BooleanField(label=_("Solve the attached tickets"), required=False, initial=True)
    resolution_code = choice(_("Solution of the tickets"), words.Resolution.choices)
    cause_code = choice(_("Cause"), words.Cause.choices)
    cause = text(_("Cause in words"), rows=2, required=False)
    resolution = text(_("What fixed it"), rows=2, required=False)

    def run(self) -> str:
        data = self.cleaned_data
        solved = {key: data[key] for key in ("resolution_code", "cause_code", "cause", "resolution")}
        done = restore_major(
            bodies=bodies_of(data), evidence=data["evidence"], solution=Solution(**solved) if data["solve"] else None,
            **self.who,
        )  # fmt: skip
        self.said = _t("Restored; %(n)d tickets solved") % {"n": len(done.rows.done)}
        return refused_words(done.rows)


class BeginReviewForm(MajorForm):
    slug, title, submit, icon = "begin-review", _("Begin the review"), _("Begin"), "clipboard-check"
    said = _("Review begun")

    def run(self) -> Any:
        return major_review.begin_review(**self.who)


class ReviewForm(MajorForm):
    slug, title, submit, icon = "review", _("Write the review"), _("Save"), "pencil"
    said = _("Review saved")
    summary = text(_("What happened, in short"), required=False)
    cause_code = choice(_("Cause"), words.Cause.choices, required=False)
    cause = text(_("Cause in words"), required=False)
    went_well = text(_("What went well"), rows=2, required=False)
    went_badly = text(_("What went badly"), rows=2, required=False)

    def prepare(self) -> None:
        for name, kept in (("summary", "review_summary"), ("cause_code", "cause_code"), ("cause", "cause"),
                           ("went_well", "review_went_well"), ("went_badly", "review_went_badly")):  # fmt: skip
            self.fields[name].initial = getattr(self.incident, kept)

    def run(self) -> Any:
        data = {key: value for key, value in self.cleaned_data.items() if key not in ("once", "version")}
        return major_review.save_review(**data, **self.who)


class CompleteReviewForm(MajorForm):
    slug, title, submit, icon = "complete-review", _("Complete the review"), _("Complete"), "clipboard-check"
    lead = _("It needs a summary, a cause, and at least one prevention action.")
    said = _("Review done")

    def run(self) -> Any:
        return major_review.complete_review(**self.who)


class CloseForm(MajorForm):
    slug, title, submit, icon = "close", _("Close the incident"), _("Close"), "circle-check"
    lead = _("Every prevention action is done, or left out with a reason.")
    said = _("Closed")

    def run(self) -> Any:
        return major_review.close_major(**self.who)
