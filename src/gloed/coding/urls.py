"""Addresses of this room."""

app_name = "coding"
urlpatterns: list[object] = []
