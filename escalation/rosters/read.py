"""Rows → shapes, one query for any number of rosters with all their history."""

import json
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from escalation.models import Roster
from escalation.rosters.shapes import Away, Layer, Override, Plan, Window

_READ = """
SELECT json_build_object(
  'pk', r.id, 'uuid', r.uuid, 'name', r.name, 'role', r.role, 'scope', r.scope, 'zone', r.time_zone,
  'from_at', r.created_at, 'to_at', r.retired_at, 'filled_until', r.filled_until, 'deputy_id', r.deputy_id,
  'calendar_id', r.calendar_id, 'most_hours', r.most_hours, 'least_rest', r.least_rest,
  'layers', CASE WHEN w.whole THEN ARRAY(SELECT json_build_object(
     'key', l.uuid, 'name', l.name, 'zone', l.time_zone, 'unit', l.unit, 'length', l.length, 'handoff', l.handoff,
     'starts_on', l.starts_on, 'members', l.members, 'from_at', l.from_at, 'to_at', l.to_at, 'position', l.position,
     'base', l.base, 'windows', l.windows, 'entitled_weekend', l.entitled_weekend)
     FROM esc_roster_layer l WHERE l.roster_id = r.id AND (l.to_at IS NULL OR l.to_at > l.from_at)
     ORDER BY l.position DESC, l.name, l.from_at) END,
  'overrides', CASE WHEN w.whole THEN ARRAY(SELECT json_build_object(
     'key', o.uuid, 'user_id', o.user_id, 'from_at', o.from_at, 'to_at', o.to_at, 'swap', o.swap_id IS NOT NULL)
     FROM esc_roster_override o WHERE o.roster_id = r.id AND o.to_at > o.from_at ORDER BY o.from_at) END,
  'absences', CASE WHEN w.whole THEN ARRAY(SELECT json_build_object(
     'user_id', a.user_id, 'from_at', a.from_at, 'to_at', a.to_at)
     FROM accounts_absence a WHERE a.to_at > a.from_at AND a.user_id IN (
       SELECT unnest(l.members) FROM esc_roster_layer l WHERE l.roster_id = r.id
       UNION SELECT o.user_id FROM esc_roster_override o WHERE o.roster_id = r.id) ORDER BY a.from_at) END)
FROM esc_roster_plan r CROSS JOIN LATERAL (SELECT {whole} AS whole) w
WHERE {which} ORDER BY r.name, r.id
"""
_ALIVE = "r.created_at <= %(at)s AND (r.retired_at IS NULL OR r.retired_at > %(at)s)"
_UNFILLED = "(r.filled_until IS NULL OR r.filled_until <= %(at)s)"


def plan_of(roster: Roster) -> Plan:
    """Return one roster as it stands in the tables, alive or retired. 1 query."""
    return _plans("r.id = %(pk)s", pk=roster.pk)[0]


def alive(at: datetime) -> list[Plan]:
    """Return the rosters alive at `at`, by name. 1 query."""
    return _plans(_ALIVE, at=at)


def every() -> list[Plan]:
    """Return every roster, retired ones too. 1 query."""
    return _plans("true")


def alive_and_beyond(at: datetime) -> list[Plan]:
    """Return the rosters alive at `at`; only those not written out at `at` come with layers and overrides. 1 query."""
    return _plans(_ALIVE, whole=_UNFILLED, at=at)


def _plans(which: str, whole: str = "true", **values: Any) -> list[Plan]:
    with connection.cursor() as cursor:
        cursor.execute(_READ.format(which=which, whole=whole), values)
        return [_plan(_loaded(row)) for (row,) in cursor.fetchall()]


def _loaded(row: Any) -> dict[str, Any]:
    return json.loads(row) if isinstance(row, str) else row


def _plan(row: dict[str, Any]) -> Plan:
    layers: Iterable[dict[str, Any]] = row.pop("layers") or ()
    overrides: Iterable[dict[str, Any]] = row.pop("overrides") or ()
    absences: Iterable[dict[str, Any]] = row.pop("absences") or ()
    instants = {name: _instant(row.pop(name)) for name in ("to_at", "filled_until")}
    return Plan(
        **row | instants | {"from_at": datetime.fromisoformat(row["from_at"])},
        layers=tuple(_layer(layer) for layer in layers),
        overrides=tuple(_override(override) for override in overrides),
        absences=tuple(Away(**absence | _stretch(absence)) for absence in absences),
    )


def _layer(row: dict[str, Any]) -> Layer:
    return Layer(
        **row
        | {
            "zone": ZoneInfo(row["zone"]),
            "handoff": time.fromisoformat(row["handoff"]),
            "starts_on": date.fromisoformat(row["starts_on"]),
            "members": tuple(row["members"]),
            "from_at": datetime.fromisoformat(row["from_at"]),
            "to_at": _instant(row["to_at"]),
            "windows": windows_of(row["windows"]),
        }
    )


def _override(row: dict[str, Any]) -> Override:
    return Override(**row | _stretch(row))


def _stretch(row: dict[str, Any]) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(row[name]) for name in ("from_at", "to_at")}


def windows_of(rows: Iterable[dict[str, Any]]) -> tuple[Window, ...]:
    """Return the windows of a layer's column. Raises ValueError, KeyError or TypeError where it is misshapen."""
    return tuple(
        Window(weekday=row["weekday"], opens=time.fromisoformat(row["from"]), closes=time.fromisoformat(row["to"]))
        for row in rows
    )


def _instant(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None
