"""What our workers ask of kombu's Redis transport beyond what it does by itself (F4)."""

from kombu.transport import redis


class Credit(redis.QoS):
    """Counts the messages a worker holds; one it could not acknowledge is held no longer.

    Kombu forgets a message only when Redis has answered. A Redis that falls asleep between a task and its
    acknowledgement leaves the message counted for ever, and a worker that may hold one never asks for another: the
    driver under Celery stayed silent until somebody restarted it. In Redis the message is put back after the
    visibility timeout; tasks are doorbells, and a tick has expired by then.
    """

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge; whatever comes of it, the worker may take another message. Raises what the connection does."""
        try:
            super().ack(delivery_tag)
        except Exception:
            self._quick_ack(delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Reject, likewise."""
        try:
            super().reject(delivery_tag, requeue=requeue)
        except Exception:
            self._quick_ack(delivery_tag)
            raise


def install() -> None:
    """Have every channel of this process count so."""
    redis.Channel.QoS = Credit
