"""Checks on what people type: placeholders, phone numbers, titles. Pure."""

import re
import unicodedata

from django.utils.translation import gettext_lazy as _

from ledger.errors import Refused

SHORTEST = 5
_E164 = re.compile(r"^\+[1-9][0-9]{5,14}$")
_WORDS = (
    "asdf asdfgh qwerty qwertz test tests testing done ok okay okey fixed solved resolved closed none nothing nil null "
    "n/a n.a na tbd tba todo xxx xxxx yyy zzz dito ditto update progress comment text note blah "
    "处理中 已处理 已解决 测试 完成 无 没有 同上"
)
_PHRASES = (
    "see above; see below; same as above; as above; in progress; working on it; no comment; no comments; bla bla; "
    "lorem ipsum; no update; no news"
)
FILLERS = frozenset([*_WORDS.split(), *_PHRASES.split("; ")])


def is_placeholder(text: str) -> bool:
    """Whether `text` says nothing (C-21): empty, a filler word, one sign repeated, or under 5 letters and digits.

    Chinese, Japanese and Korean signs count three, as each carries a word's part.
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    words = re.sub(r"[^\w/.]+", " ", plain).strip(" ._")
    if words in FILLERS or words.strip(".") in FILLERS:
        return True
    signs = [c for c in plain if c.isalnum()]
    if len(set(signs)) < 3:
        return True
    return sum(3 if ord(c) >= 0x2E80 else 1 for c in signs) < SHORTEST


def require_words(text: str, field: str) -> str:
    """Return `text` stripped. Raises Refused("placeholder") for a text that says nothing (C-21)."""
    cleaned = text.strip()
    if is_placeholder(cleaned):
        raise Refused("placeholder", _("Say what happened in a few true words; others will read only this."), field)
    if "\x00" in cleaned:
        raise Refused("bad_text", _("The text holds a character that cannot be stored. Remove it."), field)
    return cleaned


def require_reason(text: str, field: str = "reason") -> str:
    """Return `text` stripped. Raises Refused("no_reason") when empty, Refused("placeholder") for filler."""
    if not text.strip():
        raise Refused("no_reason", _("Give the reason."), field)
    return require_words(text, field)


def require_number(number: str, field: str = "callback_number") -> str:
    """Return `number` in E.164, spaces and brackets dropped. Raises Refused("bad_number") for anything else."""
    compact = re.sub(r"[\s()./-]", "", number.strip())
    if not _E164.match(compact):
        raise Refused("bad_number", _("Give the number with its country code, such as +61355500142."), field)
    return compact


def clean_line(text: str) -> str:
    """Return one line without control and invisible signs, runs of white space as one space."""
    kept = "".join(c if unicodedata.category(c) not in {"Cc", "Cf"} else " " for c in text)
    return " ".join(kept.split())
