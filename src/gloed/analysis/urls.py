"""Addresses of this room."""

from django.urls import path

from gloed.analysis.views import answers, apart, journeys, scores

app_name = "analysis"
urlpatterns = [
    path("", scores.scores, name="scores"),
    path("answers/", answers.answer_list, name="answers"),
    path("answers.csv", answers.answers_csv, name="answers_csv"),
    path("answers/<uuid:answer_id>/", answers.answer_detail, name="answer"),
    path("answers/<uuid:answer_id>/withdraw/", answers.withdraw, name="withdraw"),
    path("answers/<uuid:answer_id>/restore/", answers.restore, name="restore"),
    path("answers/<uuid:answer_id>/correct/", answers.correct, name="correct"),
    path("answers/<uuid:answer_id>/real/", apart.judge_real, name="judge_real"),
    path("answers/<uuid:answer_id>/apart/", apart.judge_apart, name="judge_apart"),
    path("apart/", apart.apart, name="apart"),
    path("journeys/", journeys.journey_list, name="journeys"),
    path("journeys/<uuid:journey_id>/", journeys.journey, name="journey"),
    path("touchpoints/<uuid:touchpoint_id>/", journeys.touchpoint_score, name="touchpoint_score"),
    path("<uuid:survey_id>/", scores.score, name="score"),
    path("<uuid:survey_id>/answers/", answers.answer_list, name="survey_answers"),
    path("<uuid:survey_id>/apart/", apart.apart, name="survey_apart"),
    path("<uuid:survey_id>/answers.csv", answers.answers_csv, name="survey_answers_csv"),
    path("<uuid:survey_id>/<slug:name>.csv", scores.figure_csv, name="figure_csv"),
    path("<uuid:survey_id>/<slug:name>.svg", scores.figure_svg, name="figure_svg"),
]
