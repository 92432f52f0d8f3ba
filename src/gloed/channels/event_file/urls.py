"""Addresses of this room."""

from django.urls import path

from gloed.channels.event_file import views

app_name = "event_file"
urlpatterns = [
    path("", views.home, name="home"),
    path("<uuid:file_id>/", views.detail, name="detail"),
    path("<uuid:file_id>/change/", views.change, name="change"),
]
