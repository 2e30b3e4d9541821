"""Surveys: invite once, answer once, act on a low rating (V-15, C-05, C-06, C-12)."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from channels.sealed import Box
from ledger.actor import SYSTEM, Actor
from ledger.clock import real_now
from ledger.errors import Refused
from ledger.models import Entry, OutboxMessage
from ledger.record import keep_text, record
from quality.improvements import improve
from quality.models import Survey
from tickets.models import Ticket

VALID = timedelta(days=30)
LOW = 2
MAX_COMMENT = 4000


def digest(token: str) -> str:
    """Return what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, ticket_id: int, actor: Actor, at: datetime) -> Survey | None:
    """Open one question round for the reporter and queue its mail with the one-time link.

    None where there is nobody to ask: no reporter, inactive, or no address. A round still open is kept, not doubled.
    The token is kept as a hash; until the mail is sent the outbox row holds it encrypted.
    """
    ticket = Ticket.objects.select_related("reporter").get(pk=ticket_id)
    contact = ticket.reporter
    if contact is None or not contact.active or not contact.email:
        return None
    open_round = Survey.objects.filter(ticket=ticket, answered_at=None, expires_at__gt=at).first()
    if open_round is not None:
        return open_round
    token = secrets.token_urlsafe(32)
    survey = Survey.objects.create(
        ticket=ticket,
        contact=contact,
        token_sha256=digest(token),
        language=contact.language,
        sent_at=at,
        expires_at=at + VALID,
    )
    entry = record("survey.opened", chain=ticket.chain, actor=actor, at=at, about=ticket, survey=str(survey.uuid))
    payload = {"survey": str(survey.uuid), "contact": str(contact.uuid), "token": Box("survey").seal(token)}
    OutboxMessage.objects.create(entry=entry, topic="mail.survey", payload=payload, due_at=real_now())
    return survey


def on_confirmed(entry: Entry, *, about: Ticket, actor: Actor) -> None:
    """Reaction to ticket.confirmed: the satisfaction survey goes out."""
    invite(ticket_id=about.pk, actor=actor, at=entry.at)


@transaction.atomic
def answer(*, token: str, rating: int, response_rating: int | None, comment: str, actor: Actor, at: datetime) -> Survey:
    """Store the one answer of a survey. Of parallel answers one wins. Closing the ticket stays with its checklist.

    rating, response_rating  1 (bad) … 5 (good); response_rating None = not answered (C-12).

    Raises Refused: unknown_survey (any token that opens nothing: absent, empty), expired, answered, bad_rating,
    bad_text, too_long. A rating of 1 or 2 opens an improvement with an owner (C-06).
    """
    check_answer(rating, response_rating, comment)
    survey = Survey.objects.select_for_update(no_key=True, of=("self",)).filter(token_sha256=digest(token)).first()
    if survey is None or not token.strip():
        raise Refused("unknown_survey", _("This link is not valid."))
    if survey.answered_at is not None:
        raise Refused("answered", _("This survey was answered already. Thank you."))
    if survey.expires_at <= at:
        raise Refused("expired", _("This link has expired."))
    return store_answer(survey, rating, response_rating, comment.strip(), actor, at)


def check_answer(rating: int, response_rating: int | None, comment: str) -> None:
    """Raise Refused("bad_rating") or ("too_long") for an answer that cannot be stored."""
    for field, value in (("rating", rating), ("response_rating", response_rating)):
        if (value is None and field == "rating") or (value is not None and value not in range(1, 6)):
            raise Refused("bad_rating", _("Choose from 1 to 5."), field=field)
    if len(comment) > MAX_COMMENT:
        raise Refused("too_long", _("The comment is too long. Shorten it."), field="comment")


def store_answer(
    survey: Survey, rating: int, response_rating: int | None, comment: str, actor: Actor, at: datetime
) -> Survey:
    """Store the answer of a locked, unanswered round and record it; a low rating opens an improvement (C-06)."""
    ticket = survey.ticket
    text = keep_text(ticket.chain, "comment", comment) if comment else None
    survey.rating, survey.response_rating, survey.comment, survey.answered_at = rating, response_rating, text, at
    survey.save(update_fields=["rating", "response_rating", "comment", "answered_at"])
    record(
        "survey.answered",
        chain=ticket.chain,
        actor=actor,
        at=at,
        about=ticket,
        texts={"comment": text} if text else None,
        survey=str(survey.uuid),
        rating=rating,
        response_rating=response_rating,
    )
    if rating <= LOW:
        improve(ticket, rating, actor=actor, at=at)
    return survey


def expire_surveys(*, at: datetime, limit: int = 500) -> int:
    """Record rounds that ended without an answer; returns how many. A round is recorded once."""
    done = 0
    over = Survey.objects.filter(answered_at=None, expires_at__lte=at, expired_recorded=False)
    for survey_id in list(over.values_list("pk", flat=True)[:limit]):
        done += _expire(survey_id, at)
    return done


@transaction.atomic
def _expire(survey_id: int, at: datetime) -> int:
    rows = Survey.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    survey = rows.filter(pk=survey_id, answered_at=None, expired_recorded=False).first()
    if survey is None:
        return 0
    survey.expired_recorded = True
    survey.save(update_fields=["expired_recorded"])
    ticket = survey.ticket
    record("survey.expired", chain=ticket.chain, actor=SYSTEM, at=at, about=ticket, survey=str(survey.uuid))
    return 1
