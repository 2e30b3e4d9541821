"""Whether the database's clock jumped against this machine's monotonic one (escalation-engine.md, "Time arithmetic").

A clock set two hours ahead would fire two hours of deadlines at once: firing is held while somebody may put it right,
60 s at most, and the operator is alarmed. A clock set back fires nothing twice (state decides, not a cursor): alarm.
"""

from dataclasses import dataclass
from datetime import datetime

FORWARD_S, BACKWARD_S, HOLD_S = 30.0, 5.0, 60.0


@dataclass(slots=True)
class Jumps:
    """Fed with every look at the database's clock by one process.

    holding  whether firing waits. `feed` returns the seconds of a jump it sees for the first time, else 0.0.
    """

    holding: bool = False
    _offset: float | None = None
    _since: float = 0.0

    def feed(self, server: datetime, *, before: float, after: float) -> float:
        """Compare one look. before, after: `time.monotonic()` on both sides of it, so that a slow answer is no jump."""
        stamp = server.timestamp()
        if self._offset is None:
            self._offset = stamp - after
        ahead, behind = stamp - after - self._offset, self._offset - (stamp - before)
        if ahead > FORWARD_S:
            return self._forward(ahead, stamp, after)
        self.holding, self._offset = False, stamp - after
        return -behind if behind > BACKWARD_S else 0.0

    def _forward(self, ahead: float, stamp: float, after: float) -> float:
        if not self.holding:
            self.holding, self._since = True, after
            return ahead
        if after - self._since >= HOLD_S:
            self.holding, self._offset = False, stamp - after
        return 0.0
