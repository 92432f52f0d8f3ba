"""Addresses of this room: under /w/ what websites load, the rest for colleagues."""

from django.urls import path

from gloed.channels.widget import api, views

app_name = "widget"
urlpatterns = [
    path("w/v1/gloed.js", api.widget_script, name="script"),
    path("w/v1/<slug:key>/", api.shown, name="shown"),
    path("w/v1/<slug:key>/asking/", api.asking, name="asking"),
    path("w/v1/<slug:key>/happened/", api.happened, name="happened"),
    path("w/v1/<slug:key>/answers/", api.answers, name="answers"),
    path("w/v1/<slug:key>/page/", api.frame, name="frame"),
    path("widgets/", views.widget_list, name="list"),
    path("widgets/of/<uuid:survey_id>/", views.of_survey, name="of_survey"),
    path("widgets/new/<uuid:survey_id>/", views.make, name="make"),
    path("widgets/<uuid:widget_id>/", views.detail, name="detail"),
    path("widgets/<uuid:widget_id>/change/", views.change, name="change"),
    path("widgets/<uuid:widget_id>/switch/", views.switch, name="switch"),
    path("widgets/<uuid:widget_id>/secret/", views.renew_secret, name="renew_secret"),
    path("widgets/<uuid:widget_id>/delete/", views.delete, name="delete"),
    path("widgets/<uuid:widget_id>/restore/", views.restore, name="restore"),
    path("widgets/<uuid:widget_id>/try/", views.try_out, name="try"),
]
