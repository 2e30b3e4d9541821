"""What a report must hold before it may be filed (C-21, C-24, C-26). Pure but for the words it reads."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from ledger.errors import Refused
from quality.reports.models import Edition
from tickets.models import Participant
from tickets.text import require_words

WORDS = ("title", "summary", "cause", "repair", "prevention")
MOST_PEOPLE, MOST_MEASURES, MOST_TEXT = 200, 50, 20_000
OURS = {Participant.Part.OWNER, Participant.Part.WORKED}


def missing(edition: Edition) -> list[Refused]:
    """Return every reason why the draft cannot be filed yet, in the order of the form; empty = it can."""
    return list(_missing(edition))


def _missing(edition: Edition) -> Iterator[Refused]:
    for name in WORDS:
        try:
            require_words(getattr(edition, name), name)
        except Refused as refusal:
            yield refusal
    if edition.began_at is None or edition.ended_at is None:
        yield Refused("no_times", _("Say when the trouble began and when it was over."), "began_at")
    elif edition.ended_at < edition.began_at:
        yield Refused("bad_times", _("The trouble cannot be over before it began."), "ended_at")
    if not OURS & {row["part"] for row in edition.people}:
        yield Refused("participants", _("List who of ours worked on it."), "people")
    for row in edition.measures:
        try:
            require_words(row["title"], "measures")
        except Refused as refusal:
            yield refusal
        if not row.get("owner"):
            yield Refused("no_owner", _("Give every measure an owner."), "measures")
