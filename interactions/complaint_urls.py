from django.urls import path

from interactions.views import cases

app_name = "complaints"
urlpatterns = [
    path("", cases.case_list, name="list"),
    path("<str:number>/", cases.case_page, name="case"),
    path("<str:number>/acknowledge/", cases.acknowledge, name="acknowledge"),
    *(path(f"<str:number>/{name}/", cases.act, {"act": name}, name=name) for name in cases.ACTS),
]
