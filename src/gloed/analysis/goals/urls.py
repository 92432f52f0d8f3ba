"""Addresses of goals."""

from django.urls import path

from gloed.analysis.goals import views

app_name = "goals"
urlpatterns = [
    path("", views.goal_list, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:goal_id>/", views.detail, name="detail"),
    path("<uuid:goal_id>/course.<slug:ending>", views.figure, name="figure"),
    path("<uuid:goal_id>/change/", views.change, name="change"),
    path("<uuid:goal_id>/remove/", views.remove, name="remove"),
    path("<uuid:goal_id>/restore/", views.restore, name="restore"),
]
