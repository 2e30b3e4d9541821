"""The web process: live pages asynchronously, everything else through WSGI in a fixed pool of threads (decisions 11).

The pool bounds the database connections: each thread keeps one, whatever the number of requests that wait.
"""

import os
from collections.abc import MutableMapping
from typing import Any, cast
from urllib.parse import quote

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")
os.environ.setdefault("DESK_APP", "desk-web")

import django

django.setup()

from a2wsgi import WSGIMiddleware  # noqa: E402

from servicedesk import bodies  # noqa: E402
from servicedesk.api import events  # noqa: E402
from servicedesk.wsgi import application as wsgi_application  # noqa: E402

THREADS = int(os.environ.get("DESK_WEB_THREADS", "8"))
MAX_WAITING = int(os.environ.get("DESK_WEB_WAITING", "1000"))
_pages: Any = WSGIMiddleware(cast(Any, wsgi_application), workers=THREADS)
_under_way = 0


async def application(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """Serve one connection: lifespan, a stream, or a page."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
    elif scope["type"] != "http":
        await send({"type": "websocket.close", "code": 1000})
    elif scope["path"] == events.PATH:
        await events.application(scope, receive, send)
    else:
        await _page(scope, receive, send)


async def _page(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
    """Take the body in, then hand the request to the pool; shed it when a thousand already wait."""
    global _under_way
    if _under_way >= MAX_WAITING:
        await _refuse(send, 503, "Busy. Try again in a few seconds.", [(b"retry-after", b"5")])
        return
    _under_way += 1
    body = None
    try:
        body = await bodies.taken_in(scope, receive)
        await _pages(_cleaned(scope), bodies.replayed(body), send)
    except bodies.TooLarge:
        await _refuse(send, 413, "Too large.")
    except TimeoutError:
        await _refuse(send, 408, "Too slow.")
    except bodies.Gone:
        return
    finally:
        _under_way -= 1
        if body is not None:
            body.close()


async def _refuse(send: Any, status: int, text: str, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store, private")]
    await send({"type": "http.response.start", "status": status, "headers": [*plain, *(headers or [])]})
    await send({"type": "http.response.body", "body": text.encode()})


def _cleaned(scope: MutableMapping[str, Any]) -> dict[str, Any]:
    """Return the scope as WSGI can bear it.

    Header names with an underscore are dropped: WSGI could not tell `X_Forwarded_Proto` from the proxy's own header.
    Several Cookie headers become one; bytes outside ASCII in the query are percent-encoded.
    """
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name and name != b"cookie"]
    cookies = [value for name, value in scope["headers"] if name == b"cookie"]
    if cookies:
        headers.append((b"cookie", b"; ".join(cookies)))
    query = quote(scope["query_string"], safe="%&=+/?:@!$'()*,;~-._[]|\\^`{}<>\" ").encode()
    return {**scope, "headers": headers, "query_string": query}


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        else:
            await events.stop()
            await send({"type": "lifespan.shutdown.complete"})
            return
