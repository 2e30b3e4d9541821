"""Triage and what it decided: kind, category, service, scope, priority, customer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, Organisation, Team
from catalogue.models import Service
from servicedesk.desk.forms.base import TicketForm, choice, line, one_of, text
from tickets import words
from tickets.commands.approve import request_priority
from tickets.commands.triage import Triage, correct_customer, reclassify, reprioritise, triage
from tickets.commands.triage import set_critical as mark_critical

BY_MATRIX = _("By impact and urgency")


class TriageFields(forms.Form):
    """The fields of a triage, the same in the call and on a ticket."""

    kind = choice(_("Kind"), words.Kind.choices)
    category = choice(_("Category"), words.Category.choices, required=False)
    service = one_of(_("Service"), Service.objects.none(), required=False, empty=_("None of their services"))
    no_service_reason = line(_("Why no service"), required=False)
    scope = choice(_("Scope"), words.Scope.choices, required=False)
    impact = choice(_("Impact"), words.Level.choices, required=False)
    urgency = choice(_("Urgency"), words.Level.choices, required=False)
    priority = choice(_("Priority"), words.Priority.choices, required=False)
    priority_reason = line(_("Why another priority"), required=False)
    team = one_of(_("Team"), Team.objects.none(), required=False, empty=_("By routing"))
    critical = forms.BooleanField(label=_("Critical: many are affected"), required=False)


def triage_of(data: dict[str, Any], *, proposed_scope: str = "") -> Triage:
    """Return the command's shape of what was filled in; `proposed_scope` as the page proposed it, "" nothing."""
    service, team = data["service"], data["team"]
    return Triage(
        kind=data["kind"], category=data["category"], impact=data["impact"], urgency=data["urgency"],
        priority=data["priority"] or None, priority_reason=data["priority_reason"], scope=data["scope"],
        proposed_scope=proposed_scope,
        service_id=service.pk if service else None, no_service_reason=data["no_service_reason"],
        team_id=team.pk if team else None, critical=data["critical"],
        also_affected=[one.pk for one in data.get("also", ())],
    )  # fmt: skip


class TriageForm(TriageFields, TicketForm):
    slug, title, submit, icon = "triage", _("Triage"), _("Dispatch"), "send"
    step, said = "triage", _("Dispatched")
    command = triage

    def prepare(self) -> None:
        ticket = self.ticket
        services = Service.objects.visible_to(self.actor)
        self.fields["service"].queryset = services.filter(organisation_id=ticket.organisation_id)
        self.fields["team"].queryset = Team.objects.filter(active=True, tier__in=words.Tier.values)
        for name in ("kind", "category", "scope", "impact", "urgency", "no_service_reason", "critical"):
            self.fields[name].initial = getattr(ticket, name)
        self.fields["service"].initial = ticket.service.uuid if ticket.service else None

    def arguments(self) -> dict[str, Any]:
        return {"triage": triage_of(self.cleaned_data)}


class ReclassifyForm(TicketForm):
    slug, title, submit, icon = "reclassify", _("Reclassify"), _("Save"), "tags"
    step, said = "reclassify", _("Reclassified")
    command = reclassify

    kind = choice(_("Kind"), words.Kind.choices)
    category = choice(_("Category"), words.Category.choices)
    scope = choice(_("Scope"), words.Scope.choices, required=False)
    service = one_of(_("Service"), Service.objects.none(), required=False, empty=_("None of their services"))
    no_service_reason = line(_("Why no service"), required=False)
    impact = choice(_("Impact"), words.Level.choices, required=False)
    urgency = choice(_("Urgency"), words.Level.choices, required=False)
    title_ = line(_("Title"))
    reason = line(_("Reason"))

    def prepare(self) -> None:
        services = Service.objects.visible_to(self.actor)
        self.fields["service"].queryset = services.filter(organisation_id=self.ticket.organisation_id)
        for name in ("kind", "category", "scope", "no_service_reason", "impact", "urgency"):
            self.fields[name].initial = getattr(self.ticket, name)
        self.fields["service"].initial = self.ticket.service.uuid if self.ticket.service else None
        self.fields["title_"].initial = self.ticket.title

    def arguments(self) -> dict[str, Any]:
        data = super().arguments()
        service, title = data.pop("service"), data.pop("title_")
        return {**data, "title": title, "service_id": service.pk if service else None}


class ReprioritiseForm(TicketForm):
    slug, title, submit, icon = "reprioritise", _("Change the priority"), _("Save"), "flag"
    step, said = "reprioritise", _("Priority changed")
    lead = _("Clocks that newly apply begin now; what has fired stays fired.")
    command = reprioritise

    priority = choice(_("Priority"), words.Priority.choices, radio=True)
    reason = line(_("Reason"))

    def prepare(self) -> None:
        self.fields["priority"].initial = self.ticket.priority


class AskPriorityForm(TicketForm):
    slug, title, submit, icon = "ask-priority", _("Ask for a higher priority"), _("Ask for approval"), "signature"
    step, said = "request_approval", _("Asked. The priority changes with the approval.")
    lead = _("Two or more steps above what impact and urgency propose, somebody else must approve.")
    command = request_priority

    priority = choice(_("Priority"), words.Priority.choices, radio=True)
    reason = text(_("Reason"), rows=2)


class CriticalForm(TicketForm):
    slug, title, submit, icon = "critical", _("Mark as critical"), _("Mark as critical"), "urgent"
    step, danger, said = "reprioritise", True, _("Critical. Management is being told.")
    lead = _("Requests a priority escalation by itself and engages the on-call senior at once.")
    command = mark_critical

    reason = line(_("Reason"))


class CorrectCustomerForm(TicketForm):
    slug, title, submit, icon = "correct-customer", _("Correct the customer"), _("Correct"), "building"
    step, danger, said = "correct_customer", True, _("Corrected. Verify the caller again.")
    lead = _("Voids the verification: the ticket closes again until the right caller is verified.")
    command = correct_customer

    organisation = one_of(_("Organisation"), Organisation.objects.none())
    contact = one_of(_("Reporter"), Contact.objects.none())
    reason = text(_("Reason"), rows=2)

    def prepare(self) -> None:
        self.fields["organisation"].queryset = Organisation.objects.visible_to(self.actor)
        self.fields["contact"].queryset = Contact.objects.visible_to(self.actor).filter(active=True)

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        ids = {"organisation_id": data["organisation"].pk, "contact_id": data["contact"].pk}
        return {**ids, "reason": data["reason"]}
