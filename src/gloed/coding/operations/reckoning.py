"""What takes too long for a page: points of the net score per theme, and themes that rise.

Kept as `ThemeFigures`, one for each survey and for all that ask the NPS together, each of all time
and of the last 30, 90 and 365 days. `figures` holds

    {"n": scored answers, "net": points, "corrected": checked by people or not,
     "points": {key: [value, low, high, n]}, "baseline": points, "adding": {key: points},
     "rises": {key: [since, usual, usual_n, now, now_n]}}

`points` are impacts (multinomial model, g-computation) with coding error in the interval; `adding`
are parts that add up with `baseline` to the net score (least squares); `rises` stands with all
surveys together and all time alone.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from gloed.base import jobs
from gloed.base.models import Organisation
from gloed.coding.models import Codebook, CodedVerbatim, Mention, Review, ThemeFigures
from gloed.coding.operations.kinds import RECKON
from gloed.coding.quality import Checked, checked_sample
from gloed.coding.rules.weeks import monday_of, rise_of
from gloed.stats import Refusal, theme_points
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric

DAYS = (0, 30, 90, 365)
WAIT = timedelta(minutes=5)
"""After single answers the figures wait so long for more of them."""
MOST_SURVEYS = 30
_SOUND = {-1: "neg", 0: "neu", 1: "pos"}


@dataclass(slots=True)
class _Said:
    """An answer in words: whose survey, when, which class, and its themes as they sound.

    `is_sampled` where people checked it in the random sample.
    """

    survey: int
    day: date | None
    score_class: int | None
    is_sampled: bool = False
    themes: dict[str, int] = field(default_factory=dict)


def ask_figures(organisation: int, *, now: datetime, at_once: bool = False) -> None:
    """Have a worker reckon an organisation's figures anew, soon."""
    jobs.enqueue(
        RECKON,
        now=now,
        organisation=organisation,
        run_at=now if at_once else now + WAIT,
        key=f"{RECKON}:{organisation}",
    )


def reckon(
    organisation: Organisation, *, now: datetime, report: Any = lambda _done, _total: None
) -> None:
    """Reckon every figure of an organisation. The same answers give the same figures."""
    codebook = Codebook.objects.select_related("published").filter(organisation=organisation)
    book = codebook.first()
    if book is None or book.published is None:
        return
    said = _read(organisation)
    checked = checked_sample(organisation)
    today = timezone.localdate(now)
    scopes = list(_scopes(organisation, said))
    for place, (survey, surveys) in enumerate(scopes):
        inside = [each for each in said if each.survey in surveys]
        for days in DAYS:
            since = today - timedelta(days=days - 1) if days else None
            chosen = [s for s in inside if since is None or (s.day and s.day >= since)]
            figures = _figures(chosen, checked)
            if survey is None and not days:
                figures["rises"] = _rises(said, last=monday_of(today))
            ThemeFigures.objects.update_or_create(
                organisation=organisation,
                scope=scope_key(survey, days),
                defaults={
                    "survey_id": survey,
                    "version": book.published,
                    "figures": figures,
                    "made_at": now,
                },
            )
        report(place + 1, len(scopes))
    kept = [scope_key(survey, days) for survey, _all in scopes for days in DAYS]
    ThemeFigures.objects.filter(organisation=organisation).exclude(scope__in=kept).delete()


def scope_key(survey: int | None, days: int) -> str:
    """How a scope is called: "0:90" is all surveys, the last 90 days."""
    return f"{survey or 0}:{days}"


def _scopes(
    organisation: Organisation, said: Sequence[_Said]
) -> Iterator[tuple[int | None, frozenset[int]]]:
    """All surveys that ask the NPS together, then each by itself, the most answered first."""
    answered = Counter(each.survey for each in said)
    surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
    metrics = dict(surveys.values_list("pk", "metric"))
    yield None, frozenset(key for key in metrics if metrics[key] == Metric.NPS)
    ranked = sorted((key for key in metrics if answered[key]), key=lambda k: (-answered[k], k))
    for key in ranked[:MOST_SURVEYS]:
        yield key, frozenset({key})


def _read(organisation: Organisation) -> list[_Said]:
    coded = CodedVerbatim.objects.filter(organisation=organisation).order_by("answer_id")
    reviews = Review.objects.filter(organisation=organisation)
    sampled = set(reviews.values_list("answer_id", flat=True))
    said = {
        answer: _Said(survey, day, score_class, answer in sampled)
        for answer, survey, day, score_class in coded.values_list(
            "answer_id", "survey_id", "day", "score_class"
        ).iterator(chunk_size=5_000)
    }
    mentions = Mention.objects.filter(organisation=organisation, theme__is_live=True)
    rows = mentions.values_list("answer_id", "theme__key", "polarity_text")
    for answer, key, polarity in rows.order_by("answer_id", "theme_id").iterator(chunk_size=5_000):
        if answer in said:
            said[answer].themes[key] = polarity
    return list(said.values())


def _figures(said: Sequence[_Said], checked: Checked) -> dict[str, Any]:
    # arrays and, by way of polarity, lexicons: the worker alone
    from gloed.text import impact  # noqa: PLC0415
    from gloed.text.polarity import Polarity  # noqa: PLC0415

    scored = [(each.score_class, each) for each in said if each.score_class is not None]
    people: list[impact.Named] = []
    machine: list[impact.Named] = []
    for score_class, each in scored:
        themes = {key: Polarity(_SOUND[sound]) for key, sound in each.themes.items()}
        asked = people if checked.corrects and each.is_sampled else machine
        asked.append(impact.Named(score_class, themes))
    known = {
        key: impact.Checked(sample.right, sample.wrong, sample.missed)
        for key, sample in checked.samples.items()
    }
    found = impact.impacts(machine, checked=known if checked.corrects else None, sampled=people)
    baseline, adding = _adding(scored)
    return {
        "n": len(scored),
        "net": 100 * sum(value for value, _each in scored) / len(scored) if scored else None,
        "corrected": checked.corrects,
        "points": {key: list(one) for key, one in sorted(found.items())},
        "baseline": baseline,
        "adding": adding,
    }


def _adding(scored: Sequence[tuple[int, _Said]]) -> tuple[float | None, dict[str, float]]:
    """Parts that add up to the net score; nothing where themes cannot be told apart."""
    keys = sorted({key for _value, each in scored for key in each.themes})
    flags = {key: [key in each.themes for _value, each in scored] for key in keys}
    try:
        report = theme_points([value for value, _each in scored], flags)
    except Refusal:
        return None, {}
    return report.baseline.value, {theme.name: theme.points.value for theme in report.themes}


def _rises(said: Sequence[_Said], *, last: date) -> dict[str, list[Any]]:
    """Themes that are named more than they used to be, by key."""
    answers: Counter[date] = Counter()
    named: dict[str, Counter[date]] = defaultdict(Counter)
    for each in said:
        if each.day is not None:
            week = monday_of(each.day)
            answers[week] += 1
            for key in each.themes:
                named[key][week] += 1
    found = {}
    for key in sorted(named):
        rise = rise_of(named[key], answers, last=last)
        if rise is not None:
            since = rise.since.isoformat()
            found[key] = [since, rise.usual, rise.usual_n, rise.now, rise.now_n]
    return found
