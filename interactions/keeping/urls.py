from django.urls import path

from interactions.keeping import views

app_name = "keeping"
urlpatterns = [
    path("", views.index, name="index"),
    path("<str:number>/", views.panel, name="panel"),
    path("<str:number>/<int:pk>/plan/", views.plan, name="plan"),
    path("<str:number>/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
]
