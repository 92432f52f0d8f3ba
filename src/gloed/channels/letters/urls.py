"""Addresses of this room; those in mails are short."""

from django.urls import path

from gloed.channels.letters import public, views

app_name = "letterbox"
urlpatterns = [
    path("l/<str:token>/", public.solved, name="solved"),
    path("l/<str:token>/stop/", public.stop, name="stop"),
    path("mail/answers/<slug:provider>/", public.provider_posts, name="posts"),
    path("mailbox/", views.mailbox, name="settings"),
    path("mailbox/remove/", views.remove, name="remove"),
    path("mailbox/restore/", views.restore, name="restore"),
]
