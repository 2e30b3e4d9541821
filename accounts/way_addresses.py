"""Addresses of ways as they are kept: mailboxes, E.164 numbers, web addresses."""

from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from accounts.models import ContactMethod
from ledger.errors import Refused

Channel = ContactMethod.Channel


def clean(channel: str, address: str) -> str:
    """Return the address as it is kept. Raises Refused("bad_address")."""
    if channel == Channel.PUSH:
        return ""
    if channel in {Channel.SMS, Channel.VOICE}:
        return _number(address)
    if channel == Channel.EMAIL:
        try:
            validate_email(address)
        except ValidationError as error:
            raise _bad(_("Write an e-mail address.")) from error
        return address.lower()
    parts = urlsplit(address)
    if not parts.hostname or (channel == Channel.WEBHOOK and parts.scheme != "https"):
        raise _bad(_("Write an address that begins with https://."))
    return address


def _number(address: str) -> str:
    try:
        number = phonenumbers.parse(address, None)
    except phonenumbers.NumberParseException as error:
        raise _bad(_("Write the number with its country code, as in +61 3 5550 0100.")) from error
    if not phonenumbers.is_possible_number(number):
        raise _bad(_("Write the number with its country code, as in +61 3 5550 0100."))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _bad(message: Any) -> Refused:
    return Refused("bad_address", message, field="address")
