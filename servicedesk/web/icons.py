"""Which icons the sprite holds. It is built from frontend/icons.json; a name that is not in it is a bug."""

import re
from functools import lru_cache

from django.contrib.staticfiles import finders

SPRITE = "icons/sprite.svg"
STATE_ICONS = {
    "running": "clock",
    "armed": "clock",
    "soon": "hourglass-low",
    "breached": "alert-triangle",
    "fired": "bell-ringing",
    "met": "circle-check",
    "paused": "player-pause",
    "cancelled": "ban",
}


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Return the names the sprite holds. Raises FileNotFoundError when static/icons/sprite.svg is missing."""
    path = finders.find(SPRITE)
    if not path:
        raise FileNotFoundError(SPRITE)
    with open(path, encoding="utf-8") as sprite:
        return frozenset(re.findall(r'<symbol id="i-([a-z0-9-]+)"', sprite.read()))


def check(name: str) -> str:
    """Return `name` if the sprite holds it. Raises ValueError otherwise."""
    if name not in names():
        raise ValueError(f"No icon is called {name!r}. Add it to frontend/icons.json and run frontend/vendor.mjs.")
    return name
