"""Addresses of this room."""

from django.urls import path

from gloed.coding.views import codebook, review, suggestions, themes, versions, words

app_name = "coding"
urlpatterns = [
    path("", themes.themes, name="themes"),
    path("start/", themes.start, name="start"),
    path("progress/", themes.progress, name="progress"),
    path("about/<slug:key>/", themes.theme, name="theme"),
    path("of/<uuid:answer_id>/", words.words, name="words"),
    path("of/<uuid:answer_id>/change/", words.change, name="change_words"),
    path("review/", review.review, name="review"),
    path("review/<uuid:coded_id>/", review.keep, name="keep"),
    path("suggestions/", suggestions.suggestions, name="suggestions"),
    path("suggestions/look/", suggestions.look, name="look"),
    path("suggestions/progress/", suggestions.looking, name="looking"),
    path("suggestions/<uuid:suggestion_id>/", suggestions.decide, name="decide"),
    path("suggestions/<uuid:suggestion_id>/reopen/", suggestions.reopen, name="reopen"),
    path("codebook/", codebook.codebook, name="codebook"),
    path("codebook/preview/", codebook.preview, name="preview"),
    path("codebook/new/", codebook.add, name="add"),
    path("codebook/undo/", versions.undo, name="undo"),
    path("codebook/discard/", versions.discard, name="discard"),
    path("codebook/publish/", versions.publish, name="publish"),
    path("codebook/pack/", versions.add_pack, name="add_pack"),
    path("codebook/recode/", versions.recode, name="recode"),
    path("codebook/file/", versions.bring_in, name="bring_in"),
    path("codebook/codebook.toml", versions.export, name="export"),
    path("codebook/versions/<int:number>/restore/", versions.restore, name="restore"),
    path("codebook/themes/<slug:key>/", codebook.edit, name="edit"),
    path("codebook/themes/<slug:key>/merge/", codebook.merge, name="merge"),
    path("codebook/themes/<slug:key>/words/", codebook.ask_words, name="ask_words"),
    path("codebook/themes/<slug:key>/split/", codebook.split, name="split"),
    path("codebook/themes/<slug:key>/remove/", codebook.remove, name="remove"),
]
