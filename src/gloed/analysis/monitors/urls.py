"""Addresses of alarms."""

from django.urls import path

from gloed.analysis.monitors import views

app_name = "alarms"
urlpatterns = [
    path("", views.alarm_list, name="list"),
    path("new/", views.new, name="new"),
    path("promise/", views.promise, name="promise"),
    path("rung/<uuid:alarm_id>/", views.alarm, name="alarm"),
    path("rung/<uuid:alarm_id>/judge/", views.judge, name="judge"),
    path("<uuid:monitor_id>/", views.monitor, name="monitor"),
    path("<uuid:monitor_id>/run.csv", views.run_csv, name="run_csv"),
    path("<uuid:monitor_id>/pause/", views.pause, name="pause"),
    path("<uuid:monitor_id>/resume/", views.resume, name="resume"),
    path("<uuid:monitor_id>/delete/", views.delete, name="delete"),
    path("<uuid:monitor_id>/restore/", views.restore, name="restore"),
]
