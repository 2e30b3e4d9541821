"""One GET to a monitor the operator named: its answer matters only as a yes."""

import logging

import requests

log = logging.getLogger(__name__)
PATIENCE_S = (3.0, 5.0)


def ask(url: str) -> bool:
    """Return whether `url` answered with success; no redirects, a few seconds of patience."""
    try:
        with requests.get(url, timeout=PATIENCE_S, allow_redirects=False, stream=True) as answer:
            return answer.ok
    except requests.RequestException as error:
        log.warning("the monitor was not reached: %s", type(error).__name__)
        return False
