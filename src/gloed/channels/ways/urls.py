"""Addresses of this room."""

from django.urls import path

from gloed.channels.ways import views

app_name = "ways"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("<uuid:survey_id>/", views.of_survey, name="survey"),
]
