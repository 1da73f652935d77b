from django.urls import path

from customers import views

app_name = "customers"
urlpatterns = [
    path("", views.people.customer_list, name="list"),
    path("walk-in/", views.people.walk_in, name="walk-in"),
    path("warnings/", views.warnings.warning_list, name="warnings"),
    path("cases/", views.cases.case_list, name="cases"),
    path("cases/<int:pk>/", views.cases.case_page, name="case"),
    path("<str:number>/holdings/", views.money.holdings_panel, name="holdings"),
    path("<str:number>/movements/", views.money.movements_panel, name="movements"),
    path("<str:number>/segment/", views.money.segment_panel, name="segment"),
    path("<str:number>/warnings/", views.warnings.warnings_panel, name="customer-warnings"),
    path("<str:number>/warnings/<int:pk>/", views.warnings.warning_note, name="warning-note"),
    path("<str:number>/profile/", views.people.profile_panel, name="profile"),
    path("<str:number>/profile/<slug:name>/", views.people.profile_field, name="profile-field"),
    path("<str:number>/household/", views.family.household_panel, name="household"),
    path("<str:number>/household/relation/", views.family.relation_add, name="relation-add"),
    path("<str:number>/household/relation/<int:pk>/remove/", views.family.relation_remove, name="relation-remove"),
    path("<str:number>/household/group/", views.family.group_add, name="group-add"),
    path("<str:number>/household/group/<int:pk>/main/", views.family.group_main, name="group-main"),
    path("<str:number>/household/group/<int:pk>/leave/", views.family.group_leave, name="group-leave"),
    path("<str:number>/life/", views.life.life_panel, name="life"),
    path("<str:number>/life/add/", views.life.life_add, name="life-add"),
    path("<str:number>/life/<int:pk>/", views.life.life_decide, name="life-decide"),
    path("<str:number>/learning/", views.life.learning_panel, name="learning"),
    path("<str:number>/learning/answer/", views.life.learning_answer, name="learning-answer"),
    path("<str:number>/reveal/<slug:name>/", views.people.reveal_identifier, name="reveal"),
    path("<str:number>/consents/", views.people.consent_panel, name="consents"),
    path("<str:number>/consents/answer/", views.people.consent_answer, name="consent-answer"),
    path("<str:number>/looks/", views.people.looks_panel, name="looks"),
    path("<str:number>/sharing/", views.people.sharing_panel, name="sharing"),
    path("<str:number>/sharing/<int:pk>/end/", views.people.share_end, name="share-end"),
]
