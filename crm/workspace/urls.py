from django.urls import include, path

from crm.workspace import health, list_views, my_settings, today_views, views
from crm.workspace.console import views as console_views
from crm.workspace.first_start import views as first_start_views
from crm.workspace.guide import views as guide_views
from crm.workspace.since import views as since_views
from crm.workspace.walking import views as walking_views

urlpatterns = [
    path("", views.home, name="home"),
    path("today/", today_views.today, name="today"),
    path("today/figures/", today_views.figures, name="today-figures"),
    path("today/news/", today_views.news, name="today-news"),
    path("today/count/", today_views.to_do, name="today-count"),
    path("today/many/", today_views.many, name="today-many"),
    path("today/rows/<str:number>/", today_views.row, name="today-row"),
    path("help/<slug:topic>/", guide_views.help_page, name="help"),
    path("tour/", guide_views.tour, name="tour"),
    path("settings/", my_settings.my_settings, name="my-settings"),
    path("", include("crm.workspace.teams.urls")),
    path("search/", views.search, name="search"),
    path("customers/bulk/", list_views.bulk_action, name="bulk"),
    path("customers/<str:number>/", views.customer_page, name="customer"),
    path("customers/<str:number>/timeline/", views.timeline_page, name="timeline"),
    path("customers/<str:number>/header/", views.header_panel, name="customer-header"),
    path("customers/<str:number>/since/", since_views.since, name="since"),
    path("customers/<str:number>/walk/", walking_views.walk, name="walk"),
    path("customers/<str:number>/brief/", views.brief_panel, name="brief"),
    path("customers/<str:number>/handoff/", views.handoff_panel, name="handoff"),
    path("customers/<str:number>/next-cell/", list_views.next_cell, name="next-cell"),
    path("customers/<str:number>/known/", list_views.known, name="known"),
    path("console/", console_views.console, name="console"),
    path("console/health/", console_views.health, name="console-health"),
    path("console/audit/", console_views.audit, name="audit-search"),
    path("console/audit/export/", console_views.audit_export, name="audit-export"),
    path("start/", first_start_views.first_start, name="first-start"),
    path("start/people/", first_start_views.first_people, name="first-people"),
    path("start/people/sheet/", first_start_views.first_template, name="first-template"),
    path("healthz", health.healthz, name="healthz"),
]
