"""Addresses of cases."""

from django.urls import path

from gloed.loop.cases.views import cards, doing, elsewhere, results, routes, rules, settings

app_name = "cases"
urlpatterns = [
    path("", cards.case_list, name="list"),
    path("today/", elsewhere.today, name="today"),
    path("results/", results.results, name="results"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/begin/", rules.rules_begin, name="rules_begin"),
    path("rules/new/", rules.rule_edit, name="rule_new"),
    path("rules/<uuid:rule_id>/", rules.rule, name="rule"),
    path("rules/<uuid:rule_id>/edit/", rules.rule_edit, name="rule_edit"),
    path("rules/<uuid:rule_id>/preview/", rules.rule_preview, name="rule_preview"),
    path("rules/<uuid:rule_id>/change/", rules.rule_change, name="rule_change"),
    path("rules/<uuid:rule_id>/undo/", rules.rule_undo, name="rule_undo"),
    path("routes/", routes.route_list, name="routes"),
    path("routes/new/", routes.route_edit, name="route_new"),
    path("routes/<uuid:route_id>/", routes.route_edit, name="route_edit"),
    path("routes/<uuid:route_id>/change/", routes.route_change, name="route_change"),
    path("routes/<uuid:route_id>/undo/", routes.route_undo, name="route_undo"),
    path("absences/", routes.absences, name="absences"),
    path("absences/<uuid:absence_id>/delete/", routes.absence_delete, name="absence_delete"),
    path("settings/", settings.settings, name="settings"),
    path("settings/room/", settings.room, name="room"),
    path("settings/causes/", settings.cause_add, name="cause_add"),
    path("settings/causes/<uuid:cause_id>/", settings.cause_change, name="cause_change"),
    path("settings/causes/<uuid:cause_id>/undo/", settings.cause_undo, name="cause_undo"),
    path("of-answer/<uuid:answer_id>/", elsewhere.of_answer, name="of_answer"),
    path("of-answer/<uuid:answer_id>/open/", elsewhere.open_one, name="open"),
    path("of-person/<uuid:person_id>/", elsewhere.of_person, name="of_person"),
    path("<uuid:case_id>/", cards.case_card, name="card"),
    path("<uuid:case_id>/edit/", doing.edit, name="edit"),
    path("<uuid:case_id>/note/", doing.note, name="note"),
    path("<uuid:case_id>/call/", doing.call, name="call"),
    path("<uuid:case_id>/contacted/", doing.contacted, name="contacted"),
    path("<uuid:case_id>/gesture/", doing.gesture, name="gesture"),
    path("<uuid:case_id>/no-room/", doing.no_room, name="no_room"),
    path("<uuid:case_id>/task/", doing.task, name="task"),
    path("<uuid:case_id>/tasks/<uuid:task_id>/", doing.task_done, name="task_done"),
    path("<uuid:case_id>/assign/", doing.assign, name="assign"),
    path("<uuid:case_id>/priority/", doing.priority, name="priority"),
    path("<uuid:case_id>/close/", doing.close, name="close"),
    path("<uuid:case_id>/reopen/", doing.reopen, name="reopen"),
]
