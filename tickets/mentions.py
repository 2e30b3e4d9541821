"""Colleagues named in a note: "@Ben Castellano please look"."""

import re

from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.actors import actor_for
from accounts.models import User
from ledger.errors import Refused
from tickets.models import Ticket

MOST = 20
_AT = re.compile(r"(?<![\w@.])@(?=\w)([^@\n]{1,120})")
_WORD = re.compile(r"\w[\w'’.-]*")
_LONGEST_NAME = 4


def named(body: str) -> list[list[str]]:
    """Return, for each "@" of `body` that begins a name, the names it may mean, longest first, in lower case.

    A name is one to four words; an "@" inside a word (an e-mail address) begins none.
    """
    found = []
    for match in _AT.finditer(body):
        words = [word.casefold() for word in _WORD.findall(match.group(1))[:_LONGEST_NAME]]
        found.append([" ".join(words[:n]).rstrip(".-'’") for n in range(len(words), 0, -1)])
    return found


def mentioned(ticket: Ticket, body: str) -> list[User]:
    """Return the colleagues `body` names, each once; a name nobody has is plain text. No query without an "@".

    Raises Refused("may_not_see") for a colleague who may not learn of the ticket, ("too_many").
    """
    asked = named(body)
    if not asked:
        return []
    rows = User.objects.annotate(low=Lower("name")).filter(kind=User.Kind.STAFF, is_active=True)
    held: dict[str, list[User]] = {}
    for user in rows.filter(low__in={name for names in asked for name in names}).order_by("pk"):
        held.setdefault(user.name.casefold(), []).append(user)
    meant = [user for names in asked for user in next((held[name] for name in names if name in held), [])]
    people = list({user.pk: user for user in meant}.values())
    if len(people) > MOST:
        raise Refused("too_many", _("Mention at most %(most)s colleagues.") % {"most": MOST}, "body", most=MOST)
    for person in people:
        _require_sees(ticket, person)
    return people


def _require_sees(ticket: Ticket, person: User) -> None:
    if not Ticket.objects.visible_to(actor_for(person)).filter(pk=ticket.pk).exists():
        message = _("%(name)s may not see this ticket. Share it first, or leave the name out.")
        raise Refused("may_not_see", message % {"name": person.name}, "body")
