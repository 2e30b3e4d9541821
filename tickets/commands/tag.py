"""Tags: short words of ours by which tickets are found again."""

import re
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from ledger.actor import Actor
from ledger.errors import Refused
from tickets import lifecycle
from tickets.commands.base import fresh, store, take, tell
from tickets.models import Ticket

MOST, LONGEST = 10, 40
_SHAPE = re.compile(r"[\w][\w.:/-]*")


@transaction.atomic
def tag_ticket(
    *, ticket_id: int, tags: Sequence[str], actor: Actor, at: datetime, version: int | None = None
) -> Ticket:
    """Give the ticket these tags and no others; lower case, in order, each once. The same tags again change nothing.

    Raises Refused("bad_tag"), ("too_many").
    """
    ticket = take(ticket_id, actor, version)
    lifecycle.require(ticket, "tag", actor)
    wanted = tidy_tags(tags)
    if wanted != ticket.tags:
        put_tags(ticket, wanted, actor=actor, at=at)
    return fresh(ticket)


def put_tags(ticket: Ticket, wanted: list[str], *, actor: Actor, at: datetime, undid: int | None = None) -> None:
    """Store the tags and tell. The words stand beside the chain: a tag may name a person."""
    before, ticket.tags = ticket.tags, wanted
    store(ticket)
    facts = {"version": ticket.version} | ({"undid": undid} if undid else {})
    texts = {"tags": ", ".join(wanted), "tags_before": ", ".join(before)}
    tell("ticket.tagged", ticket, actor=actor, at=at, texts=texts, **facts)


def tidy_tags(tags: Sequence[str]) -> list[str]:
    """Return tags as they are stored. Raises Refused("bad_tag"), ("too_many"), field tags."""
    wanted = sorted({tag.strip().lower() for tag in tags if tag.strip()})
    if len(wanted) > MOST:
        raise Refused("too_many", _("A ticket takes ten tags at most. Leave some out."), "tags")
    bad = next((tag for tag in wanted if len(tag) > LONGEST or not _SHAPE.fullmatch(tag)), None)
    if bad is not None:
        said = _("“%(tag)s” cannot be a tag. Use letters, digits, dots and dashes, 40 at most.")
        raise Refused("bad_tag", said % {"tag": bad[:60]}, "tags")
    return wanted
