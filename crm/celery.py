"""The Celery application: what the workers run, and when beat starts it."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("zhike")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "audit-partitions": {
        "task": "crm.audit.tasks.create_partitions",
        "schedule": crontab(hour="0", minute="20"),
    },
    "night": {
        "task": "crm.nightly.tasks.start",
        "schedule": crontab(hour="1", minute="0"),
    },
    "night-watch": {
        "task": "crm.nightly.tasks.watch",
        "schedule": crontab(),
    },
    "daily-mails": {  # twice: the second sends what a failed server or a dead worker left
        "task": "crm.workspace.tasks.daily_mails",
        "schedule": crontab(hour="7", minute="30,50"),
    },
    "forgotten-lists": {
        "task": "customers.tasks.forget_lists",
        "schedule": crontab(minute="40"),
    },
    "messages": {
        "task": "interactions.tasks.send_messages",
        "schedule": crontab(),
    },
    "expired-sessions": {
        "task": "crm.staff.tasks.clear_expired_sessions",
        "schedule": crontab(hour="0", minute="30"),
    },
}
