"""The one sender of both outboxes (decisions 17). Called by the workers, by the sweep and in-process by the engine."""

from channels.letters import send_outbox
from channels.pages import send_notifications

__all__ = ["send_notifications", "send_outbox"]
