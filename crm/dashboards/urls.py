from django.urls import path

from crm.dashboards import views
from crm.dashboards.fairness.views import fairness

app_name = "dashboards"
urlpatterns = [
    path("", views.board, name="board"),
    path("leaving/", views.leaving, name="leaving"),
    path("behind/", views.behind, name="behind"),
    path("fairness/", fairness, name="fairness"),
]
