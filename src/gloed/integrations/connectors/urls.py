"""The addresses of connections."""

from django.urls import path

from gloed.integrations.connectors import arriving, mapping, views

app_name = "connectors"
urlpatterns = [
    path("organisation/connections/", views.home, name="home"),
    path("organisation/connections/add/", views.add, name="add"),
    path("organisation/connections/<uuid:connection_id>/", views.detail, name="detail"),
    path("organisation/connections/<uuid:connection_id>/change/", views.change, name="change"),
    path("organisation/connections/<uuid:connection_id>/restore/", views.restore, name="restore"),
    path("organisation/connections/<uuid:connection_id>/do/<slug:act>/", views.act, name="act"),
    path("organisation/connections/told/<uuid:dispatch_id>/again/", views.send_again, name="again"),
    path(
        "organisation/connections/came/<uuid:arrival_id>/back/", views.take_back, name="take_back"
    ),
    path("organisation/connections/<uuid:connection_id>/mapping/", mapping.mapping, name="mapping"),
    path("organisation/connections/<uuid:connection_id>/contact/", mapping.contact, name="contact"),
    path(
        "organisation/connections/<uuid:connection_id>/mapping/undo/",
        mapping.undo,
        name="mapping_undo",
    ),
    path("in/<uuid:connection_id>/<str:token>/v1/<slug:call>", arriving.arrive, name="arrive_as"),
    path("in/<uuid:connection_id>/<str:token>/", arriving.arrive, name="arrive"),
]
