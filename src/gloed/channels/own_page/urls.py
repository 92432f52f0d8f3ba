"""Addresses of this room; the first is short, because it stands in mail headers."""

from django.urls import path

from gloed.channels.own_page.views import own, requests

app_name = "own_page"
urlpatterns = [
    path("u/<str:token>/", own.home, name="home"),
    path("u/<str:token>/answers/<uuid:answer_id>/", own.answer, name="answer"),
    path("requests/", requests.request_list, name="requests"),
    path("requests/<uuid:request_id>/done/", requests.finish, name="finish"),
    path("requests/<uuid:request_id>/again/", requests.reopen, name="reopen"),
]
