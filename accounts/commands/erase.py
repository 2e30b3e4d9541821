"""Erasing a person of a customer: pseudonymised in rows, blanked beside the chains, and the chains still verify."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, User
from accounts.roles import need
from accounts.signing_in import close_account
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.models import Entry, EntryText, OutboxMessage
from ledger.record import record
from ledger.redact import blank_texts, need_reason_and_second

NOBODY = "Erased person"
Eraser = Callable[[Contact, list[str], datetime], list[str]]


@transaction.atomic
def erase_person(
    *,
    contact_id: int,
    reason: str,
    second_person_id: int,
    actor: Actor,
    at: datetime,
    erasers: Sequence[Eraser] = (),
) -> Contact:
    """Remove a contact's personal data for good; organisation, tickets and history stay.

    Blanks the side texts of facts about the contact, and every side text that holds the full name, the address or a
    stored number. One entry `person.erased` on the organisation's chain lists the blanked texts by id.
    second_person_id  another active administrator or supervisor who agreed.
    erasers           rooms above: (contact, what identifies it, at) → ids of further side texts to blank.
    Raises Refused: not_allowed, unknown_contact, reason_needed, second_person. Scans all side texts: slow, rare.
    """
    need(actor, "administrator")
    contact = (
        Contact.objects.select_for_update(no_key=True, of=("self",))
        .select_related("organisation", "user")
        .filter(pk__in=Contact.objects.visible_to(actor).filter(pk=contact_id, erased_at=None).values("pk"))
        .first()
    )
    if contact is None:
        raise Refused("unknown_contact", _("We do not know that contact. Choose another."), field="contact")
    second = _second(second_person_id)
    need_reason_and_second(reason, second, actor)
    chain = f"organisation:{contact.organisation.uuid}"
    marks = [mark for mark in (contact.name, contact.email, *_numbers(contact)) if len(mark) >= 3]
    ids = set(_texts_of(contact, chain, marks))
    for eraser in erasers:
        ids.update(eraser(contact, marks, at))
    _forget_mail(contact.email)
    _pseudonymise(contact, at)
    record(
        "person.erased",
        chain=chain,
        actor=actor,
        at=at,
        about=contact,
        texts={"reason": reason.strip()},
        contact=str(contact.uuid),
        redacted=blank_texts(sorted(ids), at),
        second_person=second,
    )
    return contact


def _second(user_id: int) -> str:
    """Return the public id of an active administrator or supervisor; empty if it is none."""
    people = User.objects.filter(pk=user_id, kind="staff", is_active=True)
    found = people.filter(role_grants__role__in=["administrator", "supervisor"]).values_list("uuid", flat=True).first()
    return str(found or "")


def _numbers(contact: Contact) -> list[str]:
    return list(contact.phones.values_list("number", flat=True))


def _texts_of(contact: Contact, chain: str, marks: list[str]) -> list[str]:
    """Return ids of side texts of facts about the contact, and of texts that hold one of `marks`."""
    about = Entry.objects.filter(chain=chain, data__contact=str(contact.uuid)).values_list("data__texts", flat=True)
    ids = [held["id"] for texts in about if texts for held in texts.values()]
    holds = reduce(or_, (Q(body__icontains=mark) for mark in marks), Q(pk=None))
    found = EntryText.objects.filter(holds, redacted_at=None).values_list("pk", flat=True)
    return ids + [str(pk) for pk in found]


def _forget_mail(email: str) -> None:
    if email:
        OutboxMessage.objects.filter(payload__to__iexact=email, state__in=["sent", "dead"]).update(payload={})


def _pseudonymise(contact: Contact, at: datetime) -> None:
    contact.phones.all().delete()
    contact.questions.all().delete()
    contact.codes.all().delete()
    contact.name, contact.email, contact.job_title, contact.pin_hash = NOBODY, "", "", ""
    contact.active, contact.erased_at = False, at
    user, contact.user = contact.user, None
    contact.save()
    if user is not None:
        user.name, user.phone, user.chat_url = NOBODY, "", ""
        user.email = f"erased-{user.uuid}@erased.invalid"
        held: Any = user  # the sign-in packages hang their rows on it
        held.emailaddress_set.all().delete()
        held.authenticator_set.all().delete()
        close_account(user)
