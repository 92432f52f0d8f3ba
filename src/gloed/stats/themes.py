"""What a theme costs or brings, in NPS points, with overlapping themes told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np

from gloed.stats.counts import FloatArray, NetCounts, Scores, as_floats
from gloed.stats.distributions import t_critical, t_two_sided_p
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal, critical_z
from gloed.stats.nps import nps
from gloed.stats.scored import NET_CLASSES

FEWEST_MENTIONS = 30
_HAIR = 1e-7


@dataclass(frozen=True, slots=True)
class ThemeEffect:
    """One theme: who mentions it, how their NPS differs, and what that makes of the total.

    `prevalence` is the share of answers that mention it (0 to 1); `effect` and `points` in points.
    """

    name: str
    mentions: int
    prevalence: float
    effect: Estimate
    points: Estimate


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """NPS = baseline + sum of the themes' points, exactly. Themes too rare are only named.

    `mentions_by_class` says how many themes a detractor (-1), a passive (0) and a promoter (1)
    name on average: who is unhappy names more, and that is no effect of the themes.
    """

    nps: Estimate
    baseline: Estimate
    themes: tuple[ThemeEffect, ...]
    too_rare: tuple[str, ...]
    mentions_by_class: dict[int, float]


def theme_points(
    values: Scores, themes: Mapping[str, Sequence[bool]], *, confidence: float = 0.95
) -> ThemeReport:
    """Themes in points: least squares of 100 z on theme flags, HC3 errors, t limits.

    `values` are class values (1, 0, -1; see `class_values`; NaN where there is none), `themes` one
    flag per answer. Limits of a theme's points count its prevalence as uncertain too. Association
    only: unhappy people name more themes, and coded themes carry coding error. Themes under 30
    mentions are left out and named. Refuses other values, too few answers, answers that are all
    alike, or alike wherever the same themes are named, and themes that always come together.
    Source: MacKinnon & White 1985; oracle `sandwich::vcovHC(type = "HC3")`.

    >>> values = [1, 1, 0, -1] * 20 + [-1, -1, 0, 1] * 10
    >>> report = theme_points(values, {"delivery": [False] * 80 + [True] * 40})
    >>> round(report.baseline.value, 6), round(report.themes[0].effect.value, 6)
    (25.0, -50.0)
    >>> round(report.themes[0].points.value, 4), round(report.nps.value, 4)
    (-16.6667, 8.3333)
    """
    outcome = as_floats(values)
    if any(len(flags) != len(outcome) for flags in themes.values()):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs one flag per theme.")
    kept = ~np.isnan(outcome)
    values = outcome[kept]
    if len(values) == 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody has answered yet.")
    if not np.isin(values, NET_CLASSES).all():
        raise Refusal(Reason.WRONG_SCALE, "Themes are told in points of answers of 1, 0 and -1.")
    critical_z(confidence)  # refuses an impossible level
    flags = {name: np.asarray(row, dtype=np.float64)[kept] for name, row in themes.items()}
    names = [name for name, row in flags.items() if row.sum() >= FEWEST_MENTIONS]
    design = np.column_stack([np.ones(len(values)), *(flags[name] for name in names)])
    fitted, errors, df = _hc3(design, 100 * values)
    limits = _Limits(len(values), df, confidence)
    return ThemeReport(
        nps=nps(_counted(values), confidence=confidence),
        baseline=limits.around(float(fitted[0]), float(errors[0])),
        themes=tuple(
            _theme(name, flags[name], float(b), float(e), limits)
            for name, b, e in zip(names, fitted[1:], errors[1:], strict=True)
        ),
        too_rare=tuple(name for name in themes if name not in names),
        mentions_by_class=_mentions_by_class(values, flags),
    )


@dataclass(frozen=True, slots=True)
class _Limits:
    """Student's limits for everything one regression says."""

    n: int
    df: int
    confidence: float

    def around(self, value: float, error: float) -> Estimate:
        reach = t_critical(self.confidence, self.df) * error
        return Estimate(
            value=value,
            low=value - reach,
            high=value + reach,
            n=self.n,
            method="ols_hc3",
            confidence=self.confidence,
            caveats=(Caveat.ASSOCIATION_ONLY,),
            p_value=t_two_sided_p(value / error, self.df) if error > 0 else float(value == 0),
            standard_error=error,
        )


def _theme(
    name: str, flags: FloatArray, effect: float, error: float, limits: _Limits
) -> ThemeEffect:
    share = float(flags.mean())
    scatter = effect**2 * share * (1 - share) / len(flags)
    return ThemeEffect(
        name=name,
        mentions=int(flags.sum()),
        prevalence=share,
        effect=limits.around(effect, error),
        points=limits.around(effect * share, hypot(share * error, sqrt(scatter))),
    )


def _counted(values: FloatArray) -> NetCounts:
    low, middle, high = (int((values == value).sum()) for value in NET_CLASSES)
    return NetCounts(high, middle, low)


def _mentions_by_class(values: FloatArray, flags: Mapping[str, FloatArray]) -> dict[int, float]:
    named = sum(flags.values(), start=np.zeros(len(values)))
    present = [value for value in NET_CLASSES if (values == value).any()]
    return {value: float(named[values == value].mean()) for value in present}


def _hc3(design: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, int]:
    """Coefficients, heteroscedasticity-robust errors and residual degrees of freedom."""
    df = len(y) - design.shape[1]
    if df < 1:
        raise Refusal(Reason.TOO_FEW, "More answers than themes are needed.")
    if np.ptp(y) == 0:
        raise Refusal(Reason.NO_VARIATION, "All answers are alike: no theme makes a difference.")
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise Refusal(
            Reason.NO_VARIATION, "Two themes always come together, or one is in every answer."
        )
    bread = np.linalg.inv(design.T @ design)
    fitted = bread @ design.T @ y
    if np.abs(y - design @ fitted).max() < _HAIR:
        raise Refusal(
            Reason.NO_VARIATION, "Who names the same themes answers alike: no doubt can be told."
        )
    leverage = ((design @ bread) * design).sum(axis=1)
    inflated = (y - design @ fitted) / np.maximum(1 - leverage, 1e-12)
    meat = (design * inflated[:, None]).T @ (design * inflated[:, None])
    # Where all who name no theme answer alike, rounding may leave less than 0 of their variance.
    return fitted, np.sqrt(np.maximum(np.diag(bread @ meat @ bread), 0)), df
