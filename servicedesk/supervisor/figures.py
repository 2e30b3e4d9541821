"""The figures above the board: what is due, who is silent, how calls are answered, who is on now."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from escalation.board import Board
from escalation.floor.shapes import Floor, Watchlist
from escalation.oncall import who
from escalation.queries import Health, health
from servicedesk.web import times

TARGET_PERCENT = 90
SILENT_SECONDS = 10
KEEP_SECONDS = 5


def row(board: Board, floor: Floor) -> list[dict[str, Any]]:
    """Return the figures in the order of the design."""
    over = _("%(n)d over time") % {"n": board.overdue} if board.overdue else ""
    made = [
        {"label": _("Due within 5 min"), "value": board.soon, "icon": "hourglass-low",
         "state": "soon" if board.soon else None},
        {"label": _("Contacts not confirmed"), "value": board.unconfirmed, "icon": "user-question", "note": over,
         "note_state": "breached" if over else None},
        {"label": _("No news over 30 min"), "value": board.silent, "icon": "speakerphone",
         "state": "soon" if board.silent else None},
    ]  # fmt: skip
    if floor.calls is not None:
        share = floor.calls.in_time
        made.append(
            {"label": _("Calls answered in time, today"), "value": None if share is None else f"{share}%",
             "icon": "phone", "note": _("target %(n)d%%") % {"n": TARGET_PERCENT},
             "note_state": "breached" if share is not None and share < TARGET_PERCENT else None}
        )  # fmt: skip
    return made


def floor_row(floor: Floor, approvals: int | None) -> list[dict[str, Any]]:
    """Return the second row: what each list of the floor counts. `href` leads to the list."""
    made = [
        _counted(_("Promises due in 5 min"), floor.breaching, "alert-triangle", "#floor-breaching"),
        _counted(_("No progress"), floor.silent, "activity", "#floor-silent"),
        _counted(_("No news, P1 and P2"), floor.unheard, "speakerphone", "#floor-unheard"),
    ]
    if floor.calls is not None:
        waits = times.span(floor.calls.longest) if floor.calls.waiting else ""
        made.append({"label": _("Calls waiting"), "value": floor.calls.waiting, "icon": "phone-incoming", "note": waits,
                     "href": "#floor-calls", "state": "soon" if floor.calls.waiting else None})  # fmt: skip
        made.append({"label": _("Unfinished calls"), "value": floor.calls.unfinished_count, "icon": "phone-off",
                     "href": "#floor-calls", "state": "soon" if floor.calls.unfinished_count else None})  # fmt: skip
    if approvals is not None:
        made.append({"label": _("Approvals waiting"), "value": approvals, "icon": "signature", "approvals": True,
                     "state": "soon" if approvals else None})  # fmt: skip
    if floor.people is not None:
        talking = sum(one.state == "on_call" for one in floor.people)
        note = _("%(n)d on a call") % {"n": talking} if talking else ""
        made.append({"label": _("On shift"), "value": len(floor.people), "icon": "users", "note": note,
                     "href": "#floor-people"})  # fmt: skip
    return made


def _counted(label: str, found: Watchlist, icon: str, href: str) -> dict[str, Any]:
    value = f"{found.count}+" if found.more else found.count
    return {"label": label, "value": value, "icon": icon, "href": href, "state": "soon" if found.count else None}


def alarms(board: Board) -> str:
    """Return what is worth a sound, as JSON {key: sentence}; the browser sounds for keys it has not seen.

    A new lane, a lane whose time is short or over, a contact not confirmed in time.
    """
    found: dict[str, str] = {}
    for lane in board.lanes:
        number, about = lane.escalation.ticket.number, str(lane.escalation.uuid)
        found[f"open:{about}"] = _("%(number)s is escalated") % {"number": number}
        if lane.state in ("soon", "breached") and lane.due_at:
            words = _("%(number)s: %(what)s by %(at)s")
            said = words % {"number": number, "what": lane.what, "at": times.hm(lane.due_at)}
            found[f"{lane.state}:{about}:{lane.due_at:%s}"] = said
    for person, escalation in board.waited_for:
        if person.state == "breached" and person.due_at:
            words = _("%(number)s: %(name)s has not confirmed")
            key = f"over:{escalation.uuid}:{person.role}:{person.due_at:%s}"
            found[key] = words % {"number": escalation.ticket.number, "name": person.name}
    return json.dumps(found)


def on_now(at: datetime) -> Any:
    """Return who is duty manager now, everywhere; kept for five seconds. 4 queries."""
    found = cache.get("board-duty-manager")
    if found is None:
        user = who("duty_manager", at=at, organisation_id=None).user
        found = user.name if user else ""
        cache.set("board-duty-manager", found, KEEP_SECONDS)
    return found


def engine_warning(at: datetime) -> str:
    """Return what is wrong with the engine in one sentence, "" while it keeps time. Kept five seconds. 5 queries."""
    seen: Health | None = cache.get("board-engine")
    if seen is None:
        seen = health(at)
        cache.set("board-engine", seen, KEEP_SECONDS)
    if not seen.ok:
        late = times.span(timedelta(seconds=seen.lag_s))
        return _("The escalation engine is %(late)s behind. What is due fires late.") % {"late": late}
    if not any(age <= SILENT_SECONDS for age in seen.engines.values()):
        return _("No escalation engine answers. Deadlines do not fire until one runs.")
    if seen.open_alarms:
        return _("%(n)d alarms of the engine are open. Settle them on its page.") % {"n": seen.open_alarms}
    return ""
