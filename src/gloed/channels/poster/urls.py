"""Addresses of this room."""

from django.urls import path

from gloed.channels.poster import views

app_name = "poster"
urlpatterns = [
    path("posters/<uuid:survey_id>/", views.make, name="make"),
    path("posters/<uuid:survey_id>/poster.svg", views.picture, {"kind": "svg"}, name="svg"),
    path("posters/<uuid:survey_id>/poster.pdf", views.picture, {"kind": "pdf"}, name="pdf"),
]
