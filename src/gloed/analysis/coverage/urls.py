"""Addresses of coverage."""

from django.urls import path

from gloed.analysis.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.coverage, name="coverage"),
    path("figures/<slug:name>.<slug:ending>", views.figure, name="figure"),
    path("people/", views.tables, name="tables"),
    path("people/new/", views.new_table, name="new_table"),
    path("people/<uuid:table_id>/remove/", views.remove_table, name="remove_table"),
    path("people/<uuid:table_id>/use/", views.use_table, name="use_table"),
]
