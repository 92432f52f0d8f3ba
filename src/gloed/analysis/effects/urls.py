"""Addresses of the judgement of improvements."""

from django.urls import path

from gloed.analysis.effects import views

app_name = "effects"
urlpatterns = [
    path("", views.register, name="register"),
    path("of/<uuid:improvement_id>/", views.of_improvement, name="of_improvement"),
    path("of/<uuid:improvement_id>/plan/", views.plan, name="plan"),
    path("of/<uuid:improvement_id>/judge/", views.judge, name="judge"),
]
