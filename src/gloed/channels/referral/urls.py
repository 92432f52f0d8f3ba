"""Addresses for promoters and their friends."""

from django.urls import path

from gloed.channels.referral import views

app_name = "referral"
urlpatterns = [
    path("r/<str:slug>/", views.landing, name="landing"),
    path("helping/<str:token>/", views.own, name="own"),
    path("helping/with/<str:token>/", views.from_thanks, name="from_thanks"),
]
