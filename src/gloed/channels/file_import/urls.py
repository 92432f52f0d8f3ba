"""Addresses of this room."""

from django.urls import URLPattern

app_name = "file_import"
urlpatterns: list[URLPattern] = []
