"""Addresses of letters."""

from django.urls import path

from gloed.loop.letters.views import apart, conversation, texts

app_name = "letters"
urlpatterns = [
    path("of/<uuid:case_id>/", conversation.of_case, name="of_case"),
    path("of/<uuid:case_id>/closed/", conversation.of_closed, name="of_closed"),
    path("of/<uuid:case_id>/write/", conversation.write, name="write"),
    path("letter/<uuid:letter_id>/take-back/", conversation.take_back, name="take_back"),
    path("letter/<uuid:letter_id>/take-over/", conversation.take_over, name="take_over"),
    path("letter/<uuid:letter_id>/again/", conversation.again, name="again"),
    path("file/<uuid:file_id>/", conversation.file, name="file"),
    path("texts/", texts.text_list, name="texts"),
    path("texts/new/", texts.edit, name="text_new"),
    path("texts/<slug:key>/", texts.edit, name="text"),
    path("texts/<slug:key>/remove/", texts.remove, name="text_remove"),
    path("texts/<slug:key>/restore/", texts.restore, name="text_restore"),
    path("texts/<slug:key>/reset/", texts.reset, name="text_reset"),
    path("after-closing/", texts.after_closing, name="settings"),
    path("apart/", apart.stray_list, name="strays"),
    path("apart/<uuid:stray_id>/place/", apart.place, name="place"),
    path("apart/<uuid:stray_id>/discard/", apart.discard, name="discard"),
    path("apart/<uuid:stray_id>/restore/", apart.restore, name="stray_restore"),
]
