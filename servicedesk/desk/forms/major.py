"""The forms of a major incident: each one command of `tickets.commands.major_…`, by the last part of its address."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, Team, User
from catalogue.models import Service
from ledger.actor import Actor
from servicedesk.desk.forms.base import choice, line, moment, one_of, text
from servicedesk.web.forms import ConcurrentCommandForm
from tickets.commands import major_children, major_impact, major_news, major_people, major_steps
from tickets.commands.major_base import CADENCES
from tickets.models import MajorIncident, MajorRole, Ticket, WorkItem

EVERY = [(n, _("%(n)d min") % {"n": n} if n < 60 else _("%(n)d h") % {"n": n // 60}) for n in CADENCES]
STAFF = User.objects.filter(kind="staff", is_active=True).order_by("name")
PLUMBING = {"once", "version"}


class MajorForm(ConcurrentCommandForm):
    """One command on one incident. `item` = the public id of the thing it is about, from the address."""

    slug: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    lead: ClassVar[Any] = ""
    submit: ClassVar[Any] = ""
    said: ClassVar[Any] = ""
    icon: ClassVar[str] = "check"
    do_not_call_in_templates: ClassVar[bool] = True

    def __init__(self, *args: Any, incident: MajorIncident, actor: Actor, at: datetime, item: str = "", **kwargs: Any):
        self.incident, self.actor, self.at, self.item = incident, actor, at, item
        super().__init__(*args, **kwargs)
        self.prepare()

    def prepare(self) -> None:
        """Narrow the choices to this incident and fill what is known."""

    @property
    def who(self) -> dict[str, Any]:
        """What every command takes."""
        return {"incident_id": self.incident.pk, "actor": self.actor, "at": self.at}

    @property
    def asks(self) -> list[forms.BoundField]:
        """The fields a person fills."""
        return [field for field in self.visible_fields() if field.name not in PLUMBING]

    def run(self) -> Any:
        """Carry it out. Raises Refused."""
        raise NotImplementedError(self.slug)


class CommanderForm(MajorForm):
    slug, title, submit, icon = "commander", _("Hand over the command"), _("Hand over"), "user-star"
    said = _("Command handed over")
    user = one_of(_("Commander"), STAFF)

    def run(self) -> Any:
        return major_people.change_commander(user_id=self.cleaned_data["user"].pk, **self.who)


class RoleForm(MajorForm):
    slug, title, submit, icon = "role", _("Add to the response team"), _("Add"), "user-plus"
    said = _("Added to the team")
    user = one_of(_("Who"), STAFF)
    part = choice(_("Part"), MajorRole.Part.choices)

    def run(self) -> Any:
        data = self.cleaned_data
        return major_people.add_role(part=data["part"], user_id=data["user"].pk, **self.who)


class EndRoleForm(MajorForm):
    slug, title, submit, icon = "end-role", _("End this part"), _("End"), "x"
    said = _("Part ended")

    def run(self) -> Any:
        return major_people.end_role(role_uuid=self.item, **self.who)


class AddImpactForm(MajorForm):
    slug, title, submit, icon = "affect", _("Add who is affected"), _("Add"), "users-plus"
    lead = _("A service brings everything that hangs below it; or name one customer.")
    said = _("Added to those affected")
    service = line(_("Service ID"), required=False, limit=40)
    organisation = line(_("Account number"), required=False, limit=32)
    reason = text(_("Reason"), rows=2)

    def clean(self) -> dict[str, Any]:
        """Exactly one of both, known to the reader."""
        data = super().clean() or {}
        if bool(data.get("service")) == bool(data.get("organisation")):
            self.add_error("service", _("Give a service ID or an account number, one of both."))
            return data
        for name, model, key in (("service", Service, "service_id"), ("organisation", Organisation, "account_number")):
            if data.get(name):
                rows = model.objects.visible_to(self.actor)
                data[name] = rows.filter(**{f"{key}__iexact": data[name].strip()}).first()
                if data[name] is None:
                    self.add_error(name, _("We do not know that one. Check its number."))
        return data

    def run(self) -> Any:
        data = self.cleaned_data
        if data["service"]:
            return major_impact.add_service(service_id=data["service"].pk, reason=data["reason"], **self.who)
        found = data["organisation"].pk
        return major_impact.add_organisation(organisation_id=found, reason=data["reason"], **self.who)


class RemoveImpactForm(MajorForm):
    slug, title, submit, icon = "spare", _("Not affected"), _("Take out"), "x"
    lead = _("It hears no more of this incident. What was sent stays sent.")
    said = _("Taken out of those affected")
    reason = text(_("Reason"), rows=2)

    def run(self) -> Any:
        row = self.incident.organisations.filter(organisation__uuid=self.item).first()
        named = {"organisation_id": row.organisation_id if row else 0, "reason": self.cleaned_data["reason"]}
        return major_impact.remove_organisation(**named, **self.who)


class RecomputeForm(MajorForm):
    slug, title, submit, icon = "compute", _("Compute the impact again"), _("Compute"), "route"
    said = _("Impact computed again")

    def run(self) -> Any:
        return major_impact.recompute_impact(**self.who)


class AttachForm(MajorForm):
    slug, title, submit, icon = "attach", _("Attach a ticket"), _("Attach"), "link"
    said = _("Ticket attached")
    ticket = line(_("Ticket number"), limit=16)

    def clean_ticket(self) -> Ticket:
        """Return the ticket, among those the reader may know of."""
        found = Ticket.objects.visible_to(self.actor).filter(number__iexact=self.cleaned_data["ticket"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("We do not know that ticket. Check its number."))
        return found

    def run(self) -> Any:
        return major_children.attach_ticket(ticket_id=self.cleaned_data["ticket"].pk, **self.who)


class DetachForm(MajorForm):
    slug, title, submit, icon = "detach", _("Detach the ticket"), _("Detach"), "x"
    said = _("Ticket detached")
    reason = text(_("Reason"), rows=2)

    def run(self) -> Any:
        found = Ticket.objects.visible_to(self.actor).filter(number=self.item).first()
        named = {"ticket_id": found.pk if found else 0, "reason": self.cleaned_data["reason"]}
        return major_children.detach_ticket(**named, **self.who)


class CadenceForm(MajorForm):
    slug, title, submit, icon = "cadence", _("How often customers hear"), _("Save"), "clock"
    said = _("Cadence changed")
    minutes = choice(_("News every"), EVERY)

    def prepare(self) -> None:
        self.fields["minutes"].initial = self.incident.cadence_minutes

    def run(self) -> Any:
        return major_news.change_cadence(cadence_minutes=int(self.cleaned_data["minutes"]), **self.who)


class ProtocolForm(MajorForm):
    slug, title, submit, icon = (
        "disaster",
        _("Activate the disaster recovery protocol"),
        _("Activate"),
        "alert-triangle",
    )
    lead = _("Its steps become the commander's, each with its time.")
    said = _("Protocol activated")

    def run(self) -> Any:
        return major_steps.attach_playbook_to_major(key="disaster-recovery", **self.who)


class PreventionForm(MajorForm):
    slug, title, submit, icon = "prevent", _("Add a prevention action"), _("Add"), "plus"
    said = _("Prevention action added")
    what = line(_("What keeps it from returning"))
    user = one_of(_("Owner"), STAFF, required=False, empty=_("A team, below"))
    team = one_of(_("Or a team"), Team.objects.filter(active=True), required=False, empty="–")
    due_at = moment(_("By"))

    def run(self) -> Any:
        data = self.cleaned_data
        owner = {f"owner_{kind}_id": data[kind].pk for kind in ("user", "team") if data[kind]}
        return major_steps.add_prevention(title=data["what"], due_at=data["due_at"], **owner, **self.who)


class DoneForm(MajorForm):
    slug, title, submit, icon = "done", _("Done"), _("Done"), "check"
    said = _("Step done")
    evidence = text(_("What shows that it is done"), rows=2, required=False)

    def run(self) -> Any:
        evidence = self.cleaned_data["evidence"]
        return major_steps.finish_step(item_id=_item(self), evidence=evidence, actor=self.actor, at=self.at)


class SkipForm(MajorForm):
    slug, title, submit, icon = "skip", _("Leave out"), _("Leave out"), "x"
    said = _("Step left out")
    reason = text(_("Reason"), rows=2)

    def run(self) -> Any:
        reason = self.cleaned_data["reason"]
        return major_steps.skip_step(item_id=_item(self), reason=reason, actor=self.actor, at=self.at)


class NoteForm(MajorForm):
    slug, title, submit, icon = "log", _("Write into the log"), _("Write"), "message"
    said = _("Written into the log")
    text = text(_("What happened"))

    def run(self) -> Any:
        return major_news.write_log(text=self.cleaned_data["text"], **self.who)


def _item(form: MajorForm) -> int:
    found = WorkItem.objects.filter(major=form.incident, uuid=form.item).values_list("pk", flat=True).first()
    return found or 0
