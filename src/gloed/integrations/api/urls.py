"""The addresses of the API."""

from django.urls import path, re_path

from gloed.integrations.api import door

app_name = "api"
urlpatterns = [
    path("api/", door.manual, name="manual"),
    path("api/problems/", door.problems, name="problems"),
    path("api/openapi.json", door.openapi, name="openapi"),
    re_path(r"^api/v1/(?P<rest>(?s:.*))\Z", door.enter, name="door"),
]
