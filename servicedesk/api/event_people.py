"""Who looks at a stream, asked in a small pool of threads with database connections of their own."""

import asyncio
import io
import time
from collections.abc import Callable, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.asgi import ASGIRequest
from django.db import close_old_connections
from django.utils import translation

from accounts.models import Organisation
from ledger.actor import Actor
from servicedesk.web.middleware import ActorMiddleware
from tickets.models import Ticket

THREADS = 4
REGION_SECONDS, SIGHT_SECONDS = 60.0, 10.0
_pool = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="live")
_regions: dict[int, tuple[float, str]] = {}
_sights: dict[tuple[str, str], tuple[float, bool]] = {}


async def in_thread(call: Callable[..., Any], *args: Any) -> Any:
    """Run a database question in one of the few threads."""
    return await asyncio.get_running_loop().run_in_executor(_pool, _asked, call, *args)


def _asked(call: Callable[..., Any], *args: Any) -> Any:
    close_old_connections()
    try:
        return call(*args)
    finally:
        close_old_connections()
        translation.deactivate()


def identify(scope: MutableMapping[str, Any]) -> Actor | None:
    """Return who the session cookie of a request belongs to, by all the rules of the doors; None for nobody.

    The session is read and never written: looking is not use. Raises SuspiciousOperation for a foreign host.
    """
    request = ASGIRequest(dict(scope), io.BytesIO())
    request.get_host()
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        raise SuspiciousOperation("cross-site")
    store = import_module(settings.SESSION_ENGINE).SessionStore
    request.session = store(request.COOKIES.get(settings.SESSION_COOKIE_NAME))
    request.user = get_user(request)
    passed = ActorMiddleware(lambda seen: seen)(request)
    return getattr(request, "actor", None) if passed is request else None


async def regions_of(ids: set[int]) -> dict[int, str]:
    """Return the region of each organisation; asked once a minute."""
    now = time.monotonic()
    missing = {pk for pk in ids if pk not in _regions or now - _regions[pk][0] > REGION_SECONDS}
    if missing:
        found = await in_thread(lambda: dict(Organisation.objects.filter(pk__in=missing).values_list("pk", "region")))
        _regions.update({pk: (now, found.get(pk, "")) for pk in missing})
    return {pk: _regions[pk][1] for pk in ids}


async def may_see(actor: Actor, number: str) -> bool:
    """Whether `actor` may learn of a ticket, by the database; remembered for 10 s."""
    key, now = (actor.ref, number), time.monotonic()
    held = _sights.get(key)
    if held is None or now - held[0] > SIGHT_SECONDS:
        if len(_sights) > 10_000:
            _sights.clear()
        found = await in_thread(lambda: Ticket.objects.visible_to(actor).filter(number=number).exists())
        held = _sights[key] = (now, found)
    return held[1]
