"""People on shift begin and end breaks (A-04). A break moves no page: whoever is on call is called."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from escalation.models import Break
from escalation.rosters.rules import LEADS
from ledger.actor import SYSTEM, Actor
from ledger.errors import Refused
from ledger.record import record

LONGEST = timedelta(hours=4)


@transaction.atomic
def begin_break(*, actor: Actor, at: datetime) -> Break:
    """Begin a break of one's own. Raises Refused: not_staff, on_break."""
    if not actor.is_staff or actor.user_id is None:
        raise Refused("not_staff", _("Only staff take breaks here."))
    try:
        with transaction.atomic():
            made = Break.objects.create(user_id=actor.user_id, from_at=at)
    except IntegrityError as error:
        if "break_one_open" not in str(error):
            raise
        raise Refused("on_break", _("Your break runs already."))
    record("break.begun", chain=f"person:{actor.ref}", actor=actor, at=at)
    return made


@transaction.atomic
def end_break(*, user_id: int | None = None, actor: Actor, at: datetime) -> Break:
    """End a break: one's own, or, as a supervisor or duty manager, another's. Raises Refused: not_allowed, no_break."""
    wanted = actor.user_id if user_id is None else user_id
    if wanted != actor.user_id and not (actor.is_staff and actor.has_role(*LEADS)):
        raise Refused("not_allowed", _("Only they themselves or a supervisor end it."))
    row = Break.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    found = row.filter(user_id=wanted or 0, to_at=None).first()
    if found is None:
        raise Refused("no_break", _("No break runs."))
    return _ended(found, found.user, actor, at)


def end_forgotten(*, at: datetime) -> int:
    """End breaks that have lasted four hours, as of then; return how many."""
    keys = list(Break.objects.filter(to_at=None, from_at__lte=at - LONGEST).values_list("pk", flat=True))
    return sum(_forgotten(pk, at) for pk in keys)


@transaction.atomic
def _forgotten(pk: int, at: datetime) -> int:
    rows = Break.objects.select_for_update(no_key=True, of=("self",)).select_related("user")
    found = rows.filter(pk=pk, to_at=None).first()
    if found is not None:
        found.to_at = found.from_at + LONGEST
        found.save(update_fields=["to_at"])
        record("break.ended", chain=f"person:{found.user.uuid}", actor=SYSTEM, at=at, forgotten=True)
    return int(found is not None)


def _ended(found: Break, user: User, actor: Actor, at: datetime) -> Break:
    found.to_at = max(at, found.from_at)
    found.save(update_fields=["to_at"])
    record("break.ended", chain=f"person:{user.uuid}", actor=actor, at=at)
    return found
