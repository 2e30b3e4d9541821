"""The components and their arguments: each function is one component, its signature is the contract.

An unknown or missing argument raises. Each returns the context of `components/<name>.html`. Words of the page may
be lazy translations; instants are aware. `now` is the desk's time, given by the tag.
"""

import inspect
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from servicedesk.web import ladder as stairs
from servicedesk.web import times
from servicedesk.web.forms import widget_class
from servicedesk.web.icons import STATE_ICONS, check

Context = dict[str, Any]
REGISTRY: dict[str, Callable[..., Context]] = {}
STATES = frozenset(STATE_ICONS)
TICKING = frozenset({"running", "soon", "breached", "armed"})


def component(function: Callable[..., Context]) -> Callable[..., Context]:
    """Register `function` under its name, without a trailing underscore."""
    REGISTRY[function.__name__.rstrip("_")] = function
    return function


def build(name: str, arguments: dict[str, Any], *, now: datetime, body: Any = None) -> Context:
    """Return the context of component `name`. Raises TypeError for an unknown name or argument."""
    if name not in REGISTRY:
        raise TypeError(f"No component is called {name!r}; there are {', '.join(sorted(REGISTRY))}.")
    function = REGISTRY[name]
    known = inspect.signature(function).parameters
    extra = {"now": now} if "now" in known else {}
    if body is not None:
        if "body" not in known:
            raise TypeError(f"Component {name!r} takes no body.")
        extra["body"] = body
    try:
        inspect.signature(function).bind(**arguments, **extra)
    except TypeError as error:
        raise TypeError(f"Component {name!r}: {error}") from None
    return function(**arguments, **extra)


def _state(value: str | None, *, optional: bool = False) -> str | None:
    if optional and not value:
        return None
    if value not in STATES:
        raise TypeError(f"{value!r} is not a state; there are {', '.join(sorted(STATES))}.")
    return value


def _icon(name: str | None) -> str:
    return check(name) if name else ""


@component
def clock(*, label="", due: datetime | None = None, text="", state: str | None = None, warn=times.DEFAULT_WARN,
          form="", icon: str | None = None, now: datetime) -> Context:  # fmt: skip
    """One clock as a chip. With `due` it ticks; without a state, the state follows from `due` and `warn`
    (a timedelta). `text` replaces the time ("fired 14:16", "8 of 15 min")."""
    warn = warn if isinstance(warn, timedelta) else timedelta(seconds=int(warn or 0))
    state = _state(state or (times.state_of(due, now, warn) if due else "running"))
    ticks = due is not None and state in TICKING and not text
    shown = text or (times.remaining(due, now, form) if ticks and due else "")
    return {
        "label": label, "state": state, "text": shown, "form": form, "icon": _icon(icon or STATE_ICONS[state]),
        "due": times.iso(due) if ticks else "", "due_title": times.full(due) if due else "",
        "warn": int(warn.total_seconds()),
    }  # fmt: skip


@component
def clock_row(*, name, detail="", due: datetime | None = None, text="", state: str | None = None,
              started: datetime | None = None, share: float | None = None, warn=times.DEFAULT_WARN,
              rule="", now: datetime) -> Context:  # fmt: skip
    """One clock with the share of its time used: `share` 0..1, or computed from `started` and `due`."""
    chip = clock(due=due, text=text, state=state, warn=warn, now=now)
    if share is None and started and due and due > started:
        share = (now - started) / (due - started)
    return {**chip, "name": name, "detail": detail, "rule": rule,
            "percent": None if share is None else round(min(max(share, 0), 1) * 100)}  # fmt: skip


@component
def due(*, at: datetime | None, form="left", state: str | None = None, warn=times.DEFAULT_WARN, now: datetime) -> Context:
    """Absolute and relative together: "by 14:36 · 3:52 left". Ticks below a day. None is an en dash."""
    if at is None:
        return {"at": ""}
    chip = clock(due=at, form=form, state=state, warn=warn, now=now)
    return {**chip, "at": times.moment(at, now), "iso": times.iso(at), "ticks": abs(at - now) < times.DAY}


@component
def big(*, due: datetime, warn=times.DEFAULT_WARN, state: str | None = None, now: datetime) -> Context:
    """The large ticking time of the next band and the board."""
    return clock(due=due, state=state, warn=warn, now=now)


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
    state = _state(state, optional=True)
    return {"text": text, "state": state, "icon": _icon(icon or STATE_ICONS.get(state or "", "")),
            "href": href, "title": title}  # fmt: skip


@component
def state(*, text, state: str = "running", icon: str | None = None) -> Context:
    """A state in words, with its icon, in a line of text."""
    return {"text": text, "state": _state(state), "icon": _icon(icon or STATE_ICONS[state])}


@component
def gate(*, title, state: str, text="", icon: str | None = None, role="status", id="", body="") -> Context:
    """Verification and every other guard; refusals too (role="alert"). The body holds its buttons."""
    defaults = {"met": "shield-check", "breached": "ban", "fired": "ban"}
    return {"title": title, "text": text, "state": _state(state), "role": role, "id": id, "body": body,
            "icon": _icon(icon or defaults.get(state, "lock"))}  # fmt: skip


@component
def refusal(*, form=None, title="", text="", id="refusal", body="") -> Context:
    """What a command refused, beside it, focused after the swap. Empty without a message: safe to leave in a page."""
    errors = list(form.non_field_errors()) if form is not None else []
    return {"title": title or (errors[0] if errors else ""), "text": text or " ".join(map(str, errors[1:])),
            "id": id, "body": body}  # fmt: skip


@component
def empty(*, title, text="", icon="inbox", href="", action="", code="", level=0, body="") -> Context:
    """Why there is nothing, and the next useful view."""
    return {"title": title, "text": text, "icon": _icon(icon), "href": href, "action": action, "code": code,
            "level": level, "body": body}  # fmt: skip


@component
def notice(*, title, text="", state="soon", icon: str | None = None, role="status", body="") -> Context:
    """A line across the top of the page."""
    return {"title": title, "text": text, "state": _state(state), "role": role, "body": body,
            "icon": _icon(icon or STATE_ICONS[state])}  # fmt: skip


@component
def event(*, at: datetime, kind: str, icon: str, state: str | None = None, id="", fresh=False, now: datetime, body) -> Context:
    """One item of the timeline; the body is its header and paragraphs. kind: public, internal, call, clock, system."""
    if kind not in {"public", "internal", "call", "clock", "system"}:
        raise TypeError(f"{kind!r} is not a kind of event.")
    return {"iso": times.iso(at), "hm": times.hm(at), "full": times.full(at), "kind": kind, "icon": _icon(icon),
            "state": _state(state, optional=True), "id": id, "fresh": fresh, "body": body}  # fmt: skip


@component
def work_item(*, title, owner, state="running", text="", due: datetime | None = None, icon: str | None = None,
              id="", now: datetime, body="") -> Context:  # fmt: skip
    """One item of a plan. The owner is mandatory. `text` ("done 14:20") else "by 14:40" from `due`."""
    if not owner:
        raise TypeError("A work item needs an owner.")
    icons = {**STATE_ICONS, "running": "circle"}
    return {"title": title, "owner": owner, "state": _state(state), "icon": _icon(icon or icons[state]), "text": text,
            "due": times.moment(due, now) if due else "", "id": id, "body": body}  # fmt: skip


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
def button(*, text, icon: str | None = None, kind="default", type="submit", href="", name="", value="", key="",
           dialog="", form="", formaction="", disabled=False, reason="", size="", label="", icon_only=False,
           css="") -> Context:  # fmt: skip
    """A command or a link that looks like one. kind: primary, default, quiet, danger. One primary per region.

    A refused command stays visible: `disabled` with its `reason` in words.
    """
    kinds = {"primary": "btn-primary", "default": "sd-btn", "quiet": "sd-btn-quiet", "danger": "sd-btn"}
    if kind not in kinds:
        raise TypeError(f"{kind!r} is not a kind of button.")
    if disabled and not reason:
        raise TypeError("A button that is off says why: reason=.")
    classes = ["btn", kinds[kind], *(["btn-sm"] if size == "s" else []), *(["btn-icon"] if icon_only else []), css]
    return {"text": text, "icon": _icon(icon), "type": "button" if dialog else type, "href": href, "name": name,
            "value": value, "key": key, "dialog": dialog, "form": form, "formaction": formaction,
            "disabled": disabled, "reason": reason, "label": label, "icon_only": icon_only,
            "css": " ".join(filter(None, classes))}  # fmt: skip


@component
def field(*, field, label=None, help=None, optional=False, css="", hide_label=False) -> Context:
    """A form field with label, help and error; the control is told of both by aria-describedby."""
    widget = field.field.widget
    errors = [str(e) for e in field.errors]
    help_text = field.help_text if help is None else help
    marks = [f"{field.auto_id}_help"] * bool(help_text) + [f"{field.auto_id}_error"] * bool(errors)
    classes = [widget.attrs.get("class") or widget_class(widget), *(["is-invalid"] if errors else [])]
    attrs: Context = {"class": " ".join(filter(None, classes))}
    if marks:
        attrs["aria-describedby"] = " ".join(marks)
    if errors:
        attrs["aria-invalid"] = "true"
    kinds = {"checkbox": "check", "radio": "group"}
    return {"field": field, "label": field.label if label is None else label, "help": help_text, "errors": errors,
            "optional": optional, "css": css, "hide_label": hide_label, "control": field.as_widget(attrs=attrs),
            "kind": kinds.get(getattr(widget, "input_type", ""), "input")}  # fmt: skip


@component
def segments(*, name, choices: Iterable, chosen="", legend, size="", describedby="") -> Context:
    """A few exclusive choices side by side: (value, label) or (value, label, icon) or (…, icon, "reason it is off")."""
    made = []
    for choice in choices:
        value, text, icon, off = (*choice, "", "")[:4]
        made.append({"value": value, "text": text, "icon": _icon(icon), "off": off,
                     "checked": str(value) == str(chosen)})  # fmt: skip
    return {"name": name, "choices": made, "legend": legend, "size": size, "describedby": describedby}


@component
def pager(*, page, query="", label="") -> Context:
    """Earlier and later pages of a Django Page. `query` is the address's other parameters, encoded, without page."""
    return {"page": page, "query": query, "label": label}


@component
def dialog(*, id, title, number="", size="", open=False, body) -> Context:
    """A dialog; a button with data-dialog="<id>" opens it. `open` shows it with the page (works without script)."""
    return {"id": id, "title": title, "number": number, "size": size, "open": open, "body": body}


@component
def figures(*, items: Sequence[dict], id="") -> Context:
    """Figures in a row: each {"label", "value", "icon"?, "state"?, "note"?, "note_state"?}; value None is a dash."""
    known = {"label", "value", "icon", "state", "note", "note_state"}
    for item in items:
        if extra := set(item) - known:
            raise TypeError(f"A figure has no {', '.join(sorted(extra))}.")
    return {"items": [{**i, "icon": _icon(i.get("icon"))} for i in items], "id": id}


@component
def track(*, steps: Sequence[tuple], label) -> Context:
    """Phases in the customer's words: ("Received", "done"), ("In work", "current"), ("Solved", "")."""
    return {"steps": [(text, mark) for text, mark in steps], "label": label}


@component
def ladder(*, rungs: Sequence[stairs.Rung], title, id="ladder-svg", now: datetime) -> Context:
    """The rungs of an escalation as a stair, a list on phones; the same facts as words in its description."""
    return {**stairs.draw(rungs), "rungs": [(r, STATE_ICONS[str(_state(r.state))]) for r in rungs], "title": title,
            "id": id, "now": times.hm(now)}  # fmt: skip
