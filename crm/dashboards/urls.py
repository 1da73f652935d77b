from django.urls import path

from crm.dashboards import views
from crm.dashboards.fairness.views import fairness
from crm.dashboards.reports.views import board_file

app_name = "dashboards"
urlpatterns = [
    path("", views.board, name="board"),
    path("file/", board_file, name="board-file"),
    path("behind/", views.behind, name="behind"),
    path("fairness/", fairness, name="fairness"),
]
