"""Addresses of this room."""

from django.urls import path

from gloed.channels.email import views

app_name = "email"
urlpatterns = [
    path("mail/<uuid:survey_id>/", views.words, name="words"),
    path("mail/<uuid:survey_id>/preview/<str:language>/", views.preview, name="preview"),
    path("mail/<uuid:survey_id>/test/", views.send_test, name="test"),
]
