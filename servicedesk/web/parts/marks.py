"""Small marks and drawings: priority, tags, states, people, figures, phases, the ladder."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from servicedesk.web import ladder as stairs
from servicedesk.web import times
from servicedesk.web.icons import STATE_ICONS
from servicedesk.web.parts.registry import Context, component, known_icon, known_state


@component
def priority(*, p) -> Context:
    """P1 to P4, from 1, "1", "p1" or "P1"."""
    level = str(p).upper().removeprefix("P")
    if level not in {"1", "2", "3", "4"}:
        raise TypeError(f"{p!r} is not a priority.")
    return {"level": level}


@component
def tag(*, text, state: str | None = None, icon: str | None = None, href="", title="") -> Context:
    """A small label. A state adds its icon, so that colour never stands alone."""
    state = known_state(state, optional=True)
    return {
        "text": text,
        "state": state,
        "icon": known_icon(icon or STATE_ICONS.get(state or "", "")),
        "href": href,
        "title": title,
    }


@component
def state(*, text, state: str = "running", icon: str | None = None) -> Context:
    """A state in words, with its icon, in a line of text."""
    return {"text": text, "state": known_state(state), "icon": known_icon(icon or STATE_ICONS[state])}


@component
def avatar(*, name, labelled=False) -> Context:
    """Initials of a person; decorative unless `labelled`."""
    words = [w for w in str(name).replace("-", " ").split() if w]
    ends = words if len(words) < 2 else [words[0], words[-1]]
    return {"name": name, "initials": "".join(w[0] for w in ends).upper() or "?", "labelled": labelled}


@component
def kbd(*, keys) -> Context:
    """The keys that do it, as printed on them."""
    return {"keys": keys}


@component
def figures(*, items: Sequence[dict], id="") -> Context:
    """Figures in a row: each {"label", "value", "icon"?, "state"?, "note"?, "note_state"?}; value None is a dash."""
    known = {"label", "value", "icon", "state", "note", "note_state"}
    for item in items:
        if extra := set(item) - known:
            raise TypeError(f"A figure has no {', '.join(sorted(extra))}.")
    return {"items": [{**i, "icon": known_icon(i.get("icon"))} for i in items], "id": id}


@component
def track(*, steps: Sequence[tuple], label) -> Context:
    """Phases in the customer's words: ("Received", "done"), ("In work", "current"), ("Solved", "")."""
    return {"steps": [(text, mark) for text, mark in steps], "label": label}


@component
def ladder(
    *, rungs: Sequence[stairs.Rung], title, id="ladder-svg", started: datetime | None = None, now: datetime
) -> Context:
    """The rungs of an escalation as a stair, a list on phones; the same facts as words in its description.
    `started` is the instant of the first step; with it the line of now is drawn."""
    minutes = (now - started) / timedelta(minutes=1) if started else None
    return {
        **stairs.draw(rungs, minutes),
        "rungs": [(r, STATE_ICONS[str(known_state(r.state))]) for r in rungs],
        "title": title,
        "id": id,
        "now": times.hm(now),
    }
