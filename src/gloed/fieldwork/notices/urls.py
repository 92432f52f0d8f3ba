"""Addresses of messages that ask nothing."""

from django.urls import path

from gloed.fieldwork.notices import views

app_name = "notices"
urlpatterns = [path("", views.notice_list, name="list")]
