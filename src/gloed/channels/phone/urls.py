"""Addresses of this room."""

from django.urls import path

from gloed.channels.phone import views

app_name = "phone"
urlpatterns = [
    path("", views.home, name="home"),
    path("survey/<uuid:survey_id>/", views.survey, name="survey"),
    path("list/<uuid:wave_id>/next/", views.next_person, name="next"),
    path("call/<uuid:survey_id>/<uuid:person_id>/", views.call_person, name="call_person"),
    path("new/<uuid:survey_id>/", views.new_person, name="new_person"),
    path("<uuid:call_id>/", views.sheet, name="sheet"),
    path("<uuid:call_id>/dial/", views.dial, name="dial"),
    path("<uuid:call_id>/became/", views.became, name="became"),
]
