"""A stand-in for the product's Celery application, on the real broker."""

import os

from celery import Celery

app = Celery("standin", broker=os.environ["REDIS_URL"], fixups=[])
app.conf.beat_schedule = {"mark": {"task": "mark", "schedule": 0.2, "options": {"queue": "esc"}}}


@app.task(name="mark")
def mark() -> None:
    """Leave a trace on the broker, so that a test sees beat, broker and worker work together."""
    app.connection().default_channel.client.rpush("marks", "seen")
