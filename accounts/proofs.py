"""What a caller must say right, compared by the server: match or no match, never why (V-04; decisions 16).

Every comparison costs the same whether the contact exists, has a secret, or not.
"""

import hmac
import re
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.auth.hashers import get_hasher
from django.db.models import F, Q

from accounts.models import Contact, OneTimeCode, Organisation, SecurityQuestion, Verification
from ledger.actor import Actor

KNOWLEDGE = frozenset({"pin", "question"})
GUESSABLE = KNOWLEDGE | {"code"}
METHODS = GUESSABLE | {"callback", "portal", "sender"}
CODE_TRIES = 3
CALL_BACK_COUNTS = timedelta(minutes=15)
_LEGAL_FORMS = re.compile(
    r"ab|ag|as|asa|bv|co|company|corp|corporation|gmbh|inc|incorporated|limited|llc|llp|ltd|nv|oy|oyj|plc|pte|pty|sa"
    r"|sarl|sas|spa|srl"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """What the caller offers as proof, as the door received it.

    method                   pin, question, code, callback, portal or sender.
    value                    the PIN, the answer, the code, or the sender's aligned address; empty for the others.
    question_id              public id of the security question that was asked (method question).
    outbound_interaction_id  the answered call-back to a stored number (method callback).
    """

    method: str
    value: str = ""
    question_id: uuid.UUID | None = None
    outbound_interaction_id: int | None = None

    def __repr__(self) -> str:
        return f"Proof(method={self.method!r})"


def normal_name(text: str) -> str:
    """Return a company name for comparison: case, accents' form, punctuation and trailing legal forms removed."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    words = re.sub(r"[^\w\s]", "", folded).split()
    while len(words) > 1 and _LEGAL_FORMS.fullmatch(words[-1]):
        words.pop()
    return " ".join(words)


def normal_account(text: str) -> str:
    """Return an account number for comparison: letters and digits only, upper case."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)).upper()


def normal_answer(text: str) -> str:
    """Return a spoken answer for hashing: case, punctuation and spacing do not count."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^\w\s]", " ", folded).split())


def same(said: str, stored: str) -> bool:
    """Whether two normalised texts are equal and not empty; in constant time."""
    return hmac.compare_digest(said.encode(), stored.encode()) and bool(stored)


def argon2(value: str) -> str:
    """Return the Argon2 hash of a secret, whatever hasher passwords use."""
    hasher = get_hasher("argon2")
    return hasher.encode(value, hasher.salt())


@lru_cache(maxsize=1)
def _nobody() -> str:
    return argon2(uuid.uuid4().hex)


def matches(value: str, encoded: str) -> bool:
    """Whether `value` hashes to `encoded`. An empty hash costs the same and never matches."""
    found = get_hasher("argon2").verify(value, encoded or _nobody())
    return found and bool(encoded)


def compare_company(organisation: Organisation | None, company: str, account_number: str) -> tuple[bool, bool]:
    """Return whether the company name and the account number said are those of `organisation`."""
    name, number = (organisation.name, organisation.account_number) if organisation else ("", "")
    return (
        same(normal_name(company), normal_name(name)),
        same(normal_account(account_number), normal_account(number)),
    )


def proven(proof: Proof, contact: Contact | None, interaction: Any, actor: Actor, at: datetime) -> bool:
    """Whether `proof` holds for `contact` in `interaction`. One Argon2 comparison for each guessable method."""
    if proof.method == "pin":
        return matches(proof.value.strip(), contact.pin_hash if contact else "")
    if proof.method == "question":
        return matches(normal_answer(proof.value), _answer_hash(proof, contact))
    if proof.method == "code":
        return _code_holds(proof, contact, interaction, at)
    if contact is None:
        return False
    if proof.method == "callback":
        return _called_back(proof, contact, interaction, actor, at)
    if proof.method == "portal":
        return actor.is_customer and actor.contact_id == contact.pk
    by_us = actor.kind == "system"
    return by_us and same(proof.value.strip().casefold(), contact.email.strip().casefold())


def _answer_hash(proof: Proof, contact: Contact | None) -> str:
    if contact is None or proof.question_id is None:
        return ""
    question = SecurityQuestion.objects.filter(contact=contact, uuid=proof.question_id).first()
    return question.answer_hash if question else ""


def _code_holds(proof: Proof, contact: Contact | None, interaction: Any, at: datetime) -> bool:
    """Whether the code is the newest one of this interaction: unused, in time, tried at most three times."""
    code = None
    if contact is not None:
        sent = OneTimeCode.objects.select_for_update().filter(contact=contact, interaction=interaction)
        code = sent.filter(used_at=None, expires_at__gt=at).order_by("-sent_at", "-pk").first()
    tries = (
        Verification.objects.filter(contact=contact, proof="code", outcome="failed", at__gte=code.sent_at).count()
        if code
        else 0
    )
    if not matches(proof.value.strip(), code.code_hash if code and tries < CODE_TRIES else "") or code is None:
        return False
    code.used_at = at
    code.save(update_fields=["used_at"])
    return True


def _called_back(proof: Proof, contact: Contact, interaction: Any, actor: Actor, at: datetime) -> bool:
    """Whether this agent called a number stored for the contact, during this interaction, and it was answered.

    The call must have begun within CALL_BACK_COUNTS before `at`, been answered after it began, not have ended
    otherwise than reached, and not have proved anything before: `spend_call_back` marks it. Locks its row.
    """
    calls = type(interaction).objects.select_for_update(no_key=True, of=("self",))
    found = calls.filter(
        Q(disposition="") | Q(disposition="reached"),
        pk=proof.outbound_interaction_id,
        direction="out",
        agent_id=actor.user_id,
        agent_id__isnull=False,
        verified=False,
        started_at__gte=max(interaction.started_at, at - CALL_BACK_COUNTS),
        answered_at__gt=F("started_at"),
        answered_at__lte=at,
        caller_number__in=list(contact.phones.values_list("number", flat=True)),
    )
    return found.first() is not None


def spend_call_back(interaction: Any, proof_id: int | None, contact: Contact | None) -> None:
    """Mark a call-back as used: it proved `contact` and proves nothing again."""
    if proof_id is not None and contact is not None:
        calls = type(interaction).objects.filter(pk=proof_id)
        calls.update(verified=True, contact=contact, organisation_id=contact.organisation_id)
