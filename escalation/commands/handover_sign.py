"""Both sign: the giver freezes the sheet, the taker accepts it and what was promised goes with it (A-05)."""

import hashlib
import json
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from escalation.models import Handover
from escalation.shifts.passing import pass_on
from escalation.shifts.reading import seen_lines
from escalation.shifts.rules import locked, require_draft, require_signer
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

FROZEN = ("key", "part", "position", "title", "due_at", "due_code", "facts", "change", "note")


@transaction.atomic
def sign_handover(*, handover_id: int, version: int | None = None, actor: Actor, at: datetime) -> Handover:
    """Sign as the giver. From then on the sheet stands as it is; a correction is a remark.

    Any manager may sign in the giver's place: the signature bears their own name. The entry holds a digest of the
    sheet. Raises Refused: not_allowed, no_person, unknown_handover, stale, signed.
    """
    person = require_signer(actor)
    handover = locked(handover_id, actor, version)
    require_draft(handover)
    handover.giver_id, handover.signed_at, handover.state = person, at, Handover.State.SIGNED
    handover.version += 1
    handover.save(update_fields=["giver", "signed_at", "state", "version"])
    record(
        "handover.signed", chain=handover.chain, actor=actor, at=at, about=handover, lines=handover.lines.count(),
        sheet=digest(handover), in_place=bool(handover.outgoing_id) and handover.outgoing_id != person,
    )  # fmt: skip
    return handover


@transaction.atomic
def accept_handover(*, handover_id: int, version: int | None = None, actor: Actor, at: datetime) -> Handover:
    """Accept as the taker, once every line was spoken through or read. Late or without overlap the giver's signature
    stands.

    Promises and acknowledgements of whoever managed the outgoing shift go to the taker, and so do the escalations
    they ran. Raises Refused: not_allowed, no_person, unknown_handover, stale, not_signed, over, same_person,
    not_spoken.
    """
    person = require_signer(actor)
    handover = locked(handover_id, actor, version)
    if handover.state == Handover.State.DRAFT:
        raise Refused("not_signed", _("The outgoing manager signs first; a supervisor may sign in their place."))
    if not handover.is_open:
        raise Refused("over", _("This handover is over."))
    if handover.giver_id == person:
        raise Refused("same_person", _("You gave this handover. Another person accepts it."))
    left = sum(line.spoken_at is None for line in seen_lines(handover, actor))
    if left:
        message = ngettext("%(n)d line is not gone through yet.", "%(n)d lines are not gone through yet.", left)
        raise Refused("not_spoken", message % {"n": left}, left=left)
    handover.taker_id, handover.accepted_at, handover.state = person, at, Handover.State.ACCEPTED
    handover.version += 1
    handover.save(update_fields=["taker", "accepted_at", "state", "version"])
    passed = pass_on(handover, actor=actor, at=at)
    record(
        "handover.accepted", chain=handover.chain, actor=actor, at=at, about=handover, passed=passed,
        late=at > handover.starts_at,
    )  # fmt: skip
    return handover


def digest(handover: Handover) -> str:
    """Return the SHA-256 of what is signed, hex: lines in order, notes, figures and changes."""
    lines = list(handover.lines.order_by("position").values(*FROZEN))
    whole = [lines, handover.notes, handover.figures, handover.changes, handover.starts_at]
    said = json.dumps(whole, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder)
    return hashlib.sha256(said.encode()).hexdigest()
