"""Addresses of benchmarks."""

from django.urls import path

from gloed.analysis.benchmarks import views

app_name = "benchmarks"
urlpatterns = [
    path("", views.benchmarks, name="list"),
    path("history.csv", views.history_csv, name="history_csv"),
    path("place/", views.place, name="place"),
    path("new/", views.new, name="new"),
    path("upload/", views.upload, name="upload"),
    path("batch/<uuid:batch>/remove/", views.remove_batch, name="remove_batch"),
    path("<uuid:benchmark_id>/remove/", views.remove, name="remove"),
    path("<uuid:benchmark_id>/restore/", views.restore, name="restore"),
]
