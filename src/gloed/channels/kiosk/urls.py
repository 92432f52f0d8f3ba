"""Addresses of this room: under /k/ what the tablet opens, the rest for colleagues."""

from django.urls import path

from gloed.channels.kiosk import tablet, views

app_name = "kiosk"
urlpatterns = [
    path("k/<str:token>/", tablet.page, name="page"),
    path("k/<str:token>/sw.js", tablet.service_worker, name="worker"),
    path("k/<str:token>/kiosk.webmanifest", tablet.manifest, name="manifest"),
    path("k/<str:token>/answers/", tablet.answers, name="answers"),
    path("kiosks/", views.kiosk_list, name="list"),
    path("kiosks/of/<uuid:survey_id>/", views.of_survey, name="of_survey"),
    path("kiosks/new/<uuid:survey_id>/", views.make, name="make"),
    path("kiosks/<uuid:kiosk_id>/", views.detail, name="detail"),
    path("kiosks/<uuid:kiosk_id>/change/", views.change, name="change"),
    path("kiosks/<uuid:kiosk_id>/code.svg", views.code, name="code"),
    path("kiosks/<uuid:kiosk_id>/link/", views.renew_link, name="renew_link"),
    path("kiosks/<uuid:kiosk_id>/delete/", views.delete, name="delete"),
    path("kiosks/<uuid:kiosk_id>/restore/", views.restore, name="restore"),
]
