"""What a theme costs or brings, in NPS points, with overlapping themes told apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from gloed.stats.counts import FloatArray, Scores, as_floats
from gloed.stats.distributions import t_critical, t_two_sided_p
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal, critical_z

FEWEST_MENTIONS = 30


@dataclass(frozen=True, slots=True)
class ThemeEffect:
    """One theme: who mentions it, how their NPS differs, and what that makes of the total."""

    name: str
    mentions: int
    prevalence: float
    effect: Estimate
    points: float


@dataclass(frozen=True, slots=True)
class ThemeReport:
    """NPS = baseline + sum of the themes' points, exactly. Themes too rare are only named."""

    nps: float
    baseline: float
    themes: tuple[ThemeEffect, ...]
    too_rare: tuple[str, ...]


def theme_points(
    values: Scores, themes: Mapping[str, Sequence[bool]], *, confidence: float = 0.95
) -> ThemeReport:
    """Themes in points: least squares of 100 z on theme flags, HC3 errors, t limits.

    `values` are class values (1, 0, -1; see `class_values`), `themes` one flag per answer.
    Association only: unhappy people name more themes, and coded themes carry coding error.
    Themes under 30 mentions are left out and named. Oracle `sandwich::vcovHC(type = "HC3")`.
    Refuses too few answers and themes that always come together.

    >>> values = [1, 1, 0, -1] * 20 + [-1, -1, 0, 1] * 10
    >>> report = theme_points(values, {"delivery": [False] * 80 + [True] * 40})
    >>> round(report.baseline, 6), round(report.themes[0].effect.value, 6)
    (25.0, -50.0)
    >>> round(report.themes[0].points, 4), round(report.nps, 4)
    (-16.6667, 8.3333)
    """
    outcome = as_floats(values)
    if any(len(flags) != len(outcome) for flags in themes.values()):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs one flag per theme.")
    kept = ~np.isnan(outcome)
    y = 100 * outcome[kept]
    if len(y) == 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody has answered yet.")
    flags = {name: np.asarray(row, dtype=np.float64)[kept] for name, row in themes.items()}
    names = [name for name, row in flags.items() if row.sum() >= FEWEST_MENTIONS]
    design = np.column_stack([np.ones(len(y)), *(flags[name] for name in names)])
    fitted, errors, df = _hc3(design, y)
    reach = critical_z(confidence) and t_critical(confidence, df)
    return ThemeReport(
        nps=float(y.mean()),
        baseline=float(fitted[0]),
        themes=tuple(
            ThemeEffect(
                name=name,
                mentions=int(flags[name].sum()),
                prevalence=float(flags[name].mean()),
                effect=Estimate(
                    value=float(b),
                    low=float(b - reach * e),
                    high=float(b + reach * e),
                    n=len(y),
                    method="ols_hc3",
                    confidence=confidence,
                    caveats=(Caveat.ASSOCIATION_ONLY,),
                    p_value=t_two_sided_p(float(b / e), df) if e > 0 else 0.0,
                    standard_error=float(e),
                ),
                points=float(b * flags[name].mean()),
            )
            for name, b, e in zip(names, fitted[1:], errors[1:], strict=True)
        ),
        too_rare=tuple(name for name in themes if name not in names),
    )


def _hc3(design: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray, int]:
    """Coefficients, heteroscedasticity-robust errors and residual degrees of freedom."""
    df = len(y) - design.shape[1]
    if df < 1:
        raise Refusal(Reason.TOO_FEW, "More answers than themes are needed.")
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise Refusal(
            Reason.NO_VARIATION, "Two themes always come together, or one is in every answer."
        )
    bread = np.linalg.inv(design.T @ design)
    fitted = bread @ design.T @ y
    leverage = ((design @ bread) * design).sum(axis=1)
    inflated = (y - design @ fitted) / np.maximum(1 - leverage, 1e-12)
    meat = (design * inflated[:, None]).T @ (design * inflated[:, None])
    return fitted, np.sqrt(np.diag(bread @ meat @ bread)), df
