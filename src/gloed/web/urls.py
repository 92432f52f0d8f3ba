"""Addresses of this room."""

from django.urls import URLPattern, path

from gloed.analysis.views.vega import vega_bundle
from gloed.web import views

app_name = "web"
urlpatterns: list[URLPattern] = [
    path("", views.today, name="today"),
    path("static-figures/vega.js", vega_bundle, name="vega"),
    path("look/", views.set_look, name="set_look"),
    path("styleguide", views.styleguide, name="styleguide"),
]
