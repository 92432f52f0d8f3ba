"""Addresses of this room."""

from django.urls import path

from gloed.analysis.themes import views

app_name = "theme_reports"
urlpatterns = [path("<slug:key>/", views.segments, name="segments")]
