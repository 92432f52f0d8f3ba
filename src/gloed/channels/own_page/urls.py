"""Addresses of this room; the first is short, because it stands in mail headers."""

from django.urls import path

from gloed.channels.own_page import views

app_name = "own_page"
urlpatterns = [
    path("u/<str:token>/", views.leave, name="home"),
]
