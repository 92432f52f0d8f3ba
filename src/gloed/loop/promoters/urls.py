"""Addresses of promoters."""

from django.urls import URLPattern

app_name = "promoters"
urlpatterns: list[URLPattern] = []
