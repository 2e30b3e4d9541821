"""Named places where a test may make a process raise, die or freeze; nothing at all outside tests."""

import os
import signal

from django.conf import settings

_WANTED = "DESK_FAILPOINT"


class Failed(RuntimeError):
    """What a failpoint raises."""


def hit(name: str) -> None:
    """Do what `DESK_FAILPOINT` ("name:raise|kill|stop") says of this place; nothing unless `DESK_ENV` is test."""
    wanted, _, how = os.environ.get(_WANTED, "").partition(":")
    if wanted != name or settings.ENV != "test":
        return
    if how == "raise":
        raise Failed(name)
    os.kill(os.getpid(), signal.SIGKILL if how == "kill" else signal.SIGSTOP)
