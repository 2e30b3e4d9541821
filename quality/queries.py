"""What the survey page and the ticket show."""

from dataclasses import dataclass
from datetime import datetime

from quality.commands import digest
from quality.models import Survey
from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class SurveyView:
    """One round. `state` is open, answered or expired; ratings None = not given."""

    number: str
    state: str
    language: str
    sent_at: datetime
    expires_at: datetime
    answered_at: datetime | None
    rating: int | None
    response_rating: int | None
    comment: str


def _view(survey: Survey, at: datetime) -> SurveyView:
    state = "answered" if survey.answered_at else "expired" if survey.expires_at <= at else "open"
    return SurveyView(
        number=survey.ticket.number,
        state=state,
        language=survey.language,
        sent_at=survey.sent_at,
        expires_at=survey.expires_at,
        answered_at=survey.answered_at,
        rating=survey.rating,
        response_rating=survey.response_rating,
        comment=survey.comment.body if survey.comment else "",
    )


def survey_by_token(token: str, *, at: datetime) -> SurveyView | None:
    """Return the round a link opens, None for a link that opens nothing. Holds no more than number and state need."""
    if not token.strip():
        return None
    survey = Survey.objects.select_related("ticket", "comment").filter(token_sha256=digest(token)).first()
    return _view(survey, at) if survey is not None else None


def surveys_of(ticket: Ticket, *, at: datetime) -> list[SurveyView]:
    """Return the rounds of one (visible) ticket, newest first."""
    rows = Survey.objects.filter(ticket=ticket).select_related("ticket", "comment").order_by("-sent_at")
    return [_view(survey, at) for survey in rows]
