"""What Celery runs here: the work on a list that was brought in the browser."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from customers.importing.refusals import ImportBusyError
from customers.models import KeptRow, Upload, UploadState
from customers.uploading import running, undo

WAIT, MOST_WAITS = 5, 360  # seconds, times: half an hour behind another import
FILE_KEPT, RESULT_KEPT = timedelta(days=1), timedelta(days=7)


@shared_task(bind=True, max_retries=MOST_WAITS)
def check_list(self: Any, upload_id: int) -> None:
    try:
        running.check(upload_id)
    except ImportBusyError as busy:
        raise self.retry(exc=busy, countdown=WAIT) from busy


@shared_task(bind=True, max_retries=MOST_WAITS)
def import_list(self: Any, upload_id: int) -> None:
    try:
        running.bring_in(upload_id)
    except ImportBusyError as busy:
        raise self.retry(exc=busy, countdown=WAIT) from busy


@shared_task
def undo_list(upload_id: int) -> None:
    undo.take_back(upload_id)


@shared_task
def forget_lists() -> None:
    """Files that nobody imported go after a day, what an import left to look at and to undo after a week."""
    now = timezone.now()
    Upload.objects.filter(batch=None, changed_at__lt=now - FILE_KEPT).delete()
    old = Upload.objects.filter(changed_at__lt=now - RESULT_KEPT)
    KeptRow.objects.filter(upload__in=old).delete()
    old.filter(state__in=(UploadState.DONE, UploadState.UNDONE)).update(errors=None, found=None)
