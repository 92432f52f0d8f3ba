"""Addresses of this room."""

from django.urls import URLPattern, path

from gloed.channels.sample import views

app_name = "sample"
urlpatterns: list[URLPattern] = [
    path("", views.offer, name="offer"),
    path("load/", views.load, name="load"),
    path("progress/", views.progress, name="progress"),
    path("remove/", views.remove, name="remove"),
]
