from django.urls import path

from recommendations import views
from recommendations.credit import views as credit

app_name = "recommendations"
urlpatterns = [
    path("", views.opportunity_list, name="list"),
    path("<str:number>/", views.panel, name="panel"),
    path("<str:number>/product/", views.blocked, name="blocked"),
    path("<str:number>/<int:pk>/answer/", views.answer, name="answer"),
    path("<str:number>/answers/<int:pk>/undo/", views.undo, name="undo"),
    path("<str:number>/answers/<int:pk>/detail/", views.detail, name="detail"),
    path("<str:number>/credit/", credit.panel, name="credit"),
    path("<str:number>/credit/ask/", credit.ask, name="credit-ask"),
    path("<str:number>/credit/<int:pk>/decide/", credit.decide, name="credit-decide"),
]
