"""The addresses of taking along."""

from django.urls import path

from gloed.integrations.exports import views

app_name = "exports"
urlpatterns = [
    path("", views.home, name="home"),
    path("progress/", views.progress, name="progress"),
    path("archive/", views.ask_archive, name="ask_archive"),
    path("archive/<uuid:file_id>/", views.archive_file, name="archive_file"),
    path("archive/<uuid:file_id>/delete/", views.delete_archive, name="delete_archive"),
    path("table/", views.ask_table, name="ask_table"),
    path("table/<uuid:file_id>/", views.table_file, name="table_file"),
    path("table/<uuid:file_id>/delete/", views.delete_table, name="delete_table"),
    path("bring-in/", views.take_archive, name="bring_in"),
]
