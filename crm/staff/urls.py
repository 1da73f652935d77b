from django.urls import path

from crm.staff import views

urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign-in"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("password/", views.change_password, name="change-password"),
    path("language/", views.set_language, name="set-language"),
    path("notices/", views.notices, name="notices"),
    path("team/", views.team, name="team"),
    path("team/cover/<int:pk>/end/", views.cover_end, name="cover-end"),
]
