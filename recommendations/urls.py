from django.urls import path

from recommendations import views

app_name = "recommendations"
urlpatterns = [
    path("", views.opportunity_list, name="list"),
    path("<str:number>/", views.panel, name="panel"),
    path("<str:number>/product/", views.blocked, name="blocked"),
    path("<str:number>/<int:pk>/answer/", views.answer, name="answer"),
    path("<str:number>/answers/<int:pk>/undo/", views.undo, name="undo"),
    path("<str:number>/answers/<int:pk>/detail/", views.detail, name="detail"),
]
