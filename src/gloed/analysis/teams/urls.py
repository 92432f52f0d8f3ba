"""Addresses of the teams."""

from django.urls import path

from gloed.analysis.teams import views

app_name = "teams"
urlpatterns = [
    path("", views.teams, name="teams"),
    path("teams.<slug:ending>", views.figure, name="figure"),
]
