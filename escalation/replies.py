"""Whether a mailed reply is the word of the person asked: pure (decisions 18)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

WORDS = frozenset({"confirm", "确认"})
QUOTES = (">", "|")
SUPPRESSED = frozenset({"no", ""})
BULK = frozenset({"bulk", "junk", "list", "auto_reply", "auto-reply"})
AUTOMATIC = (
    "x-autoreply", "x-autorespond", "x-auto-reply", "x-autoresponder", "list-id", "list-unsubscribe", "feedback-id",
    "x-failed-recipients",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One result of the receiving server: method spf, dkim or dmarc, the domain it speaks of, pass or not."""

    method: str
    domain: str
    passed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Reply:
    """A parsed message. `references` = every Message-ID it answers; header names in lower case; `envelope_from` the
    return path, "" where it is empty, None where the server does not tell."""

    message_id: str
    senders: tuple[str, ...]
    references: tuple[str, ...]
    text: str
    headers: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    envelope_from: str | None = None


def doubts(reply: Reply, addresses: Iterable[str]) -> list[str]:
    """Return why the reply is no confirmation, as codes; [] if it is one.

    addresses  the mailboxes of the person asked.
    Codes: not_the_person, not_authenticated, automatic, not_the_word.
    """
    sender = reply.senders[0].strip().casefold() if len(reply.senders) == 1 else ""
    found = {
        "not_the_person": not sender or sender not in {address.strip().casefold() for address in addresses},
        "not_authenticated": not _authenticated(sender.rpartition("@")[2], reply.checks),
        "automatic": _automatic(reply),
        "not_the_word": _first_own_line(reply.text) not in WORDS,
    }
    return [code for code, holds in found.items() if holds]


def _authenticated(domain: str, checks: Iterable[Check]) -> bool:
    """Whether a check passed for the sender's own domain: DMARC, or DKIM or SPF aligned with it."""
    passed = [check for check in checks if check.passed and check.method in {"dmarc", "dkim", "spf"}]
    return bool(domain) and any(_aligned(domain, check.domain.strip().casefold().rstrip(".")) for check in passed)


def _aligned(domain: str, signed: str) -> bool:
    """The same domain, or one above it that is not a bare top-level one."""
    return signed == domain or ("." in signed and domain.endswith("." + signed))


def _automatic(reply: Reply) -> bool:
    headers = {name.lower(): value.strip().casefold() for name, value in reply.headers.items()}
    return (
        headers.get("auto-submitted", "").partition(";")[0].strip() not in SUPPRESSED
        or headers.get("precedence", "") in BULK
        or any(name in headers for name in AUTOMATIC)
        or headers.get("content-type", "").startswith(("multipart/report", "message/"))
        or reply.envelope_from in {"", "<>"}
        or headers.get("return-path") == "<>"
    )


def _first_own_line(text: str) -> str:
    """Return the first line the person wrote, "" where a quotation comes first."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return "" if line.startswith(QUOTES) else line.rstrip(".!。！").casefold()
