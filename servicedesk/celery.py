"""The Celery application. Tasks are doorbells: rows in PostgreSQL are the truth (escalation-engine design)."""

import os

from celery import Celery
from django.conf import settings

from servicedesk import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicedesk.settings")

broker.install()
app = Celery("servicedesk")
app.conf.update(settings.CELERY)
app.autodiscover_tasks(["escalation", "channels"])
