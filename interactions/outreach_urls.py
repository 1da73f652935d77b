from django.urls import path

from interactions.views import outreach

app_name = "outreach"
urlpatterns = [
    path("", outreach.index, name="index"),
    path("new/", outreach.edit, name="new"),
    path("<int:pk>/", outreach.event_page, name="event"),
    path("<int:pk>/edit/", outreach.edit, name="edit"),
    path("<int:pk>/found/", outreach.candidates, name="candidates"),
    path("<int:pk>/invite/", outreach.invite, name="invite"),
    path("<int:pk>/guests/", outreach.guests, name="guests"),
    path("<int:pk>/guests/<int:invitation>/reply/", outreach.reply, name="reply"),
    path("<int:pk>/door/", outreach.door, name="door"),
    path("<int:pk>/door/<int:invitation>/", outreach.attend, name="attend"),
    path("<int:pk>/nameless/", outreach.nameless, name="nameless"),
    path("<int:pk>/state/", outreach.state, name="state"),
    path("<int:pk>/feedback/", outreach.feedback, name="feedback"),
    path("<int:pk>/effect/", outreach.effect_panel, name="effect"),
]
