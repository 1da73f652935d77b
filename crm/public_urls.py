"""Addresses of the public process: what customers reach by signed link. It knows nothing of the CRM's pages."""

from django.urls import path

from crm.public import views
from interactions.messaging.door import receipt

urlpatterns = [
    path("healthz", views.alive, name="healthz"),
    path("robots.txt", views.robots, name="robots"),
    path("s/<str:link>/", views.survey, name="survey"),
    path("p/<str:link>/", views.preferences, name="preferences"),
    path("p/<str:link>/code/", views.code, name="code"),
    path("receipts/messages/", receipt, name="message-receipt"),
]
handler404 = views.gone
handler500 = views.failed
