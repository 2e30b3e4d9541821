"""The secret address of a person's own calendar of turns: made anew, revoked, and found again by its token."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from escalation.models import RosterFeed
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

TOKEN_BYTES, LONGEST_TOKEN = 32, 64


@transaction.atomic
def make_feed(*, actor: Actor, at: datetime) -> str:
    """Return a new token for the actor's own feed; the one before stops. Only its digest is kept.

    Raises Refused("not_allowed") for everybody but staff.
    """
    user = _self(actor)
    ended = RosterFeed.objects.filter(user=user, revoked_at=None).update(revoked_at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    feed = RosterFeed.objects.create(user=user, digest=digest(token), made_at=at)
    record(
        "roster.feed_made", chain=f"staff:{user.uuid}", actor=actor, at=at, feed=str(feed.uuid), replaced=bool(ended)
    )
    return token


@transaction.atomic
def revoke_feed(*, actor: Actor, at: datetime) -> None:
    """End the actor's own feed. Raises Refused: not_allowed, no_feed."""
    user = _self(actor)
    if not RosterFeed.objects.filter(user=user, revoked_at=None).update(revoked_at=at):
        raise Refused("no_feed", _("There is no calendar address to end."))
    record("roster.feed_revoked", chain=f"staff:{user.uuid}", actor=actor, at=at)


def feed_owner(token: str) -> User | None:
    """Return whose feed the token opens; None for a wrong, revoked or empty one, or for somebody who left. 1 query."""
    if not token or len(token) > LONGEST_TOKEN:
        return None
    rows = RosterFeed.objects.filter(digest=digest(token), revoked_at=None, user__is_active=True)
    found = rows.select_related("user").first()
    return found.user if found else None


def digest(token: str) -> str:
    """Return what of a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def _self(actor: Actor) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=actor.user_id or 0, kind=User.Kind.STAFF).first()
    if user is None or not actor.is_staff:
        raise Refused("not_allowed", _("Only staff have a calendar of turns."))
    return user
