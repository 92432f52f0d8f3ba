"""Addresses of this room."""

from django.urls import URLPattern

app_name = "base"
urlpatterns: list[URLPattern] = []
