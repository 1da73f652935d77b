"""The product's addresses and two trivial views: the floor that every page of the same server is compared with."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path

from crm.urls import urlpatterns as product


@login_not_required
def ping(request: HttpRequest) -> HttpResponse:
    """Nothing but the middleware: no session, no query."""
    return HttpResponse(b"pong")


@login_not_required
def select1(request: HttpRequest) -> HttpResponse:
    """The middleware and the shortest query there is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return HttpResponse(b"1")


urlpatterns = [path("bench/ping", ping), path("bench/select1", select1), *product]
