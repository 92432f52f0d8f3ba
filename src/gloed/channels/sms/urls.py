"""Addresses of this room; those in messages are as short as can be."""

from django.urls import path

from gloed.channels.sms.views import public, settings, words

app_name = "sms"
urlpatterns = [
    path("q/<str:code>", public.survey_link, name="survey_link"),
    path("x/<str:code>", public.stop_link, name="stop_link"),
    path("texts/in/<uuid:provider_id>/<str:secret>/", public.replies, name="replies"),
    path("texts/", settings.settings_page, name="settings"),
    path("texts/providers/", settings.add, name="add"),
    path("texts/hours/", settings.hours, name="hours"),
    path("texts/providers/<uuid:provider_id>/test/", settings.test, name="test"),
    path("texts/providers/<uuid:provider_id>/choose/", settings.choose, name="choose"),
    path("texts/providers/<uuid:provider_id>/remove/", settings.remove, name="remove"),
    path("texts/providers/<uuid:provider_id>/restore/", settings.restore, name="restore"),
    path("texts/providers/<uuid:provider_id>/renew/", settings.renew, name="renew"),
    path("texts/<uuid:survey_id>/", words.survey_words, name="survey"),
]
