"""Rules of planned work, pure: who must approve, how early customers are told, whether it is off-peak (C-29, V-21)."""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from catalogue.hours import WorkingHours, after_working_days, working_time_between
from ledger.errors import Refused

TECHNICAL, KEY_CUSTOMERS, CUTOVER, INTERNATIONAL = "technical", "key_customers", "cutover", "international"
FUNCTIONS = {
    TECHNICAL: _("Technical review"),
    KEY_CUSTOMERS: _("Key customers reviewed"),
    CUTOVER: _("Cutover approved"),
    INTERNATIONAL: _("International circuits"),
}
ROLES_OF: Mapping[str, tuple[str, ...]] = {
    TECHNICAL: ("supervisor", "approver_monitoring"),
    KEY_CUSTOMERS: ("approver_service", "account_manager", "service_delivery_manager"),
    CUTOVER: ("duty_manager", "centre_director"),
    INTERNATIONAL: ("deputy_gm",),
}
DECIDERS = tuple(dict.fromkeys(role for roles in ROLES_OF.values() for role in roles))
KEY_SEGMENT = "premium"
EARLY = timedelta(minutes=15)
LONGEST = timedelta(hours=48)
_FURTHEST = 120


def needed(segments: Iterable[str], *, international: bool) -> list[str]:
    """Return the functions that must approve work that touches customers of these segments, in their order (C-29)."""
    key = [KEY_CUSTOMERS] if KEY_SEGMENT in set(segments) else []
    return [TECHNICAL, *key, CUTOVER, *([INTERNATIONAL] if international else [])]


def lead_of(segment: str, leads: Mapping[str, int]) -> int:
    """Return how many working days ahead a customer of `segment` is told; the row without a segment is for all others.

    0 = no lead time.
    """
    return leads.get(segment, leads.get("", 0))


def in_time(told_at: datetime, starts_at: datetime, days: int, hours: WorkingHours) -> bool:
    """Return whether somebody told at `told_at` has `days` whole working days of `hours` before `starts_at`."""
    if days < 1:
        return told_at <= starts_at
    return after_working_days(told_at, days, hours) <= starts_at


def notice_by(starts_at: datetime, days: int, hours: WorkingHours) -> datetime:
    """Return the latest minute at which a notice still keeps `days` working days before the start, in UTC.

    Raises Refused("never_open") where the calendar holds too few working days.
    """
    start = starts_at.astimezone(hours.zone)
    if days < 1:
        return starts_at
    for back in range(_FURTHEST):
        day = start - timedelta(days=back)
        for moment in (day.replace(hour=23, minute=59), day):
            if in_time(moment, starts_at, days, hours):
                return moment.astimezone(UTC)
    raise Refused("never_open", _("These working hours leave no time to do the work."))


def on_peak(starts_at: datetime, ends_at: datetime, hours: Collection[WorkingHours]) -> bool:
    """Return whether any of the window lies in working hours of anybody it touches (V-21)."""
    return any(working_time_between(starts_at, ends_at, each) > timedelta() for each in hours)
