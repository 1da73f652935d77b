from django.urls import path

from interactions.views import complaints, handover, identities, log, policy, preferences, reminders, surveys, timeline

app_name = "interactions"
urlpatterns = [
    path("parked/", log.parked, name="parked"),
    path("<str:number>/log/", log.log, name="log"),
    path("<str:number>/log/check/", log.log_check, name="log-check"),
    path("<str:number>/draft/", log.draft, name="draft"),
    path("<str:number>/timeline/", timeline.timeline, name="timeline"),
    path("<str:number>/timeline/<slug:source>/<int:pk>/pin/", timeline.pin, name="timeline-pin"),
    path("<str:number>/timeline/<slug:source>/<int:pk>/unpin/", timeline.unpin, name="timeline-unpin"),
    path("<str:number>/promises/<int:pk>/kept/", timeline.promise_kept, name="promise-kept"),
    path("<str:number>/questions/<int:pk>/answered/", timeline.question_answered, name="question-answered"),
    path("<str:number>/next/", reminders.next_contact, name="next"),
    path("<str:number>/reminders/<int:pk>/done/", reminders.done, name="reminder-done"),
    path("<str:number>/reminders/<int:pk>/snooze/", reminders.snooze, name="reminder-snooze"),
    path("<str:number>/reminders/<int:pk>/dismiss/", reminders.dismiss, name="reminder-dismiss"),
    path("<str:number>/hand-over/", handover.hand_over, name="hand-over"),
    path("handed-over/<int:pk>/", handover.handed_over, name="handed-over"),
    path("unresolved/", identities.unresolved, name="unresolved"),
    path("unresolved/<int:pk>/", identities.attach, name="attach"),
    path("<str:number>/complaints/", complaints.complaints_panel, name="complaints"),
    path("<str:number>/complaints/new/", complaints.receive, name="complaint-receive"),
    path("<str:number>/complaints/<int:pk>/acknowledge/", complaints.acknowledge, name="complaint-acknowledge"),
    path("<str:number>/policy/", policy.policy_panel, name="policy"),
    path("<str:number>/policy/pause/", policy.pause, name="pause"),
    path("<str:number>/policy/pause/end/", policy.pause_end, name="pause-end"),
    path("<str:number>/policy/refuse/", policy.refuse, name="refuse"),
    path("<str:number>/policy/reopen/", policy.reopen, name="reopen"),
    path("<str:number>/policy/link/", preferences.preference_link, name="preference-link"),
    path("<str:number>/policy/link/make/", preferences.preference_link_make, name="preference-link-make"),
    path("<str:number>/policy/link/revoke/", preferences.preference_link_revoke, name="preference-link-revoke"),
    path("<str:number>/surveys/", surveys.surveys_panel, name="surveys"),
    path("<str:number>/surveys/invite/", surveys.survey_invite, name="survey-invite"),
]
