"""A new service: the four answers, and the consultation about it (V-07)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from servicedesk.desk.forms.base import TicketForm, choice, hidden_id, line, moment, one_of, text
from servicedesk.desk.forms.call import LENGTHS
from servicedesk.desk.forms.plan import GONE
from tickets.commands.appointment import cancel_appointment, make_appointment, move_appointment
from tickets.commands.inquiry import record_inquiry
from tickets.models import Appointment, SalesInquiry


class InquiryForm(TicketForm):
    slug, title, submit, icon = "inquiry", _("Write down the answers"), _("Save"), "pencil"
    short = _("Answers")
    step, additive, said = "plan", True, _("Saved")
    command = record_inquiry

    infrastructure = text(_("Current infrastructure"), rows=2, required=False, limit=4000)
    objectives = text(_("Business objectives"), rows=2, required=False, limit=4000)
    requirements = text(_("Technical requirements"), rows=2, required=False, limit=4000)
    timeline = text(_("Timeline"), rows=2, required=False, limit=4000)

    def prepare(self) -> None:
        known = SalesInquiry.objects.filter(ticket=self.ticket).first()
        for name in SalesInquiry.FIELDS:
            self.fields[name].initial = getattr(known, name, "")


class MeetingFields(forms.Form):
    """When and where."""

    starts_at = moment(_("Begins"))
    minutes = choice(_("Length"), LENGTHS)
    place = line(_("Where"), required=False, help_text=_("Address, link, or by phone"))


class AppointmentForm(MeetingFields, TicketForm):
    slug, title, submit, icon = "appointment", _("Arrange a consultation"), _("Invite"), "calendar-plus"
    short = _("Consultation")
    step, additive, said = "plan", True, _("Invited. Everybody gets the calendar file.")
    command = make_appointment

    host = one_of(_("Who of ours"), User.objects.none(), required=False, empty=_("–"))
    subject = line(_("About"), required=False, limit=160, help_text=_("Empty = technical consultation"))

    def prepare(self) -> None:
        self.fields["host"].queryset = User.objects.filter(kind="staff", is_active=True)
        self.fields["minutes"].initial = "60"

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        host = data["host"]
        return {"starts_at": data["starts_at"], "minutes": int(data["minutes"]), "place": data["place"],
                "subject": data["subject"], "host_id": host.pk if host else None}  # fmt: skip


class OnAppointment(TicketForm):
    """A form about one appointment."""

    step, additive, item, on_ticket = "plan", True, "appointment", False
    appointment = hidden_id()

    def clean_appointment(self) -> Appointment | None:
        found = Appointment.objects.filter(ticket=self.ticket, uuid=self.cleaned_data["appointment"]).first()
        if found is None:
            self.add_error(None, GONE)
        return found

    def arguments(self) -> dict[str, Any]:
        return {"appointment_id": self.cleaned_data["appointment"].pk}


class MoveAppointmentForm(MeetingFields, OnAppointment):
    slug, title, submit, icon = "appointment-move", _("Move the consultation"), _("Move"), "calendar-time"
    short = _("Move")
    said = _("Moved. Everybody gets the new time.")
    command = move_appointment

    def prepare(self) -> None:
        self.fields["minutes"].initial = "60"

    def arguments(self) -> dict[str, Any]:
        data = self.cleaned_data
        when = {"starts_at": data["starts_at"], "minutes": int(data["minutes"])}
        return {**super().arguments(), **when, "place": data["place"] or None}


class CancelAppointmentForm(OnAppointment):
    slug, title, submit, icon = "appointment-cancel", _("Cancel the consultation"), _("Cancel it"), "calendar-off"
    said = _("Cancelled. Everybody invited is told.")
    danger = True
    command = cancel_appointment
