"""Who may this be? Identification by number, e-mail, account number and name (V-01, V-02). Identity is not proof."""

import re
import uuid
from dataclasses import dataclass
from typing import Any

import phonenumbers
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Exists, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Lower, Upper

from accounts.models import Contact, ContactPhone, Organisation
from ledger.actor import SYSTEM, Actor

REGION_HINTS = {
    "au": "AU",
    "eu": "DE",
    "uk": "GB",
    "us": "US",
    "na": "US",
    "cn": "CN",
    "hk": "HK",
    "sg": "SG",
    "nz": "NZ",
}
MIN_TEXT = 2
SAMPLE = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class CallerMatch:
    """One candidate for the call screen. `contact_*` are None and empty where only an organisation matched.

    matched_on  number, email, account, service, name or organisation.
    active      False for an inactive contact or an organisation that is not an active customer.
    """

    organisation_id: int
    organisation_uuid: uuid.UUID
    organisation: str
    account_number: str
    matched_on: str
    active: bool
    contact_id: int | None = None
    contact_uuid: uuid.UUID | None = None
    name: str = ""
    job_title: str = ""
    service: str = ""


def numbers_of(text: str, regions: frozenset[str] = frozenset()) -> list[str]:
    """Return the E.164 numbers `text` may mean: as written, and as a national number of the hinted regions."""
    digits = re.sub(r"[^\d+]", "", text)
    if len(digits.lstrip("+")) < 6 or re.search(r"[A-Za-z@]", text):
        return []
    if digits.startswith("00"):
        text = "+" + digits[2:]
    hints = [REGION_HINTS[r.lower()] for r in sorted(regions) if r.lower() in REGION_HINTS]
    found = []
    for hint in [None, *(hints or dict.fromkeys(REGION_HINTS.values()))]:
        try:
            number = phonenumbers.parse(text, hint)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            found.append(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    if re.fullmatch(r"[1-9]\d{7,14}", digits):
        found.append(f"+{digits}")
    return list(dict.fromkeys(found))


def who_is_calling(number: str, *, actor: Actor = SYSTEM, limit: int = 8) -> list[CallerMatch]:
    """Return contacts with this stored number, in any national or E.164 spelling. 1 query. Caller id proves nothing."""
    numbers = numbers_of(number, actor.regions)
    if not numbers:
        return []
    holders = ContactPhone.objects.filter(number__in=numbers).values("contact_id")
    return [_person(row, "number") for row in _contacts(actor).filter(pk__in=holders)[:limit]]


def find_callers(text: str, actor: Actor, limit: int = 8) -> list[CallerMatch]:
    """Return up to `limit` candidates `actor` may know, best kind of match first. At most 3 queries.

    Looks at the shape of `text`: a number, an e-mail address, an account number, else a name of a person or company.
    """
    text = tidy(text)
    if len(text) < MIN_TEXT:
        return []
    if "@" in text:
        return by_email(text, actor, limit)
    if numbers_of(text, actor.regions) and (found := who_is_calling(text, actor=actor, limit=limit)):
        return found
    if re.search(r"\d", text):
        return by_account(text, actor, limit)
    people = by_name(text, actor, limit)
    if len(people) >= limit:
        return people
    companies = by_company(text, actor, limit, alike=not people)
    if not people and not any(text.lower() in match.organisation.lower() for match in companies):
        people = [_person(row, "name") for row in _alike(_contacts(actor), text, limit)]
    return (people + companies)[:limit]


def tidy(text: str) -> str:
    """Return what was typed without NUL, doubled spaces and more than 160 characters."""
    return " ".join(text.replace("\x00", "").split())[:160]


def by_email(text: str, actor: Actor, limit: int = 8) -> list[CallerMatch]:
    """Return contacts whose address begins with `text`. 1 query."""
    rows = _contacts(actor).annotate(folded=Lower("email"))
    kinds = [rows.filter(folded=text.lower()), rows.filter(folded__startswith=text.lower())]
    found = rows.filter(pk__in=_any_of(kinds)).order_by("folded", "pk")[:limit]
    return [_person(row, "email") for row in found]


def by_name(text: str, actor: Actor, limit: int = 8) -> list[CallerMatch]:
    """Return contacts whose name holds `text`, those that begin with it first. 1 query."""
    return [_person(row, "name") for row in _find(_contacts(actor), text, limit)]


def by_account(text: str, actor: Actor, limit: int = 8) -> list[CallerMatch]:
    """Return organisations whose account number begins with `text`, with or without its dash. 1 query."""
    typed = re.sub(r"\s", "", text).upper()
    dashed = re.sub(r"^([A-Z]+)-?(?=\d)", r"\1-", typed)
    rows = Organisation.objects.visible_to(actor).annotate(folded=Upper("account_number"))
    found = rows.filter(Q(folded__startswith=typed) | Q(folded__startswith=dashed)).order_by("folded")
    return [organisation_match(row, "account") for row in found[:limit]]


def by_company(text: str, actor: Actor, limit: int = 8, *, alike: bool = True) -> list[CallerMatch]:
    """Return organisations whose name holds `text`; `alike`: else those whose name resembles it. 1 query."""
    rows = _find(Organisation.objects.visible_to(actor), text, limit, alike=alike)
    return [organisation_match(row, "organisation") for row in rows]


def organisation_match(organisation: Organisation, matched_on: str, service: str = "") -> CallerMatch:
    """Return a match that names only the organisation."""
    return CallerMatch(
        organisation_id=organisation.pk,
        organisation_uuid=organisation.uuid,
        organisation=organisation.name,
        account_number=organisation.account_number,
        matched_on=matched_on,
        active=organisation.status == Organisation.Status.ACTIVE,
        service=service,
    )


def _contacts(actor: Actor) -> QuerySet[Contact]:
    return Contact.objects.visible_to(actor).filter(erased_at=None).select_related("organisation")


def _find(rows: QuerySet[Any], text: str, limit: int, *, alike: bool = False) -> list[Any]:
    """Return rows whose name is, begins with or holds `text`, in that order; `alike`: else those resembling it.

    Each kind of match is cut to SAMPLE inside, so that a common name costs no more than a rare one; resembling is
    looked at only when nothing holds the text (the database skips that part otherwise). 1 query.
    """
    said = text.lower()
    rows = rows.annotate(folded=Lower("name"))
    kinds = [rows.filter(folded=said), rows.filter(folded__startswith=said)]
    if len(said) >= 3:
        kinds.append(rows.filter(folded__contains=said))
    if alike and len(said) >= 4:
        kinds.append(rows.filter(~Exists(kinds[-1]), folded__trigram_word_similar=said))
    best = Case(
        When(folded=said, then=Value(3.0)),
        When(folded__startswith=said, then=Value(2.0)),
        When(folded__contains=said, then=Value(1.5)),
        default=TrigramWordSimilarity(said, "folded") if alike else Value(0.0),
        output_field=FloatField(),
    )
    return list(rows.filter(pk__in=_any_of(kinds)).order_by(best.desc(), "folded", "pk")[:limit])


def _any_of(kinds: list[QuerySet[Any]]) -> QuerySet[Any]:
    """Return the keys of up to SAMPLE rows of each kind of match, whatever their order."""
    keys = [kind.select_related(None).order_by().values("pk")[:SAMPLE] for kind in kinds]
    return keys[0].union(*keys[1:], all=True) if len(keys) > 1 else keys[0]


def _alike(rows: QuerySet[Any], text: str, limit: int) -> list[Any]:
    """Return rows whose name has words that resemble `text` (word similarity 0.6), best first. 1 query."""
    said = text.lower()
    if len(said) < 4:
        return []
    near = rows.annotate(folded=Lower("name")).filter(folded__trigram_word_similar=said)
    return list(near.order_by(TrigramWordSimilarity(said, "folded").desc(), "folded")[:limit])


def _person(contact: Contact, matched_on: str) -> CallerMatch:
    organisation = contact.organisation
    return CallerMatch(
        organisation_id=organisation.pk,
        organisation_uuid=organisation.uuid,
        organisation=organisation.name,
        account_number=organisation.account_number,
        matched_on=matched_on,
        active=contact.active and organisation.status == Organisation.Status.ACTIVE,
        contact_id=contact.pk,
        contact_uuid=contact.uuid,
        name=contact.name,
        job_title=contact.job_title,
    )
