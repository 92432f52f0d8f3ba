"""Addresses of customers over time."""

from django.urls import path

from gloed.analysis.customers.moves import views as moves

app_name = "customers"
urlpatterns = [
    path("", moves.same_people, name="home"),
    path("same-people.csv", moves.flow_csv, name="flow_csv"),
    path("same-people.svg", moves.flow_svg, name="flow_svg"),
    path("same-people/<slug:before>/<slug:after>/", moves.one_way, name="one_way"),
]
