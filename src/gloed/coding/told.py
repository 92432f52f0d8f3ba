"""What may be said of themes: shares corrected by the random sample, points, rises.

Higher rooms (alarms, briefs) ask `theme_news` and `rising_themes`: rough themes are left out.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from gloed.base.models import Organisation
from gloed.coding.models import Codebook, CodedVerbatim, Mention, Review, Theme, ThemeFigures
from gloed.coding.operations.discovering import TERMS
from gloed.coding.operations.reckoning import scope_key
from gloed.coding.quality import Checked, checked_sample, rough_keys
from gloed.coding.queries import Line, Overview, Scope, list_live, overview
from gloed.coding.rules.weeks import Rise
from gloed.stats import Caveat, Estimate
from gloed.surveys.models import Survey
from gloed.text.shares import corrected_share


@dataclass(frozen=True, slots=True)
class Figures:
    """What the worker reckoned of a scope. `points` are by theme; `adding` and `baseline` add up
    to the net score."""

    made_at: datetime
    n: int
    net: float | None
    is_corrected: bool
    points: Mapping[str, Estimate]
    baseline: float | None
    adding: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class ThemeNews:
    """A theme as a letter or an alarm may tell it."""

    theme: Theme
    share: Estimate
    negative: int
    positive: int
    points: Estimate | None = None
    rise: Rise | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """What was seen of the random sample inside a scope: how many answers, and of which themes."""

    checked: Checked
    seen: int = 0
    named: Mapping[int, int] = field(default_factory=dict)


def figures_of(organisation: Organisation, survey: int | None, days: int) -> Figures | None:
    """The figures of a survey (None: all that ask the NPS) and so many days, if there are any.

    Those of another version of the codebook than the published one are no longer shown.
    """
    kept = ThemeFigures.objects.filter(
        organisation=organisation,
        scope=scope_key(survey, days),
        version__in=Codebook.objects.filter(organisation=organisation).values("published"),
    ).first()
    if kept is None:
        return None
    said: dict[str, Any] = kept.figures
    return Figures(
        made_at=kept.made_at,
        n=said["n"],
        net=said["net"],
        is_corrected=said["corrected"],
        points={key: _impact(row, said["corrected"]) for key, row in said["points"].items()},
        baseline=said["baseline"],
        adding=said["adding"],
    )


def rises_of(organisation: Organisation) -> dict[str, Rise]:
    """Themes that are named more than they used to be, by key; rough ones too, for their page."""
    kept = ThemeFigures.objects.filter(
        organisation=organisation,
        scope=scope_key(None, 0),
        version__in=Codebook.objects.filter(organisation=organisation).values("published"),
    ).first()
    found = kept.figures.get("rises", {}) if kept else {}
    return {
        key: Rise(date.fromisoformat(since), usual, usual_n, now, now_n)
        for key, (since, usual, usual_n, now, now_n) in found.items()
    }


def group_terms(organisation: Organisation, group: str) -> list[tuple[str, int]]:
    """Words that a group uses more, with how many of it use them; empty below 300 answers.

    `group` is detractors, passives, promoters, or month: the last 30 days against before.
    """
    kept = ThemeFigures.objects.filter(organisation=organisation, scope=TERMS).first()
    found = kept.figures.get(group, []) if kept else []
    return [(term, number) for term, number, _z in found]


def rising_themes(organisation: Organisation) -> list[tuple[Theme, Rise]]:
    """The themes of which an alarm may be given: they rise, and they are not rough."""
    rises, rough = rises_of(organisation), rough_keys(organisation)
    return [
        (theme, rises[theme.key])
        for theme in list_live(organisation)
        if theme.key in rises and theme.key not in rough
    ]


def theme_news(
    organisation: Organisation, *, survey: Survey | None = None, days: int = 90, today: date
) -> list[ThemeNews]:
    """Every theme of the last days that may be told: not rough, and named by enough answers.

    The surely most named first. `days` is 0 (all time), 30, 90 or 365.
    """
    since = date.fromordinal(today.toordinal() - days + 1) if days else None
    scope = Scope(organisation, survey=survey.pk if survey else None, since=since)
    found = corrected(overview(scope, minimum=organisation.minimum_group), scope)
    figures = figures_of(organisation, survey.pk if survey else None, days)
    rises, rough = rises_of(organisation), rough_keys(organisation)
    return [
        ThemeNews(
            line.theme,
            line.share,
            line.negative,
            line.positive,
            figures.points.get(line.theme.key) if figures else None,
            rises.get(line.theme.key),
        )
        for line in found.lines
        if line.theme.key not in rough and not line.theme.is_general
    ]


def correction_of(scope: Scope) -> Correction:
    """The random sample inside a scope; without effect below 200 reviewed answers."""
    checked = checked_sample(scope.organisation)
    if not checked.corrects:
        return Correction(checked)
    reviewed = Review.objects.filter(organisation=scope.organisation).values("answer")
    seen = scope.of(CodedVerbatim.objects.filter(answer__in=reviewed)).count()
    mentions = scope.of(Mention.objects.filter(answer__in=reviewed)).values_list("theme")
    return Correction(checked, seen, Counter(dict(mentions.annotate(Count("pk")).order_by())))


def corrected(found: Overview, scope: Scope) -> Overview:
    """The same themes with shares corrected for what the machine misses and misplaces."""
    correction = correction_of(scope)
    if not correction.checked.corrects or not found.total:
        return found
    lines = [corrected_line(line, found.total, correction) for line in found.lines]
    return replace(found, lines=tuple(lines))


def corrected_line(line: Line, total: int, correction: Correction) -> Line:
    """One theme with its corrected share; as it is where the sample says nothing of it."""
    sample = correction.checked.samples.get(line.theme.key)
    if sample is None or not correction.checked.corrects:
        return line
    seen, named = correction.seen, correction.named.get(line.theme.pk, 0)
    share = corrected_share(line.n - named, total - seen, sample, seen=(seen, named))
    estimate = Estimate(share.value, share.low, share.high, total, "double_sampling")
    return replace(line, share=estimate)


def adding_up(figures: Figures | None, themes: Sequence[Theme]) -> list[tuple[Theme, float]]:
    """The parts of the net score in points, the largest first; empty where there are none."""
    if figures is None:
        return []
    parts = [(theme, figures.adding[theme.key]) for theme in themes if theme.key in figures.adding]
    return sorted(parts, key=lambda part: (-abs(part[1]), part[0].position))


def _impact(row: Sequence[float], is_corrected: bool) -> Estimate:
    value, low, high, n = row
    method = "g_computation_corrected" if is_corrected else "g_computation"
    return Estimate(value, low, high, int(n), method, caveats=(Caveat.ASSOCIATION_ONLY,))
