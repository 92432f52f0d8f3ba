"""Addresses of improvements."""

from django.urls import path

from gloed.loop.improvements.views import boards, changing, detail, quick_wins, workshop

app_name = "improvements"
urlpatterns = [
    path("", boards.improvement_list, name="list"),
    path("board/", boards.board, name="board"),
    path("timeline/", boards.timeline, name="timeline"),
    path("new/", changing.new, name="new"),
    path("workshop/", workshop.workshop, name="workshop"),
    path("workshop/undo/", workshop.workshop_undo, name="workshop_undo"),
    path("quick-win/<uuid:answer_id>/", quick_wins.quick_win, name="quick_win"),
    path("of/<uuid:answer_id>/", quick_wins.of_answer, name="of_answer"),
    path("of-case/<uuid:case_id>/", quick_wins.of_case, name="of_case"),
    path("<uuid:improvement_id>/", detail.detail, name="detail"),
    path("<uuid:improvement_id>/change/", changing.change, name="change"),
    path("<uuid:improvement_id>/move/", changing.move, name="move"),
    path("<uuid:improvement_id>/finish/", changing.finish, name="finish"),
    path("<uuid:improvement_id>/remove/", changing.remove, name="remove"),
    path("<uuid:improvement_id>/restore/", changing.restore, name="restore"),
    path("<uuid:improvement_id>/steps/", detail.add_step, name="add_step"),
    path("<uuid:improvement_id>/answers/", detail.link_answer, name="link_answer"),
    path("steps/<uuid:step_id>/", detail.change_step, name="change_step"),
]
