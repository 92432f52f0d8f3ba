"""Addresses of the leak meter."""

from django.urls import path

from gloed.loop.leaks import views

app_name = "leaks"
urlpatterns = [
    path("", views.leak_meter, name="meter"),
    path("numbers.csv", views.meter_csv, name="csv"),
    path("list/", views.step_list, name="list"),
]
