"""Tells an outside monitor that the whole way works: once for each canary that was heard (dead-man switch)."""

from datetime import datetime

from django.conf import settings

from channels.outbound.asking import ask
from escalation.commands.canary import last_heard, listen, send_canary
from escalation.commands.watch import keep_watch
from ledger.clock import database_now


class Round:
    """One driver's round of watching: alarms, the canary, the ping. `step` returns how many seconds to wait."""

    def __init__(self, every_s: float = 5.0) -> None:
        self.every_s = every_s
        self.pinged: datetime | None = None

    def step(self) -> float:
        """Watch once. A monitor that does not answer costs a few seconds here and nothing anywhere else."""
        at = database_now()
        keep_watch(at=at)
        send_canary(at=at)
        heard = last_heard() if listen(at=at) else None
        if heard is not None and heard != self.pinged and ping():
            self.pinged = heard
        return self.every_s


def ping() -> bool:
    """Ask for the operator's ping address, and return whether it was heard; True where none is configured."""
    return not settings.CANARY_PING_URL or ask(settings.CANARY_PING_URL)


def watch_once(*, at: datetime | None = None) -> int:
    """A round for housekeeping, where no engine process runs. Returns 0: nothing of customers changes."""
    Round().step()
    return 0
