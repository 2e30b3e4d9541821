"""Where a hook may point: never into our own network (security 1.8)."""

import ipaddress
import os
import socket

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


def require_public(host: str, port: int | None) -> None:
    """Resolve `host` and raise SendFailed(final) if any of its addresses is not public; not final if it is unknown."""
    if private_allowed():
        return
    try:
        found = socket.getaddrinfo(host.rstrip("."), port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise SendFailed(f"cannot resolve the hook's host: {error}"[:300]) from error
    if not found or not all(is_public(str(entry[4][0])) for entry in found):
        raise SendFailed("the hook points into a private network", final=True)
