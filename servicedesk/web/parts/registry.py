"""What a component is: a function whose signature is its contract. An unknown or missing argument raises."""

import inspect
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from servicedesk.web.icons import STATE_ICONS, check

Context = dict[str, Any]
REGISTRY: dict[str, Callable[..., Context]] = {}
STATES = frozenset(STATE_ICONS)


def component(function: Callable[..., Context]) -> Callable[..., Context]:
    """Register `function` under its name, without a trailing underscore."""
    REGISTRY[function.__name__.rstrip("_")] = function
    return function


def build(name: str, arguments: dict[str, Any], *, now: datetime, body: Any = None) -> Context:
    """Return the context of component `name`. Raises TypeError for an unknown name or argument."""
    if name not in REGISTRY:
        raise TypeError(f"No component is called {name!r}; there are {', '.join(sorted(REGISTRY))}.")
    function, signature = REGISTRY[name], _signature(name)
    known = signature.parameters
    extra = {"now": now} if "now" in known else {}
    if body is not None:
        if "body" not in known:
            raise TypeError(f"Component {name!r} takes no body.")
        extra["body"] = body
    try:
        signature.bind(**arguments, **extra)
    except TypeError as error:
        raise TypeError(f"Component {name!r}: {error}") from None
    return function(**arguments, **extra)


def timeless(name: str) -> bool:
    """Whether component `name` exists and asks no clock, so that equal arguments look equal at any time."""
    return name in REGISTRY and "now" not in _signature(name).parameters


@cache
def _signature(name: str) -> inspect.Signature:
    """Read once: a queue page draws a hundred components."""
    return inspect.signature(REGISTRY[name])


def known_state(value: str | None, *, optional: bool = False) -> str | None:
    if optional and not value:
        return None
    if value not in STATES:
        raise TypeError(f"{value!r} is not a state; there are {', '.join(sorted(STATES))}.")
    return value


def known_icon(name: str | None) -> str:
    return check(name) if name else ""
