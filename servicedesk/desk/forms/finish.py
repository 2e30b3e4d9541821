"""Resolving, confirming, disputing, closing, reopening, cancelling."""

from django import forms
from django.utils.translation import gettext_lazy as _

from servicedesk.desk.forms.base import TicketForm, choice, moment, text
from tickets import words
from tickets.commands.approve import request_reopen
from tickets.commands.resolve import cancel, close, confirm, dispute, reopen, resolve

CONFIRMED_HOW = [
    ("agent_call", _("By phone, an agent asked")),
    ("evidence", _("Monitoring shows it; calls stayed unanswered")),
]
KNOWLEDGE = [
    ("none", _("Nothing new to write down")),
    ("draft", _("An article is to be written")),
    ("linked", _("An article covers it")),
]
FOLLOW_UP = [("none", _("No follow-up needed")), ("planned", _("Follow-up planned"))]


class ResolveForm(TicketForm):
    slug, title, submit, icon = "resolve", _("Resolve"), _("Resolve"), "check"
    key, step, said = "r", "resolve", _("Resolved. The customer is asked to confirm.")
    command = resolve

    resolution_code = choice(_("Result"), words.Resolution.choices, required=False)
    cause_code = choice(_("Cause"), words.Cause.choices, required=False)
    cause = text(_("What caused it"), rows=2, required=False)
    resolution = text(_("What fixed it"), rows=3, required=False, help_text=_("The customer reads this."))
    participants_confirmed = forms.BooleanField(
        label=_("Everyone who took part is listed on the ticket"), required=False
    )


class ConfirmForm(TicketForm):
    slug, title, submit, icon = "confirm", _("Confirm for the customer"), _("Confirm"), "thumb-up"
    short = _("Confirm")
    step, said = "confirm", _("Confirmed. The survey is on its way.")
    command = confirm

    how = choice(_("How do you know"), CONFIRMED_HOW)
    evidence = text(_("Who said so, or what shows it"), rows=2, required=False)


class DisputeForm(TicketForm):
    slug, title, submit, icon = "dispute", _("Not solved after all"), _("Back to work"), "thumb-down"
    short = _("Dispute")
    step, said = "dispute", _("Back in work")
    command = dispute

    reason = text(_("What still fails"), rows=2)


class CloseForm(TicketForm):
    slug, title, submit, icon = "close", _("Close"), _("Close"), "archive"
    step, said = "close", _("Closed")
    command = close

    knowledge_decision = choice(_("Knowledge"), KNOWLEDGE)
    follow_up_decision = choice(_("Follow-up"), FOLLOW_UP)
    follow_up_at = moment(_("Follow-up on"), required=False)


class ReopenForm(TicketForm):
    slug, title, submit, icon = "reopen", _("Reopen"), _("Reopen"), "refresh"
    step, said = "reopen", _("Reopened")
    command = reopen

    reason = text(_("Reason"), rows=2)


class AskReopenForm(TicketForm):
    slug, title, submit, icon = "ask-reopen", _("Ask to reopen late"), _("Ask for approval"), "signature"
    step, said = "request_reopen", _("Asked. The ticket opens with the approval.")
    lead = _("After the set time a ticket opens again only where somebody else approves.")
    command = request_reopen

    reason = text(_("Reason"), rows=2)


class CancelForm(TicketForm):
    slug, title, submit, icon = "cancel", _("Cancel the ticket"), _("Cancel the ticket"), "ban"
    step, danger, said = "cancel", True, _("Cancelled")
    command = cancel

    reason = text(_("Reason, and the customer's word"), rows=2)
