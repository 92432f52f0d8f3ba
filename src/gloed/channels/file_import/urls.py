"""Addresses of this room."""

from django.urls import path

from gloed.channels.file_import import views

app_name = "file_import"
urlpatterns = [
    path("", views.import_list, name="list"),
    path("upload/", views.upload, name="upload"),
    path("<uuid:import_id>/", views.detail, name="detail"),
    path("<uuid:import_id>/progress/", views.progress, name="progress"),
    path("<uuid:import_id>/decide/", views.decide, name="decide"),
    path("<uuid:import_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:import_id>/undo/", views.undo, name="undo"),
    path("<uuid:import_id>/redo/", views.redo, name="redo"),
    path("<uuid:import_id>/retry/", views.retry, name="retry"),
    path("<uuid:import_id>/discard/", views.discard, name="discard"),
    path("<uuid:import_id>/file/delete/", views.delete_file, name="delete_file"),
    path("<uuid:import_id>/skipped.csv", views.skipped, name="skipped"),
]
