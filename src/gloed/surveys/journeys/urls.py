"""Addresses of journeys; their scores stand in the analysis room."""

from django.urls import path

from gloed.surveys.journeys.views import arranging, overview, touchpoints

app_name = "journeys"
urlpatterns = [
    path("", overview.journey_list, name="list"),
    path("new/", overview.add, name="add"),
    path("<uuid:journey_id>/", arranging.arrange, name="arrange"),
    path("<uuid:journey_id>/name/", arranging.rename_journey, name="rename"),
    path("<uuid:journey_id>/remove/", overview.remove, name="remove"),
    path("<uuid:journey_id>/restore/", overview.restore, name="restore"),
    path("<uuid:journey_id>/phases/", arranging.add_phase, name="add_phase"),
    path("phases/<uuid:phase_id>/name/", arranging.rename_phase, name="rename_phase"),
    path("phases/<uuid:phase_id>/move/", arranging.move_phase, name="move_phase"),
    path("phases/<uuid:phase_id>/remove/", arranging.remove_phase, name="remove_phase"),
    path("phases/<uuid:phase_id>/restore/", arranging.restore_phase, name="restore_phase"),
    path("phases/<uuid:phase_id>/touchpoints/", arranging.add_touchpoint, name="add_touchpoint"),
    path("touchpoints/<uuid:touchpoint_id>/", touchpoints.detail, name="touchpoint"),
    path("touchpoints/<uuid:touchpoint_id>/change/", touchpoints.change, name="change"),
    path("touchpoints/<uuid:touchpoint_id>/move/", touchpoints.move, name="move"),
    path("touchpoints/<uuid:touchpoint_id>/remove/", touchpoints.remove, name="remove_touchpoint"),
    path(
        "touchpoints/<uuid:touchpoint_id>/restore/", touchpoints.restore, name="restore_touchpoint"
    ),
]
