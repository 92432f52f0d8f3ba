"""Improvements of the sample: planned, late, being done and finished, one of them judged."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone, translation

from gloed.analysis import queries, store
from gloed.analysis.changes.subjects import list_subjects
from gloed.analysis.effects.models import Prediction
from gloed.analysis.effects.operations import judge_prediction
from gloed.analysis.effects.planning import promise_of, values_of
from gloed.analysis.effects.rules import Design
from gloed.analysis.effects.trials import Plan
from gloed.analysis.goals.models import Goal
from gloed.base.models import Membership, Organisation
from gloed.channels.told_back import operations as told_back
from gloed.channels.told_back.models import PublicChange, PublicPage
from gloed.coding.models import Mention, Theme
from gloed.loop.improvements import operations
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.rules import Board, Kind, Status
from gloed.responses.models import Response

TEXTS = Path(__file__).parent / "texts" / "improvements.toml"
ANSWERS = 4
REGIONS = ("attr:Regio", "attr:Region")
"""How the one that is judged was told apart, in either language."""
WANTED = "nps-transactional"
JUDGED_AFTER = timedelta(weeks=13)

# status, kind, days from now to be finished by (None: none), with an owner, theme
COURSES: tuple[tuple[Status, Kind, int | None, bool], ...] = (
    (Status.STARTED, Kind.LEAD_TIME, -6, True),
    (Status.FINISHED, Kind.COMMUNICATION, -91, True),
    (Status.IDEA, Kind.TRAINING, None, False),
    (Status.PLANNED, Kind.DIGITAL, 45, True),
    (Status.FINISHED, Kind.DIGITAL, -20, True),
    (Status.STARTED, Kind.POLICY, 60, True),
)


def add_improvements(organisation: Organisation, *, language: str, now: datetime) -> int:
    """Note improvements that rest on answers it gave; how many there are.

    Running it again after it was cleared does the same again.
    """
    Improvement.objects.filter(organisation=organisation).delete()
    PublicPage.objects.filter(organisation=organisation).delete()
    PublicChange.objects.filter(organisation=organisation).delete()
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    words = texts.get(language, texts["en"])
    owner = Membership.objects.filter(organisation=organisation).order_by("pk").first()
    themes = list(Theme.objects.filter(organisation=organisation, is_live=True, is_general=False))
    goal = Goal.objects.filter(organisation=organisation, deleted_at=None).order_by("pk").first()
    aims = (goal or words["goal"], words["goal"])  # one that is set, and one in own words
    outcomes = iter(words["outcomes"])
    made = []
    for place, (status, kind, days, has_owner) in enumerate(COURSES):
        theme = themes[place] if place < len(themes) else None
        due_on = (now + timedelta(days=days)).date() if days is not None else None
        noted = now - timedelta(days=150 - 20 * place)
        outcome = next(outcomes) if status is Status.FINISHED else ""
        values = {
            "title": words["titles"][place],
            "kind": kind,
            "board": Board.KEEP if kind is Kind.POLICY else Board.FIX,
            "owner": owner if has_owner else None,
            **_goal(aims[place % 2] if has_owner else None),
            "expected_points": 6.0 if place % 2 == 0 else None,
            "starts_on": noted.date() if due_on else None,
            "due_on": due_on,
            "outcome": outcome,
        }
        made.append(_note(organisation, values, theme, status, words, noted=noted, now=now))
    with translation.override(language):
        _judge(made[1], now=now)
    _publish(organisation, made, words, language=language, now=now)
    return len(made)


def _goal(aim: Goal | str | None) -> dict[str, Any]:
    if isinstance(aim, Goal):
        return {"goal": aim.name, "goal_key": aim.public_id}
    return {"goal": aim or ""}


def _note(
    organisation: Organisation,
    values: dict[str, Any],
    theme: Theme | None,
    status: Status,
    words: dict[str, Any],
    *,
    noted: datetime,
    now: datetime,
) -> Improvement:
    themes = [theme] if theme else []
    mentions = Mention.objects.filter(theme__in=themes).order_by("-day", "-answer_id")
    answers = list(mentions.values_list("answer_id", flat=True)[:ANSWERS])
    responses = Response.objects.filter(answers__in=answers, withdrawn_at=None)
    one = operations.create_improvement(
        organisation, values, by=None, now=noted, themes=themes, responses=responses
    )
    for number, title in enumerate(words["steps"] if values["due_on"] else ()):
        day = values["due_on"] - timedelta(days=14 * (3 - number))
        step = operations.add_step(one, title, due_on=day, now=noted)
        if day < now.date() and number < 2:
            operations.do_step(step, is_done=True, now=noted)
    if status is Status.PLANNED:
        operations.move(one, to=status, by=None, now=noted)
    elif status is not Status.IDEA:
        operations.move(one, to=Status.STARTED, by=None, now=noted + timedelta(days=7))
    if status is Status.FINISHED:
        at = datetime.combine(values["due_on"], now.timetz())
        operations.move(one, to=status, by=None, now=at)
    return one


def _judge(one: Improvement, *, now: datetime) -> None:
    """Fix beforehand how it is judged, and look now that the time is over."""
    source = store.projection_of(one.organisation)
    subjects = list_subjects(one.organisation, source)
    if not subjects or one.started_at is None:
        return
    subject = next((one for one in subjects if one.key == WANTED), subjects[0])
    surveys = tuple(str(survey.public_id) for survey in subject.surveys)
    column = next((name for name in REGIONS if name in source.columns), "")
    found = queries.run(source, queries.Query(queries.Selection(surveys=surveys), by=(column,)))
    groups = sorted(group[0] for group in found.by_group() if group[0])
    if len(groups) < 2:
        return
    half = (len(groups) + 1) // 2
    start = _monday(timezone.localdate(now) - JUDGED_AFTER)
    plan = Plan(
        surveys=surveys,
        metric=subject.metric,
        filters=(),
        design=Design.GROUPS,
        column=column,
        treated=tuple(groups[:half]),
        control=tuple(groups[half:]),
        starts_on=start,
        weeks_before=12,
        weeks_after=12,
    )
    promise = promise_of(source, plan, minimum=6.0, today=start)
    prediction = Prediction.objects.create(
        organisation=one.organisation,
        improvement=one,
        fixed_at=one.created_at,
        **values_of(subject, plan, minimum=6.0, promise=promise),
    )
    judge_prediction(prediction, now=now)


def _publish(
    organisation: Organisation,
    made: list[Improvement],
    words: dict[str, Any],
    *,
    language: str,
    now: datetime,
) -> None:
    told_back.keep_page(
        organisation, is_on=True, intros={language: words["intro"]}, by=None, now=now
    )
    for one in made:
        if one.status == Status.FINISHED:
            told = {language: {"title": one.title, "text": one.outcome}}
            at = one.finished_at or now
            told_back.publish(organisation, told, improvement=one, by=None, now=at)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
