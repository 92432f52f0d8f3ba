"""Addresses of this room: the respondent's (short, it stands in mail headers) and colleagues'."""

from django.urls import path

from gloed.channels.email import leaving, views

app_name = "email"
urlpatterns = [
    path("u/<str:token>/", leaving.leave, name="leave"),
    path("mail/<uuid:survey_id>/", views.words, name="words"),
    path("mail/<uuid:survey_id>/preview/<str:language>/", views.preview, name="preview"),
    path("mail/<uuid:survey_id>/test/", views.send_test, name="test"),
]
