"""The one sender of both outboxes (decisions 17). Called by the workers, by the sweep and in-process by the engine."""

from channels import letters, pages
from channels.lanes import Lanes
from channels.letters import send_outbox
from channels.outbound import web
from channels.pages import send_notifications
from channels.providers import is_off

__all__ = ["send_due", "send_notifications", "send_outbox"]


def send_due(limit: int) -> int:
    """Send up to `limit` due pages and letters, pages first; a slow domain delays neither. Returns how many were taken.

    Sends nothing while `settings.OUTBOUND` is off.
    """
    if is_off():
        return 0
    handed = web.hand_over_all()
    with Lanes() as lanes:
        return handed + lanes.each(limit, lambda: pages.claim(lanes) or letters.claim(lanes))
