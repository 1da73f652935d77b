from django.urls import path

from interactions.views import complaints, hand_over, identities, log, plans, policy, reminders, timeline

app_name = "interactions"
urlpatterns = [
    path("hand-over/", hand_over.hand_over, name="hand-over"),
    path("parked/", log.parked, name="parked"),
    path("<str:number>/log/", log.log, name="log"),
    path("<str:number>/draft/", log.draft, name="draft"),
    path("<str:number>/timeline/", timeline.timeline, name="timeline"),
    path("<str:number>/promises/<int:pk>/kept/", timeline.promise_kept, name="promise-kept"),
    path("<str:number>/questions/<int:pk>/answered/", timeline.question_answered, name="question-answered"),
    path("<str:number>/next/", reminders.next_contact, name="next"),
    path("<str:number>/reminders/<int:pk>/done/", reminders.done, name="reminder-done"),
    path("<str:number>/reminders/<int:pk>/snooze/", reminders.snooze, name="reminder-snooze"),
    path("<str:number>/reminders/<int:pk>/dismiss/", reminders.dismiss, name="reminder-dismiss"),
    path("<str:number>/reminders/", plans.panel, name="reminders"),
    path("<str:number>/reminders/new/", plans.add, name="reminder-add"),
    path("<str:number>/reminders/<int:pk>/take/", plans.take, name="reminder-take"),
    path("<str:number>/reminders/<int:pk>/give-back/", plans.give_back, name="reminder-give-back"),
    path("<str:number>/series/<int:pk>/stop/", plans.stop, name="series-stop"),
    path("unresolved/", identities.unresolved, name="unresolved"),
    path("unresolved/<int:pk>/", identities.attach, name="attach"),
    path("<str:number>/complaints/", complaints.complaints_panel, name="complaints"),
    path("<str:number>/complaints/new/", complaints.receive, name="complaint-receive"),
    path("<str:number>/complaints/<int:pk>/close/", complaints.close, name="complaint-close"),
    path("<str:number>/complaints/<int:pk>/extend/", complaints.extend, name="complaint-extend"),
    path("<str:number>/complaints/<int:pk>/acknowledge/", complaints.acknowledge, name="complaint-acknowledge"),
    path("<str:number>/policy/", policy.policy_panel, name="policy"),
    path("<str:number>/policy/pause/", policy.pause, name="pause"),
    path("<str:number>/policy/pause/end/", policy.pause_end, name="pause-end"),
    path("<str:number>/policy/refuse/", policy.refuse, name="refuse"),
    path("<str:number>/policy/reopen/", policy.reopen, name="reopen"),
]
