"""Clocks: what runs until when. Instants are aware; `now` is the desk's time, given by the tag."""

from datetime import datetime, timedelta

from servicedesk.web import times
from servicedesk.web.icons import STATE_ICONS
from servicedesk.web.parts.registry import Context, component, known_icon, known_state

TICKING = frozenset({"running", "soon", "breached", "armed"})


@component
def clock(
    *,
    label="",
    due: datetime | None = None,
    text="",
    state: str | None = None,
    warn=times.DEFAULT_WARN,
    form="",
    icon: str | None = None,
    now: datetime,
) -> Context:
    """One clock as a chip. With `due` it ticks; without a state, the state follows from `due` and `warn`
    (a timedelta). `text` replaces the time ("fired 14:16", "8 of 15 min")."""
    warn = warn if isinstance(warn, timedelta) else timedelta(seconds=int(warn or 0))
    state = known_state(state or (times.state_of(due, now, warn) if due else "running"))
    ticks = due is not None and state in TICKING and not text
    shown = text or (times.remaining(due, now, form) if ticks and due else "")
    return {
        "label": label,
        "state": state,
        "text": shown,
        "form": form,
        "icon": known_icon(icon or STATE_ICONS[str(state)]),
        "due": times.iso(due) if ticks else "",
        "due_title": times.full(due) if due else "",
        "warn": int(warn.total_seconds()),
    }


@component
def clock_row(
    *,
    name,
    detail="",
    due: datetime | None = None,
    text="",
    state: str | None = None,
    started: datetime | None = None,
    share: float | None = None,
    warn=times.DEFAULT_WARN,
    rule="",
    href="",
    opens=False,
    now: datetime,
) -> Context:
    """One clock with the share of its time used: `share` 0..1, or computed from `started` and `due`.

    href  where "why?" is answered; "" for nowhere. opens: in a dialog of this page.
    """
    chip = clock(due=due, text=text, state=state, warn=warn, now=now)
    if share is None and started and due and due > started:
        share = (now - started) / (due - started)
    return {
        **chip,
        "name": name,
        "detail": detail,
        "rule": rule,
        "href": href,
        "opens": opens,
        "percent": None if share is None else round(min(max(share, 0), 1) * 100),
    }


@component
def due(
    *, at: datetime | None, form="left", state: str | None = None, warn=times.DEFAULT_WARN, now: datetime
) -> Context:
    """Absolute and relative together: "by 14:36 · 3:52 left". Ticks below a day. None is an en dash."""
    if at is None:
        return {"at": ""}
    chip = clock(due=at, form=form, state=state, warn=warn, now=now)
    return {**chip, "at": times.moment(at, now), "iso": times.iso(at), "ticks": abs(at - now) < times.DAY}


@component
def big(*, due: datetime, warn=times.DEFAULT_WARN, state: str | None = None, now: datetime) -> Context:
    """The large ticking time of the next band and the board."""
    return clock(due=due, state=state, warn=warn, now=now)
