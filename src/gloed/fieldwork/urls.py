"""Addresses of this room."""

from django.urls import path

from gloed.fieldwork.views import (
    events,
    exemptions,
    ledger,
    people,
    policy,
    series,
    triggers,
    waves,
)

app_name = "fieldwork"
urlpatterns = [
    path("", waves.wave_list, name="waves"),
    path("plan/", waves.plan, name="plan"),
    path("plan/count/", waves.segment_count, name="segment_count"),
    path("series/<uuid:series_id>/", series.series, name="series"),
    path("series/<uuid:series_id>/plan/", waves.series_replan, name="series_replan"),
    path("series/<uuid:series_id>/today/", series.series_today, name="series_today"),
    path("series/<uuid:series_id>/change/", series.series_change, name="series_change"),
    path("triggers/", triggers.trigger_list, name="triggers"),
    path("triggers/new/", triggers.trigger_edit, name="trigger_new"),
    path("triggers/events/", events.event_list, name="events"),
    path("triggers/<uuid:trigger_id>/", triggers.trigger, name="trigger"),
    path("triggers/<uuid:trigger_id>/edit/", triggers.trigger_edit, name="trigger_edit"),
    path("triggers/<uuid:trigger_id>/preview/", triggers.trigger_preview, name="trigger_preview"),
    path("triggers/<uuid:trigger_id>/try/", triggers.trigger_try, name="trigger_try"),
    path("triggers/<uuid:trigger_id>/change/", triggers.trigger_change, name="trigger_change"),
    path("ledger/", ledger.lines, name="ledger"),
    path("ledger.csv", ledger.lines_csv, name="ledger_csv"),
    path("of/<uuid:person_id>/", people.asks_of_person, name="of_person"),
    path("policy/", policy.policy, name="policy"),
    path("policy/today/", policy.today, name="policy_today"),
    path("policy/try/", policy.try_person, name="try_person"),
    path("policy/exceptions/new/", exemptions.exemption_edit, name="exemption_new"),
    path("policy/exceptions/count/", exemptions.exemption_count, name="exemption_count"),
    path(
        "policy/exceptions/<uuid:exemption_id>/", exemptions.exemption_edit, name="exemption_edit"
    ),
    path(
        "policy/exceptions/<uuid:exemption_id>/change/",
        exemptions.exemption_change,
        name="exemption_change",
    ),
    path("<uuid:wave_id>/", waves.wave, name="wave"),
    path("<uuid:wave_id>/plan/", waves.plan, name="replan"),
    path("<uuid:wave_id>/change/", waves.change, name="change"),
    path("<uuid:wave_id>/links.csv", waves.links_csv, name="links_csv"),
]
