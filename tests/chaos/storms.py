"""Storms on a whole desk, and the oracle that judges them from rows alone.

A storm is told by its instant. What has to fire at it is written down before the strike, in a table of the oracle's
own; afterwards `esc_firing` is compared with that: missing = lost, extra = doubled, before its time = early.
"""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from tests.witness import until

FILL = (
    "from datetime import timedelta;"
    "from servicedesk.management import storm;"
    "{before}"
    "storm.fill(armed={armed}, due=0, lead=timedelta(days=1))"
)
NO_REMINDERS = "[rule.pop('repeat_s') for rule in storm.SHAPE['rules']];"

EXPECTED = """
CREATE TABLE IF NOT EXISTS chaos_expected (
  storm timestamptz, timer_id bigint, clock_id bigint, rule_code text, occurrence int)
"""
_ARM = """
WITH moved AS (
  UPDATE esc_timer t SET due_at = %(at)s, wake_at = %(at)s, nominal_at = %(at)s,
    at_us = (extract(epoch FROM %(at)s - c.running_since) * 1000000)::bigint
  FROM esc_clock c WHERE c.id = t.clock_id AND t.id IN (
    SELECT id FROM esc_timer
    WHERE state = 'armed' AND left(rule_code, 2) = 'S-' AND due_at > now() + interval '1 minute'
    ORDER BY due_at DESC, id LIMIT %(many)s)
  RETURNING t.id, t.clock_id, t.rule_code, t.occurrence)
INSERT INTO chaos_expected SELECT %(at)s, * FROM moved
"""
_CALM = """
UPDATE esc_timer SET due_at = now() + interval '30 days', wake_at = now() + interval '30 days',
  nominal_at = now() + interval '30 days'
WHERE state = 'armed' AND left(rule_code, 2) = 'S-' AND due_at < now() + interval '1 day' AND due_at > now()
"""
_REST = "UPDATE channels_deliveryattempt SET started_at = started_at - interval '2 minutes' WHERE outcome = 'sent'"
_FIRED = "SELECT NOT EXISTS (SELECT 1 FROM esc_timer WHERE state = 'armed' AND due_at = %s AND wake_at <= %s)"
_JUDGE = """
SELECT count(*), count(*) FILTER (WHERE f.timer_id IS NULL), count(*) FILTER (WHERE f.fired_at < f.due_at),
  percentile_cont(0.99) WITHIN GROUP (ORDER BY extract(epoch FROM f.fired_at - f.due_at))::float,
  max(extract(epoch FROM f.fired_at - f.due_at))::float
FROM chaos_expected e LEFT JOIN esc_firing f ON f.timer_id = e.timer_id AND f.clock_id = e.clock_id
  AND f.rule_code = e.rule_code AND f.occurrence = e.occurrence AND f.due_at = e.storm
WHERE e.storm = %s
"""
EXTRA = """
SELECT (SELECT count(*) - count(DISTINCT (clock_id, rule_code, occurrence)) FROM esc_firing)
  + (SELECT count(*) FROM esc_firing f WHERE left(rule_code, 2) = 'S-'
     AND NOT EXISTS (SELECT 1 FROM chaos_expected e WHERE e.timer_id = f.timer_id))
  + (SELECT count(*) - count(DISTINCT idem_key) FROM esc_notification)
  + (SELECT count(*) - count(DISTINCT (firing_id, user_id, channel)) FROM esc_notification WHERE firing_id IS NOT NULL
     AND why NOT LIKE 'fallback%%' AND user_id IS NOT NULL)
"""
HALF = """
SELECT (SELECT count(*) FROM esc_timer t LEFT JOIN esc_firing f ON f.timer_id = t.id
        WHERE (t.state = 'fired') <> (f.timer_id IS NOT NULL))
  + (SELECT count(*) FROM esc_firing f WHERE outcome = 'paged'
     AND NOT EXISTS (SELECT 1 FROM esc_notification n WHERE n.firing_id = f.timer_id))
"""


class Verdict(NamedTuple):
    """What became of a storm. half: rows of a firing without the others (I4). p99_s, last_s: lateness."""

    expected: int
    lost: int
    doubled: int
    early: int
    half: int
    p99_s: float
    last_s: float

    @property
    def wrong(self) -> tuple[int, int, int, int]:
        """Lost, doubled, early, half written: (0, 0, 0, 0) is what must be."""
        return self.lost, self.doubled, self.early, self.half

    def __str__(self) -> str:
        anomalies = "/".join(map(str, self.wrong))
        return (
            f"{self.expected} due, lost/doubled/early/half {anomalies},"
            f" p99 {self.p99_s:.2f} s, last {self.last_s:.2f} s late"
        )


def fill(desk: Any, armed: int, *, reminders: bool = True) -> None:
    """Fill an empty desk with `armed` timers that are far away."""
    desk.manage("shell", "-v", "0", "-c", FILL.format(armed=armed, before="" if reminders else NO_REMINDERS))
    desk.sql(EXPECTED)


def arm(desk: Any, many: int, lead_s: float) -> datetime:
    """Let `many` timers fall due at one instant, `lead_s` from the end of moving them; write down which."""
    at = desk.sql("SELECT date_trunc('milliseconds', now()) + make_interval(secs => %s)", lead_s + many / 10_000)[0][0]
    desk.sql(_ARM, many=many, at=at)
    assert desk.sql("SELECT count(*), now() < %s FROM chaos_expected WHERE storm = %s", at, at) == [(many, True)]
    return at


def until_due(desk: Any, at: datetime, *, seconds: float = 60) -> None:
    """Wait until the database says that the instant has come."""
    until(lambda: desk.sql("SELECT now() >= %s", at)[0][0], seconds=seconds, says="the instant came")


def until_fired(desk: Any, at: datetime, *, seconds: float = 60) -> None:
    """Wait until nothing of the storm is armed any more. One index probe a look, which costs the storm nothing."""
    until(lambda: desk.sql(_FIRED, at, at)[0][0], seconds=seconds, says="everything due fired")


def while_armed(desk: Any, at: datetime, *, seconds: float) -> Iterator[None]:
    """Go round as long as anything of the storm is armed; fails after `seconds`."""
    end = time.monotonic() + seconds
    while not desk.sql(_FIRED, at, at)[0][0]:
        assert time.monotonic() < end, f"not within {seconds} s: everything due fired"
        yield


def judge(desk: Any, at: datetime) -> Verdict:
    """The oracle: what fired, against what had to."""
    expected, lost, early, p99_s, last_s = desk.sql(_JUDGE, at)[0]
    return Verdict(expected, lost, desk.sql(EXTRA)[0][0], early, desk.sql(HALF)[0][0], p99_s or 0.0, last_s or 0.0)


def rest(desk: Any) -> None:
    """As if nobody had been paged in the last minute: the next pages leave at once, not in a bundle."""
    desk.sql(_REST)


def calm(desk: Any) -> None:
    """Move the next occurrences of what fired far away, so that no storm comes by itself."""
    desk.sql(_CALM)


def until_handed_over(desk: Any, *, seconds: float) -> None:
    """Wait until no page waits or is being sent."""
    waiting = "SELECT count(*) = 0 FROM esc_notification WHERE state IN ('pending', 'sending')"
    until(lambda: desk.sql(waiting)[0][0], seconds=seconds, says="every page is handed over or bundled")


def resent(desk: Any) -> int:
    """How many letters the mail sink took twice or more often under one Message-ID."""
    letters = desk.letters()
    return len(letters) - len(set(letters))
