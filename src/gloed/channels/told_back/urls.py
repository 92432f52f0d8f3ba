"""Addresses of telling back, and of the public page."""

from django.urls import path

from gloed.channels.told_back.views import page, public, tell

app_name = "told_back"
urlpatterns = [
    path("told-back/", page.page, name="page"),
    path("told-back/changes/new/", page.new_change, name="new_change"),
    path("told-back/changes/<uuid:change_id>/", page.edit_change, name="edit_change"),
    path("told-back/changes/<uuid:change_id>/off/", page.take_off, name="take_off"),
    path("told-back/changes/<uuid:change_id>/back/", page.put_back, name="put_back"),
    path("told-back/of/<uuid:person_id>/", tell.of_person, name="of_person"),
    path("told-back/<uuid:improvement_id>/", tell.tell, name="tell"),
    path("told-back/<uuid:improvement_id>/short/", tell.of_improvement, name="of_improvement"),
    path("told-back/<uuid:improvement_id>/words/", tell.words, name="words"),
    path("told-back/<uuid:improvement_id>/list/", tell.leave_out, name="leave_out"),
    path("told-back/<uuid:improvement_id>/send/", tell.send, name="send"),
    path("told-back/<uuid:improvement_id>/steer/", tell.steer, name="steer"),
    path("told-back/<uuid:improvement_id>/progress/", tell.progress, name="progress"),
    path("what-we-changed/<slug:slug>/", public.changes, name="public"),
    path("what-we-changed/<slug:slug>/feed.<slug:language>.xml", public.feed, name="feed"),
    path("no-more-mail/<str:token>/", public.leave, name="leave"),
]
