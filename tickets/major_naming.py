"""No customer is ever named to another: what customers read of a major incident is searched before it is sent."""

import re
from collections.abc import Iterable

from django.db.models import F, TextField, Value
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalogue.models import Service
from ledger.errors import Refused

NUMBER = re.compile(r"\bSD-\d{4,}\b", re.I)
SHORTEST = 3


def require_nobody_named(texts: Iterable[str], field: str) -> None:
    """Raise Refused("names_customer") for a text with a customer's name, account number, service ID or ticket number.

    A text goes to every affected customer alike, so no customer may stand in it. 3 queries.
    """
    whole = "\n".join(texts)
    found = NUMBER.search(whole)
    named = found[0] if found else _named(whole)
    if named:
        message = _("“%(name)s” says which customer is meant, and every affected customer reads this. Say it without.")
        raise Refused("names_customer", message % {"name": named}, field)


def _named(whole: str) -> str:
    if not whole.strip():
        return ""
    said = Value(whole, output_field=TextField())
    names = Organisation.objects.annotate(said=said).order_by()
    found = [
        *names.filter(said__icontains=F("name")).values_list("name", flat=True),
        *names.filter(said__icontains=F("account_number")).values_list("account_number", flat=True),
        *Service.objects.annotate(said=said).order_by().filter(said__icontains=F("service_id"))
        .values_list("service_id", flat=True),
    ]  # fmt: skip
    return next((name for name in found if len(name) >= SHORTEST and _stands_alone(name, whole)), "")


def _stands_alone(name: str, whole: str) -> bool:
    """Whether it is said as a word; signs of languages without spaces stand alone anywhere."""
    wide = any(ord(c) >= 0x2E80 for c in name)
    return wide or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", whole, re.I) is not None
