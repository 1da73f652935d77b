from django.urls import path

from crm.dashboards import views

app_name = "dashboards"
urlpatterns = [
    path("", views.board, name="board"),
    path("behind/", views.behind, name="behind"),
]
