"""Addresses of passives."""

from django.urls import path

from gloed.analysis.passives.views import doing, home, offers, worklist

app_name = "passives"
urlpatterns = [
    path("", home.home, name="home"),
    path("judge/", home.judge, name="judge"),
    path("ask/<uuid:survey_id>/", home.ask, name="ask"),
    path("ask/<uuid:survey_id>/undo/", home.ask_undo, name="ask_undo"),
    path("people/", worklist.worklist, name="worklist"),
    path("people/<uuid:person_id>/", worklist.card, name="card"),
    path("people/<uuid:person_id>/take/", doing.take, name="take"),
    path("people/<uuid:person_id>/lay-back/", doing.lay_back, name="lay_back"),
    path("people/<uuid:person_id>/contact/", doing.contact, name="contact"),
    path("people/<uuid:person_id>/offer/", doing.give, name="give"),
    path("people/<uuid:person_id>/end/", doing.end, name="end"),
    path("people/<uuid:person_id>/reopen/", doing.reopen, name="reopen"),
    path("contacts/<uuid:line_id>/undo/", doing.contact_undo, name="contact_undo"),
    path("offers/", offers.offers, name="offers"),
    path("offers/<uuid:offer_id>/remove/", doing.offer_remove, name="offer_remove"),
    path("offers/<uuid:offer_id>/restore/", doing.offer_restore, name="offer_restore"),
]
