"""Addresses of the public process: what customers reach by signed link. It knows nothing of the CRM's pages."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from interactions.messaging.door import receipt


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("healthz", alive, name="healthz"),
    path("receipts/messages/", receipt, name="message-receipt"),
]
