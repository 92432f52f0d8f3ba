"""Addresses of this room; the one that stands in mails is short."""

from django.urls import path

from gloed.channels.email import builder, public, sending, views

app_name = "email"
urlpatterns = [
    path("m/<str:token>/", public.unseen, name="unseen"),
    path("mail/events/<slug:provider>/", public.provider_events, name="events"),
    path("mail/sending/", sending.overview, name="sending"),
    path("mail/sending/warm-up/", sending.warm_up, name="warm_up"),
    path("mail/waves/<uuid:wave_id>/", sending.progress, name="progress"),
    path("mail/<uuid:survey_id>/", builder.build, name="words"),
    path("mail/<uuid:survey_id>/undo/", builder.undo, name="undo"),
    path("mail/<uuid:survey_id>/preview/<str:language>/", views.preview, name="preview"),
    path("mail/<uuid:survey_id>/test/", views.send_test, name="test"),
]
