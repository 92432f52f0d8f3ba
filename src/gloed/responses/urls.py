"""Addresses of this room."""

from django.urls import path

from gloed.responses import views

app_name = "responses"
urlpatterns = [path("counts/", views.counts, name="counts")]
