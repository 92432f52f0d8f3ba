"""The old API, and the pages about it."""

from django.urls import path, re_path

from gloed.integrations.delighted import pages, views

app_name = "delighted"
urlpatterns = [
    re_path(r"^delighted/v1/(?P<rest>(?s:.*))\Z", views.enter, name="door"),
    path("organisation/delighted/", pages.projects, name="projects"),
    path("organisation/delighted/<uuid:project_id>/", pages.project, name="project"),
    re_path(r"^r/(?P<code>[0-9a-f]{32})/?$", pages.permalink, name="permalink"),
]
