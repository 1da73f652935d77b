from django.urls import path

from crm.workspace.teams import coaching_views, views

app_name = "teams"
urlpatterns = [
    path("team/load/", views.workload, name="load"),
    path("team/split/", views.split_book, name="split"),
    path("team/transfers/", views.transfers, name="transfers"),
    path("team/transfers/<int:pk>/", views.transfer, name="transfer"),
    path("team/transfers/<int:pk>/undo/", views.transfer_undo, name="transfer-undo"),
    path("team/managers/<int:pk>/", coaching_views.manager, name="manager"),
    path("coaching/", coaching_views.mine, name="coaching"),
    path("coaching/today/", coaching_views.today, name="today"),
    path("coaching/about/<str:number>/", coaching_views.say, name="say"),
    path("coaching/<int:pk>/reply/", coaching_views.reply, name="reply"),
    path("coaching/<int:pk>/read/", coaching_views.read, name="read"),
]
