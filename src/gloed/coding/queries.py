"""Reading themes: shares, polarity, course and quotes, counted in the record.

The base is answers in words that were read. What a frontline colleague may not read is not counted.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import NormalDist
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.db.models.functions import TruncMonth

from gloed.base.models import Job, Membership, Organisation
from gloed.base.queries import visible_teams
from gloed.coding.models import Codebook, CodedVerbatim, Mention, Suggestion, Theme
from gloed.coding.operations.kinds import RECODE
from gloed.coding.rules.quoting import Candidate, Quoted, choose, quoted
from gloed.responses.models import Answer, Response
from gloed.stats import Estimate, wilson_interval

Z = NormalDist().inv_cdf(0.975)
QUOTES = 3
LOOKED_AT = 300
"""The newest mentions among which quotes are chosen."""
CRITICISED = 5


@dataclass(frozen=True, slots=True)
class Scope:
    """Which answers: of which teams (None: all), a survey, days from `since`, a score class."""

    organisation: Organisation
    teams: frozenset[int] | None = None
    survey: int | None = None
    since: date | None = None
    score_class: int | None = None

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Only these of coded answers, or of mentions."""
        rows = rows.filter(organisation=self.organisation)
        if self.teams is not None:
            rows = rows.filter(team_id__in=self.teams)
        if self.survey is not None:
            rows = rows.filter(survey=self.survey)
        if self.since is not None:
            rows = rows.filter(day__gte=self.since)
        return rows if self.score_class is None else rows.filter(score_class=self.score_class)


@dataclass(frozen=True, slots=True)
class Line:
    """A theme in the table: how many name it, what share that is, and how it sounds."""

    theme: Theme
    share: Estimate
    negative: int
    neutral: int
    positive: int

    @property
    def n(self) -> int:
        """How many answers name it."""
        return self.negative + self.neutral + self.positive


@dataclass(frozen=True, slots=True)
class Overview:
    """All themes of a scope. `few` are those that too few name to be shown."""

    total: int
    lines: tuple[Line, ...] = ()
    few: int = 0
    criticised: tuple[Line, ...] = ()
    by_class: Mapping[int | None, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a theme's course; no estimate where too few answered."""

    start: date
    share: Estimate | None
    n: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A quote with what it hangs on."""

    pieces: Quoted
    answer_id: str
    rating: int | None
    top: int | None
    day: date | None
    language: str


def scope_of(membership: Membership, **asked: Any) -> Scope:
    """What a colleague may see of what was asked."""
    return Scope(membership.organisation, visible_teams(membership), **asked)


def find_codebook(organisation: Organisation) -> Codebook | None:
    """The organisation's codebook with its published version."""
    return Codebook.objects.select_related("published").filter(organisation=organisation).first()


def count_suggested(organisation: Organisation) -> int:
    """Suggested subjects about which nobody has decided, of those that may be shown."""
    opened = Suggestion.objects.filter(organisation=organisation, state=Suggestion.State.NEW)
    return opened.filter(count__gte=organisation.minimum_group).count()


def has_codebook(organisation: Organisation) -> bool:
    """Whether the organisation has a codebook."""
    return Codebook.objects.filter(organisation=organisation).exists()


def list_named(organisation: Organisation) -> list[Theme]:
    """The themes that at least one answer names, in the order of the codebook."""
    said = Mention.objects.filter(organisation=OuterRef("organisation"), theme=OuterRef("pk"))
    return list(Theme.objects.filter(Exists(said), organisation=organisation, is_live=True))


def themes_named(responses: Sequence[int]) -> dict[int, list[str]]:
    """By response: the keys of the themes that its words name, sorted; few thousand at a time."""
    found: dict[int, set[str]] = defaultdict(set)
    mentions = Mention.objects.filter(answer__response__in=responses, theme__is_live=True)
    for response, key in mentions.values_list("answer__response", "theme__key"):
        found[response].add(key)
    return {response: sorted(keys) for response, keys in found.items()}


def list_live(organisation: Organisation) -> list[Theme]:
    """The themes of the published version, in its order."""
    return list(Theme.objects.filter(organisation=organisation, is_live=True))


def overview(scope: Scope, *, minimum: int) -> Overview:
    """Every theme of a scope, the surely most named first; small groups are not told."""
    everything = replace(scope, score_class=None)
    counted = everything.of(CodedVerbatim.objects.all()).values_list("score_class")
    by_class = dict(counted.annotate(Count("pk")).order_by())
    chosen = scope.score_class
    total = sum(by_class.values()) if chosen is None else by_class.get(chosen, 0)
    if total < minimum:
        return Overview(total, by_class=by_class)
    sounds: dict[int, Counter[int]] = defaultdict(Counter)
    criticised: Counter[int] = Counter()
    mentions = everything.of(Mention.objects.all()).values_list(
        "theme", "score_class", "polarity_text"
    )
    for theme, score_class, polarity, number in mentions.annotate(Count("pk")).order_by():
        if chosen is None or score_class == chosen:
            sounds[theme][polarity] += number
        if score_class == 1 and polarity == -1:
            criticised[theme] += number
    themes = list_live(scope.organisation)
    lines = [
        _line(theme, sounds[theme.pk], total) for theme in themes if sounds[theme.pk].total() > 0
    ]
    shown = [line for line in lines if line.n >= minimum]
    by_promoters = by_class.get(1, 0)
    blamed = [
        _line(theme, Counter({-1: criticised[theme.pk]}), by_promoters)
        for theme in themes
        if criticised[theme.pk] >= minimum and by_promoters
    ]
    return Overview(
        total=total,
        lines=tuple(sorted(shown, key=_surest)),
        few=len(lines) - len(shown),
        criticised=tuple(sorted(blamed, key=_surest)[:CRITICISED]),
        by_class=by_class,
    )


def line_of(scope: Scope, theme: Theme) -> tuple[Line | None, int]:
    """One theme of a scope, and of how many answers; None where nobody answered in words."""
    total = scope.of(CodedVerbatim.objects.all()).count()
    mentions = scope.of(Mention.objects.all()).filter(theme=theme).values_list("polarity_text")
    sounds = Counter(dict(mentions.annotate(Count("pk")).order_by()))
    return (_line(theme, sounds, total) if total else None), total


def course_of(scope: Scope, theme: Theme, *, minimum: int) -> list[Month]:
    """The share of a theme month by month; months with too few answers have no share."""
    answers = _by_month(scope.of(CodedVerbatim.objects.all()))
    named = _by_month(scope.of(Mention.objects.all()).filter(theme=theme))
    return [
        Month(start, share_of(named.get(start, 0), n) if n >= minimum else None, n)
        for start, n in sorted(answers.items())
    ]


def quotes_of(scope: Scope, theme: Theme, polarity: int) -> list[Quote]:
    """Telling quotes of one sound, masked, from the newest mentions.

    Those that sound so with the score as well go first: there the words were heard rightly.
    """
    mentions = scope.of(Mention.objects.all()).filter(theme=theme, polarity_text=polarity)
    rows = mentions.order_by("-day", "-answer_id").values_list(
        "answer_id", "answer__verbatim", "spans", "value", "polarity_scored", "day"
    )[:LOOKED_AT]
    days = {answer: day for answer, *_said, day in rows}
    candidates = [
        Candidate(answer, text, spans, value, is_backed=scored == polarity)
        for answer, text, spans, value, scored, _day in rows
    ]
    chosen = choose(candidates, QUOTES)
    about = _about([each.answer for each in chosen])
    return [
        Quote(quoted(each.text, each.spans), *_facts(about, each.answer, days[each.answer]))
        for each in chosen
        if each.answer in about
    ]


def recode_job(organisation: Organisation) -> Job | None:
    """The reading of history that waits or runs."""
    jobs = Job.objects.filter(
        organisation=organisation, kind=RECODE, state__in=[Job.State.WAITING, Job.State.RUNNING]
    )
    return jobs.order_by("state", "-pk").first()


def get_response(membership: Membership, public_id: Any) -> Response | None:
    """A response of the organisation that this colleague may read."""
    responses = Response.objects.filter(organisation=membership.organisation, public_id=public_id)
    teams = visible_teams(membership)
    return (responses if teams is None else responses.filter(team_id__in=teams)).first()


def verbatims_of(response: Response) -> list[Answer]:
    """The answers in words of a response, in the order they were asked."""
    answers = Answer.objects.filter(response=response).exclude(verbatim="")
    return list(answers.order_by("question__position"))


def mentions_of(answers: Sequence[Answer]) -> list[Mention]:
    """What counts of these answers, in the codebook's order."""
    mentions = Mention.objects.filter(answer__in=answers, theme__is_live=True)
    return list(mentions.select_related("theme").order_by("theme__position", "pk"))


def share_of(number: int, total: int) -> Estimate:
    """A share with Wilson's interval; `total` is at least 1."""
    low, high = wilson_interval([total - number, number], [0, 1], Z)
    return Estimate(number / total, float(low), float(high), total, "wilson")


def _line(theme: Theme, sounds: Mapping[int, int], total: int) -> Line:
    number = sum(sounds.values())
    return Line(
        theme, share_of(number, total), sounds.get(-1, 0), sounds.get(0, 0), sounds.get(1, 0)
    )


def _surest(line: Line) -> tuple[bool, float, int]:
    """The surely most named first; praise and blame of nothing in particular at the end."""
    return line.theme.is_general, -(line.share.low or 0.0), line.theme.position


def _by_month(rows: QuerySet[Any]) -> dict[date, int]:
    dated = rows.filter(day__isnull=False).annotate(month=TruncMonth("day")).values_list("month")
    return dict(dated.annotate(Count("pk")).order_by())


_About = dict[int, tuple[str, tuple[int | None, int | None], str]]


def _about(keys: Sequence[int]) -> _About:
    """By answer in words: the public id of its response, rating and top of the scale, language."""
    coded = CodedVerbatim.objects.filter(answer__in=keys).values_list(
        "answer_id", "response_id", "response__public_id", "language"
    )
    rows = list(coded)
    ratings = {
        response: (rating, top)
        for response, rating, top in Answer.objects.filter(
            response__in=[response for _a, response, _p, _l in rows], question__position=1
        ).values_list("response_id", "rating", "question__scale_maximum")
    }
    return {
        answer: (str(public_id), ratings.get(response, (None, None)), language)
        for answer, response, public_id, language in rows
    }


def _facts(
    about: _About, answer: int, day: date | None
) -> tuple[str, int | None, int | None, date | None, str]:
    public_id, (rating, top), language = about[answer]
    return public_id, rating, top, day, language
