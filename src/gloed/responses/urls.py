"""Addresses of this room."""

from django.urls import path

from gloed.responses.views import counts, duration, people

app_name = "responses"
urlpatterns = [
    path("counts/", counts.counts, name="counts"),
    path("counts/people/", counts.person_counts, name="person_counts"),
    path("duration/<uuid:survey_id>/", duration.duration, name="duration"),
    path("of/<uuid:person_id>/", people.of_person, name="of_person"),
    path("of/<uuid:person_id>/everything/", people.export_person, name="export_person"),
    path("of/<uuid:person_id>/erase/", people.erase_person, name="erase_person"),
]
