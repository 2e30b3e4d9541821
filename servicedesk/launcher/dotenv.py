"""`make secrets`: the .env file that compose reads."""

import os
import secrets

from .paths import ROOT
from .words import Trouble, say

MADE = ("DESK_SECRET_KEY", "POSTGRES_PASSWORD", "DESK_OWNER_PASSWORD", "DESK_APP_PASSWORD", "REDIS_PASSWORD")


def filled(example: str) -> str:
    """Return the example with each empty secret filled by a fresh one."""
    lines = []
    for line in example.splitlines():
        name, equals, value = line.partition("=")
        lines.append(f"{name}={secrets.token_urlsafe(36)}" if equals and name in MADE and not value else line)
    return "\n".join(lines) + "\n"


def write() -> int:
    """Write .env, readable by its owner only; never over an existing one."""
    target = ROOT / ".env"
    try:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise Trouble(f"{target} exists already; move it away if you really want new secrets.") from None
    with os.fdopen(handle, "w") as file:
        file.write(filled((ROOT / ".env.example").read_text()))
    say(f"Wrote {target}. Set DESK_BASE_URL, DESK_ALLOWED_HOSTS and DESK_MAIL_FROM in it, then: docker compose up -d")
    return 0
