"""Blanking a side text: the one change the ledger allows, and it shows (decisions 9)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry, EntryText
from ledger.record import record

FACT = "text.redacted"


def blank_texts(ids: list[str], at: datetime) -> list[str]:
    """Blank body and salt of these texts and return the ids that were not blank before.

    The caller must record an entry on each text's chain whose data holds these ids as `redacted` (`verify_ledger`
    refuses a blank text without one). 2 queries.
    """
    held = EntryText.objects.select_for_update(no_key=True).filter(pk__in=ids, redacted_at=None)
    found = [str(pk) for pk in held.order_by("pk").values_list("pk", flat=True)]
    EntryText.objects.filter(pk__in=found).update(body="", salt="", redacted_at=at)
    return found


def need_reason_and_second(reason: str, second_person: str, actor: Actor) -> None:
    """Raise Refused("reason_needed" or "second_person") unless a reason and another person stand behind it."""
    if len(reason.strip()) < 3 or "\x00" in reason:
        raise Refused("reason_needed", _("Write why."), field="reason")
    if not second_person or second_person == actor.ref:
        raise Refused("second_person", _("Name a second person who agreed."), field="second_person")


@transaction.atomic
def redact_text(
    *, text_id: str, reason: str, second_person: str, actor: Actor, at: datetime, about: object = None
) -> Entry:
    """Blank one side text for a reason two people share, recorded on the text's chain; the chain still verifies.

    second_person  public id (UUID text) of another member of staff than the actor.
    about          handed to `record` for hints and reactions.
    Raises Refused: unknown_text, already_redacted, reason_needed, second_person. `reason` must name no person.
    """
    need_reason_and_second(reason, second_person, actor)
    text = EntryText.objects.filter(pk=text_id).first()
    if text is None:
        raise Refused("unknown_text", _("We do not know that text. Look at the ticket again."))
    if not blank_texts([str(text.pk)], at):
        raise Refused("already_redacted", _("This text was removed before. Nothing is left to remove."))
    return record(
        FACT,
        chain=text.chain,
        actor=actor,
        at=at,
        about=about,
        texts={"reason": reason.strip()},
        redacted=[str(text.pk)],
        second_person=second_person,
    )
