"""Addresses of this room."""

from django.urls import URLPattern, path

from gloed.web import views

app_name = "web"
urlpatterns: list[URLPattern] = [
    path("", views.today, name="today"),
    path("look/", views.set_look, name="set_look"),
    path("styleguide", views.styleguide, name="styleguide"),
]
