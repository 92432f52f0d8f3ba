"""The addresses of log-in services. allauth finds the way to one and back without a room."""

from django.urls import path

from gloed.base.sso import saml_views, views

app_name = "sso"
urlpatterns = [
    path("", views.home, name="home"),
    path("add/", views.add, name="add"),
    path("<uuid:log_in_id>/", views.change, name="change"),
    path("<uuid:log_in_id>/restore/", views.restore, name="restore"),
    path("<uuid:log_in_id>/try/", saml_views.try_it, name="try"),
    path("<uuid:log_in_id>/do/<slug:act>/", views.act, name="act"),
]
account_urlpatterns = [
    path("with/<slug:provider_id>/", views.begin, name="openid_connect_login"),
    path("with/<slug:provider_id>/back/", views.back, name="openid_connect_callback"),
    path("with/<slug:provider_id>/answer/", saml_views.answer, name="saml_answer"),
    path("with/<slug:provider_id>/answered/", saml_views.answered, name="saml_answered"),
    path("with/<slug:provider_id>/metadata/", saml_views.about_us, name="saml_metadata"),
]
