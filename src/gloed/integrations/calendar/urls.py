"""The addresses of calendars."""

from django.urls import path

from gloed.integrations.calendar import views

app_name = "calendars"
urlpatterns = [
    path("calendars/", views.home, name="home"),
    path("calendar/<uuid:feed_id>/<str:token>.ics", views.feed, name="feed"),
]
