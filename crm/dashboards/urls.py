from django.urls import path

from crm.dashboards import views
from crm.dashboards.fairness.views import fairness
from crm.dashboards.reports.views import board_file
from crm.dashboards.rules import rules

app_name = "dashboards"
urlpatterns = [
    path("", views.board, name="board"),
    path("leaving/", views.leaving, name="leaving"),
    path("file/", board_file, name="board-file"),
    path("behind/", views.behind, name="behind"),
    path("rules/", rules, name="rules"),
    path("fairness/", fairness, name="fairness"),
]
