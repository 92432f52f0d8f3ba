"""Addresses of the brief."""

from django.urls import path

from gloed.analysis.briefs import views

app_name = "briefs"
urlpatterns = [
    path("", views.brief_list, name="list"),
    path("new/", views.new, name="new"),
    path("preview/", views.preview, name="preview"),
    path("test/", views.test, name="test"),
    path("<uuid:subscription_id>/edit/", views.edit, name="edit"),
    path("<uuid:subscription_id>/end/", views.end, name="end"),
    path("<uuid:subscription_id>/resume/", views.resume, name="resume"),
    path("read/<uuid:brief_id>/", views.brief, name="brief"),
    path("read/<uuid:brief_id>.pdf", views.brief_pdf, name="pdf"),
    path("read/<uuid:brief_id>/again/", views.again, name="again"),
    path("leave/<str:token>/", views.leave, name="leave"),
]
