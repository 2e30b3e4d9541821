"""A stand-in for the product's Celery application, on the real broker."""

import os

from celery import Celery

app = Celery("standin", broker=os.environ["REDIS_URL"])
app.conf.beat_schedule = {}
