"""Addresses of drivers."""

from django.urls import path

from gloed.analysis.drivers import views

app_name = "drivers"
urlpatterns = [
    path("", views.drivers, name="drivers"),
    path("figures/<slug:name>.<slug:ending>", views.figure, name="figure"),
]
