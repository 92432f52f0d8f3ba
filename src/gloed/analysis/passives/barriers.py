"""What holds passives back: counted over what they chose and over the themes of what they wrote.

An answer names a theme as a barrier where it does not praise it, or where it stands in the answer
to a barrier question. The base of a theme is passives who wrote something, that of a choice those
who were asked and chose. Read in the record, so that no choice is missing and nothing is late.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from gloed.analysis.definitions import moments_of
from gloed.analysis.passives.asking import barrier_questions
from gloed.analysis.passives.models import JudgedBarrier
from gloed.analysis.passives.rules import (
    Barrier,
    From,
    Judged,
    Lift,
    Name,
    in_order,
    won_at_most,
)
from gloed.analysis.queries import ALL_TIME, Window
from gloed.base.models import Organisation
from gloed.coding.models import CodedVerbatim, Mention, Theme
from gloed.coding.queries import share_of
from gloed.responses.models import Answer
from gloed.stats import Estimate
from gloed.surveys.models import OptionWording, Question, Survey
from gloed.surveys.rules import OTHER, RATING_POSITION, Kind

PASSIVE = (7, 8)
CHOICES = (Kind.SINGLE.value, Kind.MULTIPLE.value)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose barriers: of which surveys and local days, and which teams may be seen (None: all)."""

    organisation: Organisation
    surveys: tuple[Survey, ...]
    window: Window = ALL_TIME
    teams: frozenset[int] | None = None

    def coded(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        """Only those of passives, of coded answers or of mentions."""
        rows = rows.filter(organisation=self.organisation, survey__in=self.surveys, score_class=0)
        start, end = self.window.start, self.window.end
        if start is not None:
            rows = rows.filter(day__gte=start)
        if end is not None:
            rows = rows.filter(day__lt=end)
        return rows if self.teams is None else rows.filter(team_id__in=self.teams)

    def chosen(self, questions: Collection[Question]) -> "QuerySet[Answer]":
        """What passives chose in these questions."""
        rated = Answer.objects.filter(
            response=OuterRef("response"),
            question__position=RATING_POSITION,
            rating__in=PASSIVE,
        )
        rows = Answer.objects.filter(
            Exists(rated),
            question__in=questions,
            response__withdrawn_at=None,
            response__is_suspicious=False,
            response__survey__in=self.surveys,
        ).exclude(choices="")
        start, end = moments_of(self.window, self.organisation)
        if start is not None:
            rows = rows.filter(response__responded_at__gte=start)
        if end is not None:
            rows = rows.filter(response__responded_at__lt=end)
        return rows if self.teams is None else rows.filter(response__team_id__in=self.teams)


@dataclass(frozen=True, slots=True)
class Barriers:
    """The barriers of a period in order; `worded` passives wrote something, `few` are not told."""

    lines: tuple[Barrier, ...] = ()
    worded: int = 0
    few: int = 0


def barriers_of(
    whose: Whose,
    *,
    passives: Estimate | None,
    points: Mapping[str, Estimate],
    language: str,
) -> Barriers:
    """Every barrier that enough passives name, the strongest that can be lifted first.

    `passives` is their share of everybody, `points` what naming a theme goes with.
    """
    minimum = max(1, whose.organisation.minimum_group)
    questions = barrier_questions(whose.surveys)
    judged = judgements(whose.organisation)
    worded, themes = _themes(whose, questions)
    found = [
        _line(Name(From.THEME, theme.key), theme.name_in(language), n, worded, passives, judged,
              points=points.get(theme.key))
        for theme, n in themes
        if n >= minimum
    ]  # fmt: skip
    few = sum(n < minimum for _theme, n in themes)
    titles = {survey.pk: survey.title for survey in whose.surveys}
    for name, label, survey, n, base in _choices(whose, questions, language):
        if n >= minimum:
            note = titles[survey] if len(titles) > 1 else ""
            found.append(_line(name, label, n, base, passives, judged, note=note))
        else:
            few += 1
    return Barriers(tuple(in_order(found)), worded, few)


def _line(
    name: Name,
    label: str,
    number: int,
    base: int,
    passives: Estimate | None,
    judged: Mapping[Name, Judged],
    *,
    points: Estimate | None = None,
    note: str = "",
) -> Barrier:
    share = share_of(number, base)
    return Barrier(
        name=name,
        label=label,
        share=share,
        number=number,
        judged=judged.get(name, Judged()),
        to_win=won_at_most(share, passives) if passives else None,
        points=points,
        note=note,
    )


def _themes(whose: Whose, questions: Sequence[Question]) -> tuple[int, list[tuple[Theme, int]]]:
    """Passives who wrote something, and how many of them name each theme as a barrier."""
    worded = whose.coded(CodedVerbatim.objects.all()).aggregate(n=Count("response", distinct=True))[
        "n"
    ]
    rows = _as_barriers(whose.coded(Mention.objects.all()), questions)
    counted: dict[int, int] = dict(
        rows.order_by().values_list("theme").annotate(n=Count("answer__response", distinct=True))
    )
    live = Theme.objects.filter(pk__in=counted, is_live=True, is_general=False)
    return worded, [(theme, counted[theme.pk]) for theme in live]


def _as_barriers(
    mentions: "QuerySet[Mention]", questions: Sequence[Question]
) -> "QuerySet[Mention]":
    opened = [one.pk for one in questions if one.kind == Kind.OPEN]
    return mentions.filter(Q(polarity_scored__lte=0) | Q(answer__question__in=opened))


def _choices(
    whose: Whose, questions: Sequence[Question], language: str
) -> list[tuple[Name, str, int, int, int]]:
    """By option of each question: its name, words, survey, how many chose it, and of how many."""
    asked = [one for one in questions if one.kind in CHOICES]
    if not asked:
        return []
    keys = {one.pk: (one.version.survey_id, one.key) for one in asked}
    named: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    base: Counter[tuple[int, str]] = Counter()
    rows = whose.chosen(asked).values_list("question_id", "choices").annotate(n=Count("pk"))
    for question, choices, number in rows.order_by():
        base[keys[question]] += number
        for option in set(choices.split()) - {OTHER}:
            named[keys[question]][option] += number
    words = option_words(asked, language)
    public = {survey.pk: survey.public_id.hex for survey in whose.surveys}
    return [
        (
            Name(From.CHOICE, f"{public[survey]}:{key}:{option}"),
            words.get((survey, key, option), option),
            survey,
            number,
            base[survey, key],
        )
        for (survey, key), counted in named.items()
        for option, number in counted.items()
    ]


def option_words(questions: Iterable[Question], language: str) -> dict[tuple[int, str, str], str]:
    """Options in words, by survey, question and option: as the latest version has them."""
    rows = OptionWording.objects.filter(option__question__in=list(questions)).order_by(
        "option__question__version__number"
    )
    found: dict[tuple[int, str, str], str] = {}
    for survey, key, option, spoken, text in rows.values_list(
        "option__question__version__survey_id",
        "option__question__key",
        "option__key",
        "language",
        "text",
    ):
        if spoken == language or (survey, key, option) not in found:
            found[survey, key, option] = text
    return found


def judgements(organisation: Organisation) -> dict[Name, Judged]:
    """What was judged of barriers, by their name."""
    rows = JudgedBarrier.objects.filter(organisation=organisation).select_related("owner__staff")
    return {
        Name(From(row.kind), row.key): Judged(
            Lift(row.lift),
            str(row.owner) if row.owner else "",
            str(row.owner.public_id) if row.owner else "",
        )
        for row in rows
    }


def named_by(
    organisation: Organisation, responses: Collection[int], surveys: Iterable[Survey]
) -> dict[int, set[Name]]:
    """By response: the barriers it names. Takes the same few queries however many they are."""
    questions = barrier_questions(surveys)
    found: dict[int, set[Name]] = defaultdict(set)
    mentions = Mention.objects.filter(
        organisation=organisation,
        answer__response__in=responses,
        theme__is_live=True,
        theme__is_general=False,
    )
    for response, key in _as_barriers(mentions, questions).values_list(
        "answer__response_id", "theme__key"
    ):
        found[response].add(Name(From.THEME, key))
    asked = {one.pk: one for one in questions if one.kind in CHOICES}
    if asked:
        public = {survey.pk: survey.public_id.hex for survey in surveys}
        chosen = Answer.objects.filter(response__in=responses, question__in=asked)
        for response, question, choices in chosen.exclude(choices="").values_list(
            "response_id", "question_id", "choices"
        ):
            row = asked[question]
            for option in set(choices.split()) - {OTHER}:
                key = f"{public[row.version.survey_id]}:{row.key}:{option}"
                found[response].add(Name(From.CHOICE, key))
    return found


def labels_of(
    organisation: Organisation, names: Iterable[Name], surveys: Iterable[Survey], language: str
) -> dict[Name, str]:
    """Barriers in words; what is gone by now keeps its key."""
    wanted = set(names)
    keys = [name.key for name in wanted if name.kind is From.THEME]
    themes = Theme.objects.filter(organisation=organisation, key__in=keys)
    found = {Name(From.THEME, theme.key): theme.name_in(language) for theme in themes}
    if any(name.kind is From.CHOICE for name in wanted):
        asked = [one for one in barrier_questions(surveys) if one.kind in CHOICES]
        public = {survey.pk: survey.public_id.hex for survey in surveys}
        for (survey, key, option), text in option_words(asked, language).items():
            found[Name(From.CHOICE, f"{public[survey]}:{key}:{option}")] = text
    return {name: found.get(name, name.key) for name in wanted}
