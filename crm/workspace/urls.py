from django.urls import path

from crm.workspace import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views.search, name="search"),
    path("customers/<str:number>/", views.customer_page, name="customer"),
    path("customers/<str:number>/header/", views.header_panel, name="customer-header"),
    path("customers/<str:number>/brief/", views.brief_panel, name="brief"),
    path("healthz", health.healthz, name="healthz"),
]
