"""One HTTP POST of JSON to somebody else's server: no redirects, short patience, a small answer."""

import requests

from channels.failures import SendFailed
from channels.outbound.egress import only_public

PATIENCE_SECONDS = (5.0, 10.0)  # to connect, between two bytes
ANSWER_BYTES = 65_536
PASSES = frozenset({408, 409, 423, 425, 429})  # 409: the same message is still being taken; none is final


def post(url: str, body: bytes, headers: dict[str, str], *, guarded: bool = True) -> bytes:
    """Post `body` and return at most 64 KB of the answer of a 2xx.

    guarded  False lets an address of our own network through: only for what the operator configured.

    Raises SendFailed: final for a refusal (3xx, 4xx) or a forbidden address, else for a fault that may pass.
    """
    if not guarded:
        return _post(url, body, headers)
    with only_public() as guard:
        try:
            return _post(url, body, headers)
        except SendFailed:
            if guard.refused is not None:
                raise guard.refused from None
            raise


def _post(url: str, body: bytes, headers: dict[str, str]) -> bytes:
    sent = {"Content-Type": "application/json", "User-Agent": "servicedesk", **headers}
    try:
        with requests.post(
            url, data=body, headers=sent, timeout=PATIENCE_SECONDS, allow_redirects=False, stream=True
        ) as answer:
            said = answer.raw.read(ANSWER_BYTES, decode_content=True)
            status = answer.status_code
    except requests.exceptions.InvalidURL as error:
        raise SendFailed(f"the address is not understood: {type(error).__name__}", final=True) from error
    except (requests.RequestException, OSError, ValueError) as error:
        raise SendFailed(f"{type(error).__name__}") from error
    if 200 <= status < 300:
        return said
    raise SendFailed(f"answered {status}", final=300 <= status < 500 and status not in PASSES)
