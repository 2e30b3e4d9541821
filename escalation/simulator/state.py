"""One clock as the auditor sees it: the stretches it ran, and the timers of its rules. Pure.

Nothing is accrued: what a clock has counted is worked out from its stretches whenever it is asked for.
"""

from dataclasses import dataclass, field

from escalation.simulator.shapes import Rule, Version
from escalation.simulator.windows import ALWAYS, FAR, Calendar

ARMED, HELD, FIRED, CANCELLED = "armed", "held", "fired", "cancelled"
RUNNING, PAUSED, STOPPED = "running", "paused", "stopped"


@dataclass(slots=True)
class Stretch:
    """A stretch in which time counted, on a calendar; end None = it still does."""

    begin: int
    calendar: Calendar
    end: int | None = None


class Track:
    """Stretches that follow each other."""

    def __init__(self) -> None:
        self.stretches: list[Stretch] = []

    def go(self, at: int, calendar: Calendar) -> None:
        """Begin to count."""
        self.stretches.append(Stretch(at, calendar))

    def stop(self, at: int) -> None:
        """Count no more; nothing when it does not."""
        if self.going:
            self.stretches[-1].end = max(at, self.stretches[-1].begin)

    @property
    def going(self) -> bool:
        """Whether it counts now."""
        return bool(self.stretches) and self.stretches[-1].end is None

    def counted(self, at: int) -> int:
        """Return what was counted up to `at`."""
        return sum(s.calendar.between(s.begin, at if s.end is None else min(at, s.end)) for s in self.stretches)

    def when(self, target: int) -> int:
        """Return when the stretch that still counts will have counted `target`; it must be counting."""
        last = self.stretches[-1]
        return last.calendar.add(last.begin, target - self.counted(last.begin))


@dataclass(slots=True)
class Timer:
    """One occurrence of one rule. target: on the track it belongs to; anchor: what work days count from."""

    rule: Rule
    occurrence: int
    target: int
    anchor: int
    state: str = ARMED
    due: int = FAR
    wake: int = FAR
    nominal: int = FAR
    ended: int = 0
    why: str = ""
    moved: bool = False


@dataclass(slots=True)
class Duty:
    """A role told in a stage of a formal escalation."""

    role: str
    stage: int
    person: str | None
    confirmed: bool = False


@dataclass(slots=True)
class Clock:
    """One policy on one run of a subject."""

    version: Version
    run: int
    started: int
    calendar: Calendar = ALWAYS
    state: str = RUNNING
    stopped: int = 0
    why: str = ""
    paused: bool = False
    wall: Track = field(default_factory=Track)
    paused_out: Track = field(default_factory=Track)
    timers: list[Timer] = field(default_factory=list)
    silenced: int = 0
    muted: int = 0
    duties: list[Duty] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What firings call it."""
        return f"{self.version.key}/{self.run}"

    def track(self, rule: Rule) -> Track:
        """Return the time a rule counts: that of the pauses is left out only where the rule says so."""
        return self.paused_out if rule.pausable else self.wall

    def live(self) -> list[Timer]:
        """Return armed and held timers."""
        return [timer for timer in self.timers if timer.state in (ARMED, HELD)]

    def next_number(self, code: str) -> int:
        """Return the next free occurrence of a rule, and take it."""
        self.numbers[code] = self.numbers.get(code, 0) + 1
        return self.numbers[code]

    def place(self, timer: Timer, at: int) -> None:
        """Work out when a timer is due, from its target; held while its track stands still; past = now."""
        track = self.track(timer.rule)
        if timer.rule.unit == "work_day":
            self.arm(timer, timer.nominal, at)
        elif not track.going:
            self.hold(timer)
        else:
            self.arm(timer, track.when(timer.target), at)

    def wakes(self, timer: Timer) -> int:
        """Return when an armed timer wants to fire: a silence and planned work hold its page back."""
        return max(timer.due, self.muted, self.silenced if timer.rule.silenced_by_ack else 0)

    def hold(self, timer: Timer) -> None:
        """Let a timer wait for its track."""
        timer.state, timer.due, timer.wake = HELD, FAR, FAR

    def arm(self, timer: Timer, nominal: int, at: int) -> None:
        """Arm at an instant, or at `at` when that is past; a silenced rule wakes no earlier than the silence ends."""
        timer.state, timer.nominal, timer.due = ARMED, nominal, max(nominal, at)
        timer.wake = self.wakes(timer)
        timer.ended, timer.why = 0, ""
