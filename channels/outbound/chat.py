"""Chat by apprise. Hook addresses are set by administrators only and hold secrets: they are never logged."""

from urllib.parse import urlsplit

import apprise

from channels.failures import SendFailed
from channels.outbound.egress import only_public, require_public
from channels.outbound.letter import ChatLine

SCHEMAS = frozenset(
    {"slack", "msteams", "workflow", "workflows", "matrix", "matrixs", "mmost", "mmosts", "rocket", "rockets", "gchat",
     "discord", "json", "jsons"}
)  # fmt: skip
OWN_HOST = frozenset({"json", "jsons", "matrix", "matrixs", "mmost", "mmosts", "rocket", "rockets"})


class Chat:
    """Sends one line to one hook. Blocking, at most 15 s; never in a request."""

    def send(self, line: ChatLine) -> str:
        """Hand one line over. Raises SendFailed: final for a hook we may not or cannot use."""
        schema = urlsplit(line.url).scheme.lower()
        if schema not in SCHEMAS:
            raise SendFailed("this kind of chat hook is not allowed", final=True)
        asset = apprise.AppriseAsset(app_id="Service desk", http_redirects=False, async_mode=False)
        hook = apprise.Apprise.instantiate(line.url, asset=asset, suppress_exceptions=True)
        if hook is None:
            raise SendFailed("the chat hook's address is not understood", final=True)
        if schema in OWN_HOST:
            require_public(hook.host, hook.port)
        hook.redirects = False
        hook.socket_connect_timeout, hook.socket_read_timeout = 5.0, 10.0
        with only_public() as guard:
            try:
                taken = hook.notify(body=line.body, title=line.title)
            except Exception as error:  # plugins raise what they like
                raise SendFailed(f"chat: {type(error).__name__}") from error
        if guard.refused is not None:
            raise guard.refused
        if not taken:
            raise SendFailed("the chat service did not take the message")
        return line.message_id

    def close(self) -> None:
        """Nothing is kept open."""
