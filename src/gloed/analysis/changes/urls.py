"""Addresses of what changed."""

from django.urls import path

from gloed.analysis.changes import views

app_name = "changes"
urlpatterns = [
    path("", views.changes, name="changes"),
    path("<slug:name>.csv", views.figure_csv, name="figure_csv"),
    path("<slug:name>.svg", views.figure_svg, name="figure_svg"),
]
