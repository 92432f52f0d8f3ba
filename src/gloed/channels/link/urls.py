"""Addresses of this room: short, because they stand in mails and QR codes."""

from django.urls import path

from gloed.channels.link import views

app_name = "link"
urlpatterns = [
    path("preview/<uuid:survey_id>/", views.preview, name="preview"),
    path("<slug:slug>/", views.answer_page, name="answer"),
    path("<slug:slug>/<slug:token>/", views.answer_page, name="personal"),
]
