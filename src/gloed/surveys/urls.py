"""Addresses of this room."""

from django.urls import path

from gloed.surveys.views import detail, editor, library, listing, looks, versions

app_name = "surveys"
urlpatterns = [
    path("", listing.survey_list, name="list"),
    path("new/", listing.create, name="create"),
    path("library/", library.library_page, name="library"),
    path("library/use/", library.use, name="use"),
    path("library/own/", library.add_own, name="add_own"),
    path("library/own/<uuid:wording_id>/", library.change_own, name="change_own"),
    path("library/own/<uuid:wording_id>/remove/", library.remove_own, name="remove_own"),
    path("library/own/<uuid:wording_id>/restore/", library.restore_own, name="restore_own"),
    path("look/", looks.house_look, name="house_look"),
    path("logo/<str:name>", looks.logo, name="logo"),
    path("<uuid:survey_id>/", detail.detail, name="detail"),
    path("<uuid:survey_id>/words/", editor.edit, name="edit"),
    path("<uuid:survey_id>/look/", looks.look, name="look"),
    path("<uuid:survey_id>/versions/", versions.versions, name="versions"),
    path("<uuid:survey_id>/keep/", library.keep_own, name="keep_own"),
    path("<uuid:survey_id>/state/", detail.change_state, name="change_state"),
    path("<uuid:survey_id>/delete/", listing.delete, name="delete"),
    path("<uuid:survey_id>/restore/", listing.restore, name="restore"),
    path("<uuid:survey_id>/code.svg", detail.qr_code, {"kind": "svg"}, name="qr_svg"),
    path("<uuid:survey_id>/code.png", detail.qr_code, {"kind": "png"}, name="qr_png"),
]
