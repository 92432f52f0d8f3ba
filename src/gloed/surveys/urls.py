"""Addresses of this room."""

from django.urls import path

from gloed.surveys import views

app_name = "surveys"
urlpatterns = [
    path("", views.survey_list, name="list"),
    path("new/", views.create, name="create"),
    path("<uuid:survey_id>/", views.detail, name="detail"),
    path("<uuid:survey_id>/words/", views.edit, name="edit"),
    path("<uuid:survey_id>/state/", views.change_state, name="change_state"),
    path("<uuid:survey_id>/delete/", views.delete, name="delete"),
    path("<uuid:survey_id>/restore/", views.restore, name="restore"),
    path("<uuid:survey_id>/code.svg", views.qr_code, {"kind": "svg"}, name="qr_svg"),
    path("<uuid:survey_id>/code.png", views.qr_code, {"kind": "png"}, name="qr_png"),
]
