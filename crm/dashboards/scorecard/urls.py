from django.urls import path

from crm.dashboards.scorecard import views

app_name = "scorecard"
urlpatterns = [
    path("my-score/", views.mine, name="mine"),
    path("scores/", views.team, name="team"),
    path("scores/<str:number>/", views.of, name="of"),
    path("scores/objections/<int:pk>/", views.decide, name="decide"),
]
