from django.urls import path

from interactions.views import log, timeline

app_name = "interactions"
urlpatterns = [
    path("parked/", log.parked, name="parked"),
    path("<str:number>/log/", log.log, name="log"),
    path("<str:number>/draft/", log.draft, name="draft"),
    path("<str:number>/timeline/", timeline.timeline, name="timeline"),
    path("<str:number>/promises/<int:pk>/kept/", timeline.promise_kept, name="promise-kept"),
    path("<str:number>/questions/<int:pk>/answered/", timeline.question_answered, name="question-answered"),
]
