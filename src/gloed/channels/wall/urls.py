"""Addresses of the wall, and of the page on which a customer agrees."""

from django.urls import path

from gloed.channels.wall.views import asked, public, settings

app_name = "wall"
urlpatterns = [
    path("testimonials/wall/", settings.wall_settings, name="settings"),
    path("testimonials/wall/<uuid:testimonial_id>/move/", settings.move, name="move"),
    path("your-words/<str:token>/", asked.asked, name="asked"),
    path("customers-say/embed.js", public.embed, name="embed"),
    path("customers-say/<slug:slug>/", public.wall, name="public"),
    path("customers-say/<slug:slug>/feed.json", public.feed, name="feed"),
    path("customers-say/<slug:slug>/frame/", public.frame, name="frame"),
]
