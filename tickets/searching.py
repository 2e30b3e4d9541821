"""What somebody typed into a search: words, and filters such as org:northgate, is:open, due<2h. Pure."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from ledger.errors import Refused

FILTERS = ("org", "is", "state", "prio", "kind", "cat", "team", "owner", "service", "tag", "due", "received", "closed")
TIMES = frozenset({"due", "received", "closed"})
MOST_WORDS, MOST_FILTERS, MOST_VALUES = 8, 8, 10
_PART = re.compile(r"(?P<out>-?)(?P<name>[a-zA-Z]{2,12})(?P<sign>[:<>])(?P<value>\"[^\"]*\"|(?!//)[^\s\"]+)?(?=\s|$)")
_PHRASE = re.compile(r"\"([^\"]*)\"?|(\S+)")
_SPAN = re.compile(r"([+-]?)(\d{1,4})(m|h|d|w)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Filter:
    """One condition. sign  ":", "<" or ">". out  True = what fits is left out. values  lower-case not applied."""

    name: str
    sign: str
    values: tuple[str, ...]
    out: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question. words  as typed, whole = inside quotation marks (no beginnings of words)."""

    words: tuple[tuple[str, bool], ...]
    filters: tuple[Filter, ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return " ".join(word for word, _whole in self.words)


def parse(typed: str) -> Asked:
    """Return what `typed` asks for. Raises Refused("unknown_filter"), ("empty_filter"), ("too_much"), field q."""
    filters = []
    rest, begin = [], 0
    for found in _PART.finditer(typed):
        if found.start() and not typed[found.start() - 1].isspace():
            continue
        name = found["name"].lower()
        if name not in FILTERS and ":" in (found["value"] or ""):  # an address of a machine, not a filter
            continue
        if name not in FILTERS:
            raise Refused("unknown_filter", _unknown(found["name"] + found["sign"]), "q")
        filters.append(_filter(found, name))
        rest.append(typed[begin : found.start()])
        begin = found.end()
    rest.append(typed[begin:])
    words = [(m[1] or m[2], m[2] is None) for m in _PHRASE.finditer(" ".join(rest)) if (m[1] or m[2] or "").strip()]
    if len(words) > MOST_WORDS or len(filters) > MOST_FILTERS:
        raise Refused("too_much", _("That is too much at once. Ask with fewer words and filters."), "q")
    return Asked(words=tuple(words), filters=tuple(filters))


def _filter(found: re.Match[str], name: str) -> Filter:
    sign, held = found["sign"], (found["value"] or "").strip('"').strip()
    if not held:
        said = _("Say what “%(filter)s” should be, for example %(example)s.")
        raise Refused("empty_filter", said % {"filter": name + sign, "example": example(name)}, "q")
    if sign != ":" and name not in TIMES:
        said = _("“%(filter)s” takes a colon, for example %(example)s.")
        raise Refused("unknown_filter", said % {"filter": name, "example": example(name)}, "q")
    quoted = (found["value"] or "").startswith('"')
    values = (held,) if quoted or name in TIMES else tuple(v for v in held.split(",") if v)[:MOST_VALUES]
    return Filter(name=name, sign=sign, values=values, out=bool(found["out"]))


def _unknown(said: str) -> str:
    known = ", ".join(f"{name}:" for name in FILTERS)
    words = _("There is no filter “%(filter)s”. Use %(known)s or put the words in quotation marks.")
    return words % {"filter": said, "known": known}


def example(name: str) -> str:
    """Return an example of a filter, for help and sentences."""
    return {
        "org": "org:northgate", "is": "is:open", "state": "state:l2", "prio": "prio:P1", "kind": "kind:fault",
        "cat": "cat:cloud", "team": "team:voice", "owner": "owner:me", "service": "service:VT-88120", "tag": "tag:vip",
        "due": "due<2h", "received": "received>yesterday", "closed": "closed>2026-06-01",
    }[name]  # fmt: skip


def moment(value: str, at: datetime, zone: str) -> tuple[datetime, datetime]:
    """Return the instant `value` names and the end of what it names: a day for days, itself for others.

    now, today, tomorrow, yesterday, 2026-06-16, 14:30 (today), 2h, -3d. Days are those of `zone`.
    Raises Refused("bad_time", field q).
    """
    here = at.astimezone(ZoneInfo(zone))
    day = here.replace(hour=0, minute=0, second=0, microsecond=0)
    said = value.lower()
    days = {"today": 0, "tomorrow": 1, "yesterday": -1}
    if said == "now":
        return at, at
    if said in days:
        return day + timedelta(days=days[said]), day + timedelta(days=days[said] + 1)
    if span := _SPAN.fullmatch(said):
        then = at + int(span[2]) * _UNITS[span[3]] * (-1 if span[1] == "-" else 1)
        return then, then
    try:
        if re.fullmatch(r"\d{1,2}:\d\d", said):
            hour, minute = map(int, said.split(":"))
            then = day.replace(hour=hour, minute=minute)
            return then, then
        named = datetime.strptime(said, "%Y-%m-%d").replace(tzinfo=ZoneInfo(zone))
        return named, named + timedelta(days=1)
    except (ValueError, OverflowError):
        raise Refused("bad_time", _bad_time(value), "q") from None


def _bad_time(value: str) -> str:
    said = _("“%(value)s” is no time. Use now, today, tomorrow, 14:30, 2026-06-16, 2h or -3d.")
    return said % {"value": value[:40]}
