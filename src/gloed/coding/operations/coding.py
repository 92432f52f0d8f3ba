"""Bringing codes into line with what was said, with the codebook, and with what people decided.

One way for all: whatever is not up to date is read again, in batches, each in a transaction of its
own. So it may be killed at any moment, run twice, and run beside itself; and the same answers and
the same codebook give the same codes in whatever order they came.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from gloed.base import bulk
from gloed.base.models import Organisation
from gloed.coding.models import (
    ChangedMonth,
    Codebook,
    CodebookVersion,
    CodedVerbatim,
    CodingMark,
    HumanCode,
    Mention,
    ModelBlob,
    ModelCodes,
    ModelGates,
    Review,
    Suggestion,
    Theme,
    ThemeFigures,
)
from gloed.coding.operations.asking import wordings_of
from gloed.coding.operations.fitting import models_of, reader_of
from gloed.coding.operations.gates import codes_of, open_gates, with_proposed
from gloed.coding.operations.telling import FEW, note_changed, tell_months
from gloed.coding.rules.counting import Decision, Found, label_value, what_counts
from gloed.responses.models import Answer
from gloed.surveys.rules import RATING_POSITION, Band, Metric, Scale, band_of

if TYPE_CHECKING:
    from gloed.coding.machine import Read, Said
    from gloed.text.models import ThemeModels

BATCH = 500
REMOVED_AT_ONCE = 2_000

Report = Callable[[int, int], None]
"""Told after each batch: how many are up to date, of how many."""

_CLASSES = {Band.PROMOTER: 1, Band.PASSIVE: 0, Band.DETRACTOR: -1}
_CODED = (
    "public_id", "organisation_id", "answer_id", "response_id", "survey_id", "team_id", "day",
    "score_class", "language", "version_id", "reader", "machine", "said_at",
)  # fmt: skip
_MENTION = (
    "organisation_id", "answer_id", "theme_id", "survey_id", "team_id", "day", "score_class",
    "polarity_text", "polarity_scored", "value", "probability", "source", "spans", "version_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Row:
    """An answer in words with what it is counted by, as the record has it now."""

    answer: int
    response: int
    question: int
    text: str
    language: str
    survey: int
    metric: Metric
    team: int | None
    day: date | None
    said_at: datetime


@dataclass(frozen=True, slots=True)
class _Reading:
    """By what answers are read: the published version, and models with the name of all of them."""

    codebook: Codebook
    version: CodebookVersion
    reader: str
    models: "dict[str, ThemeModels]"
    few: int
    """So many of a batch are told one by one."""


def code_stale(
    organisation: Organisation,
    *,
    responses: Sequence[int] | None = None,
    report: Report = lambda _done, _total: None,
) -> int:
    """Read whatever is not up to date, all of it or that of some responses; how many were read.

    Stops early where another version is published meanwhile: the work that this asked for goes on.
    """
    codebook = Codebook.objects.filter(organisation=organisation).first()
    version = codebook.published if codebook else None
    if codebook is None or version is None:
        return 0
    few = FEW if responses is None else BATCH
    remove_gone(organisation, responses=responses, few=few)
    reader, models = reader_of(organisation), models_of(organisation, version)
    reading = _Reading(codebook, version, reader, models, few)
    total = _counting(organisation, responses).count() if responses is None else 0
    waiting = _stale(organisation, reading, responses)
    left = waiting.count() if responses is None else 0
    done, last = 0, 0
    while rows := _read_rows(organisation, waiting.filter(pk__gt=last)[:BATCH]):
        last = rows[-1].answer
        if not _code(reading, organisation, rows):
            break
        done += len(rows)
        report(max(0, total - left) + done, max(total, done))
    tell_months(organisation, now=timezone.now())
    return done


def remove_gone(
    organisation: Organisation, *, responses: Sequence[int] | None = None, few: int = FEW
) -> None:
    """Take out the codes of what was withdrawn, set apart, emptied or deleted.

    What people decided goes only with the words themselves.
    """
    counting = _counting(organisation, None).filter(pk=OuterRef("answer_id"))
    coded = CodedVerbatim.objects.filter(organisation=organisation)
    if responses is not None:
        coded = coded.filter(response_id__in=responses)
    gone = coded.filter(~Exists(counting)).values_list("answer_id", "response_id")
    while found := dict(gone[:REMOVED_AT_ONCE]):
        with transaction.atomic():
            bulk.delete_rows(Mention, "answer_id", list(found))
            bulk.delete_rows(CodedVerbatim, "answer_id", list(found))
            note_changed(organisation, found.values(), now=timezone.now(), few=few)
    words = Answer.objects.filter(pk=OuterRef("answer_id")).exclude(verbatim="")
    for model in (HumanCode, ModelCodes, Review):
        of_nothing = model.objects.filter(~Exists(words), organisation=organisation)
        of_nothing.delete()


def forget_everything(organisation: Organisation) -> None:
    """Delete the codebook and every code of a sample organisation; its answers are untouched."""
    if not organisation.is_sample:
        raise ValueError("only a sample organisation is ever cleared")
    for model in (Mention, CodedVerbatim, HumanCode, Review, ChangedMonth, CodingMark):
        bulk.delete_rows(model, "organisation_id", [organisation.pk])
    for learned in (ThemeFigures, Suggestion, ModelBlob, ModelCodes, ModelGates):
        bulk.delete_rows(learned, "organisation_id", [organisation.pk])
    Codebook.objects.filter(organisation=organisation).delete()
    Theme.objects.filter(organisation=organisation).delete()


def _counting(organisation: Organisation, responses: Sequence[int] | None) -> QuerySet[Answer]:
    """Answers in words that count."""
    answers = Answer.objects.filter(
        response__organisation=organisation,
        response__withdrawn_at=None,
        response__is_suspicious=False,
    ).exclude(verbatim="")
    return answers if responses is None else answers.filter(response__in=responses)


def _stale(
    organisation: Organisation, reading: "_Reading", responses: Sequence[int] | None
) -> QuerySet[Answer]:
    """Those that were not read yet, not as they are now, or by another version; by key."""
    fresh = CodedVerbatim.objects.filter(
        answer=OuterRef("pk"),
        version=reading.version,
        reader=reading.reader,
        said_at=OuterRef("response__updated_at"),
    )
    waiting = _counting(organisation, responses)
    if responses is None:  # single ones are read anew: a person may have decided something
        waiting = waiting.filter(~Exists(fresh))
    return waiting.order_by("pk")


def _read_rows(organisation: Organisation, answers: QuerySet[Answer]) -> list[_Row]:
    zone = ZoneInfo(organisation.time_zone)
    columns = (
        "pk", "response_id", "question_id", "verbatim", "response__language",
        "response__survey_id", "response__survey__metric", "response__survey__languages",
        "response__team_id", "response__responded_at", "response__updated_at",
    )  # fmt: skip
    rows = []
    for (
        key,
        response,
        question,
        text,
        language,
        survey,
        metric,
        spoken,
        team,
        at,
        changed,
    ) in answers.values_list(*columns):
        likely = language or next(iter(spoken or ()), "") or organisation.language
        day = at.astimezone(zone).date() if at else None
        kind = Metric(metric)
        rows.append(_Row(key, response, question, text, likely, survey, kind, team, day, changed))
    return rows


def _code(reading: "_Reading", organisation: Organisation, rows: list[_Row]) -> bool:
    """Read a batch and write it; False where the version no longer is the one that codes."""
    # dictionaries and arrays: the web process never reads an answer
    from gloed.coding.machine import matcher_of, read  # noqa: PLC0415

    ratings = _ratings(rows)
    wordings = wordings_of({row.question for row in rows})
    said = [_said(row, ratings, wordings) for row in rows]
    keys = [row.answer for row in rows]
    decided = frozenset(
        HumanCode.objects.filter(answer__in=keys, is_present=True).values_list("answer", flat=True)
    )
    version = reading.version
    opened = open_gates(organisation, version)
    proposed = codes_of(version, keys) if opened else {}
    found = read(said, matcher_of(version), whole=decided.union(proposed), models=reading.models)
    found = [
        replace(
            one,
            themes=with_proposed(
                one.themes,
                proposed[row.answer],
                opened,
                text_value=one.text_value,
                scored_value=one.scored_value,
            ),
        )
        if row.answer in proposed
        else one
        for row, one in zip(rows, found, strict=True)
    ]
    with transaction.atomic():
        present = Codebook.objects.select_for_update().get(pk=reading.codebook.pk)
        if present.published_id != version.pk:
            return False
        themes = {theme.key: theme for theme in Theme.objects.filter(organisation=organisation)}
        fresh = _as_read(rows)
        decisions = _decisions(keys, {theme.pk: theme for theme in themes.values()})
        live = frozenset(key for key, theme in themes.items() if theme.is_live)
        changed: list[int] = []
        before = _named([row.answer for row in rows if row.answer in fresh])
        bulk.delete_rows(Mention, "answer_id", [row.answer for row in rows if row.answer in fresh])
        coded, mentions = [], []
        for row, one in zip(rows, found, strict=True):
            if row.answer not in fresh:
                continue  # it changed meanwhile: the news of that has it read again
            shared = _shared(row, ratings)
            coded.append(_coded_row(row, one, shared, reading))
            counting = what_counts(
                one.themes,
                decisions.get(row.answer, ()),
                live=live,
                text_value=one.text_value,
                scored_value=one.scored_value,
            )
            mentions += [_mention_row(row, each, shared, version, themes) for each in counting]
            if {themes[each.theme].pk for each in counting} != before.get(row.answer, set()):
                changed.append(row.response)
        bulk.upsert_rows(CodedVerbatim, _CODED, coded, unique=("answer_id",))
        bulk.insert_rows(Mention, _MENTION, mentions)
        note_changed(organisation, changed, now=timezone.now(), few=reading.few)
    return True


def _named(answers: Sequence[int]) -> dict[int, set[int]]:
    """The themes that count of these answers now, by answer."""
    found: dict[int, set[int]] = defaultdict(set)
    mentions = Mention.objects.filter(answer__in=answers)
    for answer, theme in mentions.values_list("answer_id", "theme_id"):
        found[answer].add(theme)
    return found


_Ratings = dict[int, tuple[int, Scale]]


def _ratings(rows: Sequence[_Row]) -> _Ratings:
    """By response: the rating of its main question, with the scale."""
    answers = Answer.objects.filter(
        response__in={row.response for row in rows},
        question__position=RATING_POSITION,
        rating__isnull=False,
    )
    found: _Ratings = {}
    for response, rating, low, high, is_high_good in answers.values_list(
        "response_id",
        "rating",
        "question__scale_minimum",
        "question__scale_maximum",
        "question__high_is_good",
    ):
        if rating is not None and low is not None and high is not None and low < high:
            found[response] = rating, Scale(low, high, is_high_good)
    return found


def _said(row: _Row, ratings: _Ratings, wordings: Mapping[int, str]) -> "Said":
    from gloed.coding.machine import Said  # noqa: PLC0415 - see _code

    said = Said(row.answer, row.text, row.language, question=wordings.get(row.question, ""))
    rated = ratings.get(row.response)
    if rated is None:
        return said
    rating, scale = rated
    score = rating if scale.high_is_good else scale.minimum + scale.maximum - rating
    return replace(said, score=score, scale=(scale.minimum, scale.maximum))


def _as_read(rows: Sequence[_Row]) -> set[int]:
    """The answers that are still as they were read."""
    keys = [row.answer for row in rows]
    now = dict(Answer.objects.filter(pk__in=keys).values_list("pk", "response__updated_at"))
    return {row.answer for row in rows if now.get(row.answer) == row.said_at}


def _decisions(keys: Sequence[int], themes: dict[int, Theme]) -> dict[int, list[Decision]]:
    """What people decided, by answer; about the theme into which one has gone."""
    found: dict[int, list[Decision]] = defaultdict(list)
    rows = HumanCode.objects.filter(answer__in=keys)
    for answer, key, is_present, at in rows.values_list(
        "answer_id", "theme_id", "is_present", "coded_at"
    ):
        theme = _where_it_went(themes, key)
        # that one part of a merged theme is not there says nothing of the whole
        if theme is not None and (is_present or theme.pk == key):
            found[answer].append(Decision(theme.key, is_present, at))
    return found


def _where_it_went(themes: dict[int, Theme], key: int) -> Theme | None:
    theme, seen = themes.get(key), {key}
    while theme is not None and theme.merged_into_id and theme.merged_into_id not in seen:
        seen.add(theme.merged_into_id)
        theme = themes.get(theme.merged_into_id)
    return theme


def _shared(row: _Row, ratings: _Ratings) -> tuple[Any, ...]:
    """Survey, team, day and score class: what an answer is counted by."""
    rated = ratings.get(row.response)
    band = band_of(row.metric, rated[1], rated[0]) if rated else None
    day = row.day.isoformat() if row.day else None
    return row.survey, row.team, day, None if band is None else _CLASSES[band]


def _coded_row(
    row: _Row, one: "Read", shared: tuple[Any, ...], reading: "_Reading"
) -> tuple[Any, ...]:
    (public_id,) = bulk.new_uuids(1)
    machine = " ".join(found.theme for found in one.themes)
    return (
        public_id, reading.codebook.organisation_id, row.answer, row.response, *shared,
        one.language, reading.version.pk, reading.reader, machine, bulk.moment(row.said_at),
    )  # fmt: skip


def _mention_row(
    row: _Row,
    found: Found,
    shared: tuple[Any, ...],
    version: CodebookVersion,
    themes: dict[str, Theme],
) -> tuple[Any, ...]:
    return (
        version.codebook.organisation_id, row.answer, themes[found.theme].pk, *shared,
        sign_of(found.text_value), sign_of(found.scored_value), found.text_value,
        found.probability, found.source, bulk.as_json(found.spans), version.pk,
    )  # fmt: skip


def sign_of(value: float) -> int:
    """-1, 0 or 1: how a value sounds."""
    from gloed.text.polarity import label_of  # noqa: PLC0415 - loads arrays: the worker alone

    return label_value(label_of(value).value)


def mark(organisation: int, responses: Iterable[int | None]) -> None:
    """Note responses that must be read (again); None for everything that is not up to date."""
    with transaction.atomic():
        rows = ((organisation, key) for key in responses)
        bulk.insert_rows(CodingMark, ("organisation_id", "response_id"), rows)
