from django.urls import path

from customers import views

app_name = "customers"
urlpatterns = [
    path("", views.customer_list, name="list"),
    path("walk-in/", views.walk_in, name="walk-in"),
    path("<str:number>/profile/", views.profile_panel, name="profile"),
    path("<str:number>/profile/<slug:name>/", views.profile_field, name="profile-field"),
    path("<str:number>/reveal/<slug:name>/", views.reveal_identifier, name="reveal"),
    path("<str:number>/consents/", views.consent_panel, name="consents"),
    path("<str:number>/consents/answer/", views.consent_answer, name="consent-answer"),
    path("<str:number>/looks/", views.looks_panel, name="looks"),
    path("<str:number>/sharing/", views.sharing_panel, name="sharing"),
    path("<str:number>/sharing/<int:pk>/end/", views.share_end, name="share-end"),
]
