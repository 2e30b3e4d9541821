"""Where a hook may point: never into our own network (security 1.8)."""

import ipaddress
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

import urllib3.util.connection
from django.conf import settings

from channels.failures import SendFailed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
NAT64 = ipaddress.ip_network("64:ff9b::/96")
COMPAT = ipaddress.ip_network("::/96")


def innermost(address: Address) -> Address:
    """Return the IPv4 address hidden in a mapped, 6to4, Teredo, NAT64 or compatible IPv6 address, else itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    hidden = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
    if hidden is not None:
        return hidden
    if address in NAT64 or address in COMPAT:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(text: str) -> bool:
    """Whether an address literal is one of the open internet."""
    address = innermost(ipaddress.ip_address(text.partition("%")[0]))
    return address.is_global and not address.is_multicast and not address.is_reserved


def private_allowed() -> bool:
    """Whether private targets are let through: only outside production, and only when asked for."""
    return not settings.IS_PRODUCTION and os.environ.get("DESK_CHAT_ALLOW_PRIVATE") == "1"


def require_public(host: str, port: int | None) -> list[str]:
    """Resolve `host` and return its addresses, [] where private targets are let through.

    Raises SendFailed: final if any address is not public, not final if the host is unknown.
    """
    if private_allowed():
        return []
    try:
        found = socket.getaddrinfo(host.rstrip("."), port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SendFailed(f"cannot resolve the hook's host: {error}"[:300]) from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise SendFailed("the hook points into a private network", final=True)
    return addresses


class Guard:
    """What one hook's connections were refused for; None while nothing was."""

    refused: SendFailed | None = None


_guard: ContextVar[Guard | None] = ContextVar("egress_guard", default=None)
_plain_connect = urllib3.util.connection.create_connection


@contextmanager
def only_public() -> Iterator[Guard]:
    """Every HTTP connection this thread opens inside goes to an address that was checked, whatever DNS says next."""
    guard = Guard()
    token = _guard.set(guard)
    try:
        yield guard
    finally:
        _guard.reset(token)


def _connect(address: tuple[str, int], *args: Any, **kwargs: Any) -> socket.socket:
    """Open a connection as urllib3 does; under `only_public` resolve once and connect to a checked address."""
    guard = _guard.get()
    if guard is None or private_allowed() or _is_proxy(address):
        return _plain_connect(address, *args, **kwargs)
    host, port = address
    try:
        addresses = require_public(host.strip("[]"), port)
    except SendFailed as failure:
        guard.refused = failure
        raise OSError(str(failure)) from failure
    for number, literal in enumerate(addresses, start=1):
        try:
            return _plain_connect((literal, port), *args, **kwargs)
        except OSError:
            if number == len(addresses):
                raise
    raise OSError("no address")


def _is_proxy(address: tuple[str, int]) -> bool:
    """Whether this is the operator's own way out: there the proxy resolves and decides."""
    proxies = (urlsplit(url) for name, url in getproxies().items() if name in {"http", "https", "all"})
    return any((proxy.hostname, proxy.port) == address for proxy in proxies)


urllib3.util.connection.create_connection = _connect
