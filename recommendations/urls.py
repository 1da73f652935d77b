from django.urls import path

from recommendations import need_views, views
from recommendations.credit import views as credit

app_name = "recommendations"
urlpatterns = [
    path("", views.opportunity_list, name="list"),
    path("funnel/", need_views.funnel_page, name="funnel"),
    path("funnel/<slug:code>/<slug:outcome>/", need_views.funnel_behind, name="behind"),
    path("<str:number>/", views.panel, name="panel"),
    path("<str:number>/needs/", need_views.panel, name="needs"),
    path("<str:number>/needs/add/", need_views.add, name="need-add"),
    path("<str:number>/needs/<int:pk>/", need_views.decide, name="need-decide"),
    path("<str:number>/needs/<int:pk>/undo/", need_views.undo, name="need-undo"),
    path("<str:number>/why/", need_views.why, name="why"),
    path("<str:number>/investor/", need_views.investor, name="investor"),
    path("<str:number>/propose/<slug:code>/", need_views.propose, name="propose"),
    path("<str:number>/product/", views.blocked, name="blocked"),
    path("<str:number>/<int:pk>/answer/", views.answer, name="answer"),
    path("<str:number>/answers/<int:pk>/undo/", views.undo, name="undo"),
    path("<str:number>/answers/<int:pk>/detail/", views.detail, name="detail"),
    path("<str:number>/credit/", credit.panel, name="credit"),
    path("<str:number>/credit/ask/", credit.ask, name="credit-ask"),
    path("<str:number>/credit/<int:pk>/decide/", credit.decide, name="credit-decide"),
]
