"""Addresses of this room."""

from django.urls import URLPattern

app_name = "link"
urlpatterns: list[URLPattern] = []
