"""How times are written on a page: absolute and relative, in the viewer's zone, 24-hour clock.

Every function is pure: the moment comes in, and so does now. Instants are aware; the zone is the one Django has
active for the request. None gives an en dash, because unknown is not zero.
"""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

DASH = "–"
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
DEFAULT_WARN = timedelta(minutes=5)


def city(zone: str) -> str:
    """Return the words for a time zone: "Lord Howe"."""
    return zone.rpartition("/")[2].replace("_", " ")


def iso(at: datetime | None) -> str:
    """Return `at` in the viewer's zone as ISO 8601 with offset, to the second; "" for None."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else ""


def hm(at: datetime | None) -> str:
    """Return "14:36"."""
    return date_format(timezone.localtime(at), "H:i") if at else DASH


def hms(at: datetime | None) -> str:
    """Return "14:32:08"."""
    return date_format(timezone.localtime(at), "H:i:s") if at else DASH


def day(at: datetime | None, now: datetime | None = None) -> str:
    """Return "Tue 16 June"; with the year when it is not the year of `now`."""
    if at is None:
        return DASH
    local = timezone.localtime(at)
    if now is not None and local.year != timezone.localtime(now).year:
        return date_format(local, pgettext("date format, with year", "D j F Y"))
    return date_format(local, pgettext("date format", "D j F"))


def moment(at: datetime | None, now: datetime) -> str:
    """Return "14:36" on the day of `now`, "Wed 17 June, 09:12" on any other."""
    if at is None:
        return DASH
    if timezone.localtime(at).date() == timezone.localtime(now).date():
        return hm(at)
    return pgettext("day and time", "%(day)s, %(time)s") % {"day": day(at, now), "time": hm(at)}


def full(at: datetime | None) -> str:
    """Return everything, for a title: "Tue 16 June 2026, 14:36:00 AEST"."""
    if at is None:
        return DASH
    local = timezone.localtime(at)
    date = date_format(local, pgettext("date format, with year", "D j F Y"))
    return pgettext("day and time", "%(day)s, %(time)s") % {"day": date, "time": f"{hms(at)} {local.tzname()}"}


def span(length: timedelta | None) -> str:
    """Return a length of time in words: "40 s", "8 min", "1 h 28", "3 d 4 h". Negative counts as zero."""
    if length is None:
        return DASH
    seconds = max(int(length.total_seconds()), 0)
    if seconds < 60:
        return _("%(n)d s") % {"n": seconds}
    if seconds < 3600:
        return _("%(n)d min") % {"n": seconds // 60}
    if seconds < 86400:
        return _("%(h)d h %(m)02d") % {"h": seconds // 3600, "m": seconds % 3600 // 60}
    return _("%(d)d d %(h)d h") % {"d": seconds // 86400, "h": seconds % 86400 // 3600}


def countdown(left: timedelta) -> str:
    """Return what a clock shows: "3:52" below one hour, "1 h 28" below a day, else days and hours."""
    left = abs(left)
    if left < HOUR:
        seconds = int(left.total_seconds())
        return f"{seconds // 60}:{seconds % 60:02d}"
    return span(left)


def remaining(due: datetime, now: datetime, form: str = "") -> str:
    """Return the time to `due` as the browser will go on counting it.

    form  "" for "3:52", "left" for "3:52 left", "in" for "in 3:52". Past `due` it is always "2:11 over".
    Above a day the answer is the date; nothing counts then.
    """
    left = due - now
    if left <= timedelta():
        return _("{t} over").format(t=countdown(left))
    if left >= DAY:
        return moment(due, now)
    return {"": "{t}", "left": _("{t} left"), "in": _("in {t}")}[form].format(t=countdown(left))


def state_of(due: datetime, now: datetime, warn: timedelta = DEFAULT_WARN) -> str:
    """Return running, soon (within `warn`) or breached, as the browser will."""
    if due <= now:
        return "breached"
    return "soon" if due - now <= warn else "running"
