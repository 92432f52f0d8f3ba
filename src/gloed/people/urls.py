"""Addresses of this room."""

from django.urls import path

from gloed.people import views

app_name = "people"
urlpatterns = [
    path("", views.person_list, name="list"),
    path("<uuid:person_id>/", views.detail, name="detail"),
    path("<uuid:person_id>/opt-out/", views.opt_out, name="opt_out"),
    path("<uuid:person_id>/ask-again/<slug:reason>/", views.lift, name="lift"),
]
