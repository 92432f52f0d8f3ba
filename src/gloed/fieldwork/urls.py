"""Addresses of this room."""

from django.urls import path

from gloed.fieldwork.views import ledger, policy, waves

app_name = "fieldwork"
urlpatterns = [
    path("", waves.wave_list, name="waves"),
    path("plan/", waves.plan, name="plan"),
    path("plan/count/", waves.segment_count, name="segment_count"),
    path("ledger/", ledger.lines, name="ledger"),
    path("ledger.csv", ledger.lines_csv, name="ledger_csv"),
    path("policy/", policy.policy, name="policy"),
    path("policy/today/", policy.today, name="policy_today"),
    path("<uuid:wave_id>/", waves.wave, name="wave"),
    path("<uuid:wave_id>/plan/", waves.plan, name="replan"),
    path("<uuid:wave_id>/change/", waves.change, name="change"),
    path("<uuid:wave_id>/links.csv", waves.links_csv, name="links_csv"),
]
