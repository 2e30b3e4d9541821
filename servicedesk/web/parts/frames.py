"""What stands around words: gates, refusals, notices, events, work items, dialogs."""

from datetime import datetime

from servicedesk.web import times
from servicedesk.web.icons import STATE_ICONS
from servicedesk.web.parts.registry import Context, component, known_icon, known_state


@component
def gate(*, title, state: str, text="", icon: str | None = None, role="status", id="", body="") -> Context:
    """Verification and every other guard; refusals too (role="alert"). The body holds its buttons."""
    defaults = {"met": "shield-check", "breached": "ban", "fired": "ban"}
    return {
        "title": title,
        "text": text,
        "state": known_state(state),
        "role": role,
        "id": id,
        "body": body,
        "icon": known_icon(icon or defaults.get(state, "lock")),
    }


@component
def refusal(*, form=None, title="", text="", id="refusal", body="") -> Context:
    """What a command refused, beside it, focused after the swap. Empty without a message: safe to leave in a page."""
    errors = list(form.non_field_errors()) if form is not None else []
    return {
        "title": title or (errors[0] if errors else ""),
        "text": text or " ".join(map(str, errors[1:])),
        "id": id,
        "body": body,
    }


@component
def empty(*, title, text="", icon="inbox", href="", action="", code="", level=0, body="") -> Context:
    """Why there is nothing, and the next useful view."""
    return {
        "title": title,
        "text": text,
        "icon": known_icon(icon),
        "href": href,
        "action": action,
        "code": code,
        "level": level,
        "body": body,
    }


@component
def notice(*, title, text="", state="soon", icon: str | None = None, role="status", body="") -> Context:
    """A line across the top of the page."""
    return {
        "title": title,
        "text": text,
        "state": known_state(state),
        "role": role,
        "body": body,
        "icon": known_icon(icon or STATE_ICONS[state]),
    }


@component
def event(
    *, at: datetime, kind: str, icon: str, state: str | None = None, id="", fresh=False, now: datetime, body
) -> Context:
    """One item of the timeline; the body is its header and paragraphs. kind: public, internal, call, clock, system."""
    if kind not in {"public", "internal", "call", "clock", "system"}:
        raise TypeError(f"{kind!r} is not a kind of event.")
    return {
        "iso": times.iso(at),
        "hm": times.hm(at),
        "full": times.full(at),
        "kind": kind,
        "icon": known_icon(icon),
        "state": known_state(state, optional=True),
        "id": id,
        "fresh": fresh,
        "body": body,
    }


@component
def work_item(
    *,
    title,
    owner,
    state="running",
    text="",
    due: datetime | None = None,
    icon: str | None = None,
    id="",
    now: datetime,
    body="",
) -> Context:
    """One item of a plan. The owner is mandatory. `text` ("done 14:20") else "by 14:40" from `due`."""
    if not owner:
        raise TypeError("A work item needs an owner.")
    icons = {**STATE_ICONS, "running": "circle"}
    return {
        "title": title,
        "owner": owner,
        "state": known_state(state),
        "icon": known_icon(icon or icons[state]),
        "text": text,
        "due": times.moment(due, now) if due else "",
        "id": id,
        "body": body,
    }


@component
def dialog(*, id, title, number="", size="", open=False, body) -> Context:
    """A dialog; a button with data-dialog="<id>" opens it. `open` shows it with the page (works without script)."""
    return {"id": id, "title": title, "number": number, "size": size, "open": open, "body": body}
