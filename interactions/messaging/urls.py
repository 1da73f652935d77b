from django.urls import path

from interactions.messaging import views

app_name = "messages"
urlpatterns = [
    path("", views.outbox_page, name="outbox"),
    path("<str:number>/", views.panel, name="panel"),
    path("<str:number>/write/", views.write, name="write"),
    path("<str:number>/<int:pk>/<slug:act>/", views.decide, name="decide"),
]
