"""The app's settings with the toy steps that the environment names: for worker processes that a test kills."""

import os

from crm.settings import *  # noqa: F403 - all of them, with another night

NIGHT_STEPS = [f"tests.nightly.steps.{name}" for name in os.environ["TOY_STEPS"].split()]
NIGHT_WORKLIST = ["tests.nightly.steps.COUNTING"]
NIGHT_CLEANUP = NIGHT_ASIDE = []
NIGHT_CHUNK = 50
CELERY_TASK_DEFAULT_QUEUE = "toys"
