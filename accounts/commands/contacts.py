"""Contacts of a customer: who may speak for it, on which numbers, with which authority (V-02)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Contact, ContactPhone, Organisation
from accounts.queries import REGION_HINTS
from accounts.roles import need
from accounts.signing_in import close_account
from ledger.actor import Actor
from ledger.errors import Refused
from ledger.record import record

MAY = ("administrator", "supervisor")
FIELDS = ("name", "job_title", "email", "preferred_channel", "language")


@dataclass(frozen=True, kw_only=True, slots=True)
class ContactDetails:
    """A contact as the form gives it. `phones` in any spelling the organisation's region reads; `authorities` words."""

    name: str
    email: str = ""
    job_title: str = ""
    phones: Sequence[str] = ()
    authorities: frozenset[str] = frozenset({"report"})
    preferred_channel: str = "email"
    language: str = "en"


@transaction.atomic
def add_contact(*, organisation_id: int, details: ContactDetails, actor: Actor, at: datetime) -> Contact:
    """Add a contact. Raises Refused: not_allowed, unknown_organisation, and those of `change_contact`."""
    need(actor, *MAY)
    organisation = Organisation.objects.visible_to(actor).filter(pk=organisation_id).first()
    if organisation is None:
        raise Refused(
            "unknown_organisation", _("We do not know that organisation. Choose another."), field="organisation"
        )
    contact = Contact(organisation=organisation, created_at=at)
    _fill(contact, details)
    _record("contact.added", contact, details, actor, at)
    return contact


@transaction.atomic
def change_contact(*, contact_id: int, details: ContactDetails, actor: Actor, at: datetime) -> Contact:
    """Replace what is known of a contact, numbers and authorities included.

    Agents may not: a number they could add would be a proof they could make. Raises Refused: not_allowed,
    unknown_contact, no_name, bad_email, bad_number, unknown_authority.
    """
    need(actor, *MAY)
    contact = _visible(contact_id, actor)
    before = contact.authorities
    _fill(contact, details)
    _record("contact.changed", contact, details, actor, at, authorities_before=sorted(before))
    return contact


@transaction.atomic
def deactivate_contact(*, contact_id: int, actor: Actor, at: datetime) -> Contact:
    """Make a contact inactive: no proof passes any more, the portal sign-in and its sessions end."""
    need(actor, *MAY)
    contact = _visible(contact_id, actor)
    contact.active = False
    contact.save(update_fields=["active"])
    if contact.user is not None:
        close_account(contact.user)
    chain = f"organisation:{contact.organisation.uuid}"
    record("contact.deactivated", chain=chain, actor=actor, at=at, about=contact, contact=str(contact.uuid))
    return contact


def e164(number: str, region: str = "") -> str:
    """Return a number in E.164, read as national in the organisation's region. Raises Refused("bad_number")."""
    try:
        parsed = phonenumbers.parse(number, REGION_HINTS.get(region.lower()))
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        raise Refused("bad_number", _("Write the number with its country code, like +61 3 5550 0142."), field="phones")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _visible(contact_id: int, actor: Actor) -> Contact:
    locked = Contact.objects.visible_to(actor).select_for_update(no_key=True, of=("self",))
    contact = locked.select_related("organisation", "user").filter(pk=contact_id, erased_at=None).first()
    if contact is None:
        raise Refused("unknown_contact", _("We do not know that contact. Choose another."), field="contact")
    return contact


def _fill(contact: Contact, details: ContactDetails) -> None:
    if not details.name.strip() or "\x00" in details.name:
        raise Refused("no_name", _("Write a name."), field="name")
    if unknown := details.authorities.difference(Contact.AUTHORITIES):
        raise Refused("unknown_authority", _("Choose among the authorities."), field="authorities", unknown=[*unknown])
    if details.email:
        try:
            validate_email(details.email)
        except ValidationError as error:
            raise Refused("bad_email", _("Write a whole e-mail address."), field="email") from error
    numbers = list(dict.fromkeys(e164(phone, contact.organisation.region) for phone in details.phones))
    for name in FIELDS:
        setattr(contact, name, getattr(details, name).strip())
    for word in Contact.AUTHORITIES:
        setattr(contact, f"may_{word}", word in details.authorities)
    contact.save()
    contact.phones.exclude(number__in=numbers).delete()
    held = set(contact.phones.values_list("number", flat=True))
    ContactPhone.objects.bulk_create(ContactPhone(contact=contact, number=n) for n in numbers if n not in held)


def _record(name: str, contact: Contact, details: ContactDetails, actor: Actor, at: datetime, **data: Any) -> None:
    numbers = sorted(contact.phones.values_list("number", flat=True))
    record(
        name,
        chain=f"organisation:{contact.organisation.uuid}",
        actor=actor,
        at=at,
        about=contact,
        texts={"name": contact.name, "email": contact.email, "phones": ", ".join(numbers)},
        contact=str(contact.uuid),
        authorities=sorted(contact.authorities),
        **data,
    )
