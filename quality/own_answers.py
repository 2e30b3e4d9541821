"""The survey answered by a customer who is signed in: the sign-in stands for the link (V-15, C-05, C-12)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from quality.commands import check_answer, store_answer
from quality.models import Survey
from tickets.models import Ticket


def open_round(ticket: Ticket, actor: Actor, at: datetime) -> Survey | None:
    """Return the round this very contact can still answer, None without one."""
    if actor.contact_id is None:
        return None
    rounds = Survey.objects.filter(ticket=ticket, contact_id=actor.contact_id)
    return rounds.filter(answered_at=None, expires_at__gt=at).order_by("-sent_at").first()


@transaction.atomic
def answer_own(
    *, ticket_id: int, rating: int, response_rating: int | None, comment: str, actor: Actor, at: datetime
) -> Survey:
    """Store the one answer of the round sent to this contact; ratings and refusals as in `quality.commands.answer`.

    Raises Refused("unknown_ticket"), and ("unknown_survey") when nobody asked this contact, it has answered or the
    time is over.
    """
    ticket = Ticket.objects.visible_to(actor).filter(pk=ticket_id).first()
    if ticket is None:
        raise Refused("unknown_ticket", _("We do not know that ticket. Check its number."))
    check_answer(rating, response_rating, comment)
    asked = open_round(ticket, actor, at)
    if asked is None:
        raise Refused("unknown_survey", _("There is nothing to rate any more. Thank you."))
    survey = Survey.objects.select_for_update(no_key=True, of=("self",)).get(pk=asked.pk)
    if survey.answered_at is not None:
        raise Refused("answered", _("This survey was answered already. Thank you."))
    return store_answer(survey, rating, response_rating, comment.strip(), actor, at)
