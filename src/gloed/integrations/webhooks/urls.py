"""The addresses of webhooks."""

from django.urls import path

from gloed.integrations.webhooks import views

app_name = "webhooks"
urlpatterns = [
    path("", views.endpoint_list, name="list"),
    path("deliveries/<uuid:delivery_id>/replay/", views.replay, name="replay"),
    path("<uuid:endpoint_id>/", views.endpoint_detail, name="detail"),
    path("<uuid:endpoint_id>/restore/", views.endpoint_restore, name="restore"),
    path("<uuid:endpoint_id>/<slug:act>/", views.endpoint_act, name="act"),
]
