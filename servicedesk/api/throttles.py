"""600 requests a minute and token; every answer says what is left (`RateLimit-*`)."""

import time
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle


class TokenThrottle(SimpleRateThrottle):
    """Counts by user; people in the browser are counted too. When the cache is away nobody is throttled."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """One counter per signed-in user or token's account."""
        if request.user is None or not request.user.is_authenticated:
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.user.pk}

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request and remember for the headers what is left."""
        allowed = super().allow_request(request, view)
        if getattr(self, "history", None) is not None and self.num_requests:
            left = max(0, self.num_requests - len(self.history))
            oldest = self.history[-1] if self.history else time.time()
            reset = max(1, int(self.duration - (time.time() - oldest)))
            request._request.rate_limit = (self.num_requests, left, reset)
        return allowed


def add_headers(request: Request, response: Response) -> None:
    """Put `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds) on an answer."""
    limit = getattr(request._request, "rate_limit", None)
    if limit:
        (
            response.headers["RateLimit-Limit"],
            response.headers["RateLimit-Remaining"],
            response.headers["RateLimit-Reset"],
        ) = map(str, limit)
