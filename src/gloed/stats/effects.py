"""Did the action work? Change among those treated less change among those not."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt

import numpy as np

from gloed.stats.counts import FloatArray, NetCounts, Scores, as_floats
from gloed.stats.decomposition import MixRate, mix_and_rate
from gloed.stats.difference import difference
from gloed.stats.distributions import t_critical, t_two_sided_p
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal, critical_z, two_sided_p
from gloed.stats.intervals import score_interval
from gloed.stats.regression_to_mean import RegressionToMean
from gloed.stats.solving import bracketed_roots

MANY_TEAMS = 40
FEWEST_TEAMS = 4
FEWEST_PERIODS = 3
_HAIR = 1e-9
_SIGNS = np.array([1.0, -1.0, -1.0, 1.0])


def difference_in_differences(
    *,
    treated_before: NetCounts,
    treated_after: NetCounts,
    control_before: NetCounts,
    control_after: NetCounts,
    confidence: float = 0.95,
) -> Estimate:
    """(treated after - before) - (control after - before), in points.

    Interval: MOVER over the four score intervals, `p_value` its inversion. Holds if both arms
    would have moved alike: show `parallel_trends`. If whole teams were treated, use
    `clustered_difference`. Refuses an empty cell: without control there is no effect.

    >>> effect = difference_in_differences(
    ...     treated_before=NetCounts(50, 30, 40),
    ...     treated_after=NetCounts(70, 30, 30),
    ...     control_before=NetCounts(60, 40, 30),
    ...     control_after=NetCounts(62, 38, 32),
    ... )
    >>> round(effect.value, 6), round(effect.standard_error, 6)
    (22.785548, 14.594645)
    """
    arms = (treated_after, treated_before, control_after, control_before)
    if control_before.n == 0 or control_after.n == 0:
        raise Refusal(Reason.NO_COMPARISON_GROUP, "Without a comparison group no effect is known.")
    if treated_before.n == 0 or treated_after.n == 0:
        raise Refusal(Reason.NO_ANSWERS, "Those treated need answers before and after.")
    rows = np.array([[c.detractors, c.passives, c.promoters] for c in arms], dtype=np.float64)
    n = rows.sum(axis=1)
    nets = (rows[:, 2] - rows[:, 0]) / n
    variances = ((rows[:, 0] + rows[:, 2]) / n - nets**2) / n
    value = float(_SIGNS @ nets)

    def reach(z: float) -> tuple[float, float]:
        low, high = score_interval(rows, (-1, 0, 1), z)
        down = np.where(_SIGNS > 0, nets - low, high - nets)
        up = np.where(_SIGNS > 0, high - nets, nets - low)
        return float(np.linalg.norm(down)), float(np.linalg.norm(up))

    down, up = reach(critical_z(confidence))
    return Estimate(
        value=100 * value,
        low=100 * (value - down),
        high=100 * (value + up),
        n=float(n.sum()),
        method="difference_in_differences",
        confidence=confidence,
        p_value=_inverted(value, reach),
        standard_error=100 * sqrt(float(variances.sum())),
    )


def clustered_difference(
    values: Scores,
    *,
    treated: Sequence[bool],
    after: Sequence[bool],
    teams: Sequence[Hashable],
    confidence: float = 0.95,
) -> Estimate:
    """The same when whole teams were treated: least squares with errors clustered by team.

    `values` are class values, 1, 0, -1 for NPS (`class_values`). From 40 teams on CR1 (as
    `sandwich::vcovCL(type = "HC1")`, normal limits); below, CR2 with Satterthwaite degrees of
    freedom (Bell & McCaffrey 2002; Pustejovsky & Tipton 2018; as `clubSandwich`). Refuses fewer
    than 4 teams in an arm: use `placebo_rank`.
    """
    y, design, members = _panel(values, treated, after, teams)
    bread = np.asarray(np.linalg.inv(design.T @ design), dtype=np.float64)
    residual = y - design @ (bread @ (design.T @ y))
    contrast = np.array([0.0, 0.0, 0.0, 1.0])
    value = float(contrast @ bread @ design.T @ y)
    if np.abs(residual).max() < _HAIR * max(1.0, float(np.abs(y).max())):
        raise Refusal(Reason.NO_VARIATION, "All answers of an arm and period are alike: no doubt"
                      " can be told from so little.")  # fmt: skip
    if len(members) >= MANY_TEAMS:
        meat = sum(np.outer(s, s) for s in (design[m].T @ residual[m] for m in members))
        n, k, g = *design.shape, len(members)
        scale = g / (g - 1) * (n - 1) / (n - k)
        error = sqrt(scale * float(contrast @ bread @ meat @ bread @ contrast))
        z, p_value = critical_z(confidence), two_sided_p((value / error) ** 2 if error else np.inf)
        method = "clustered_cr1"
    else:
        error, df = _cr2(design, residual, members, bread, contrast)
        critical_z(confidence)  # refuses an impossible level
        z, p_value = t_critical(confidence, df), t_two_sided_p(value / error, df) if error else 0.0
        method = "clustered_cr2"
    return Estimate(
        value=100 * value,
        low=100 * (value - z * error),
        high=100 * (value + z * error),
        n=len(y),
        method=method,
        confidence=confidence,
        caveats=(Caveat.FEW_CLUSTERS,) if len(members) < MANY_TEAMS else (),
        p_value=p_value,
        effective_n=float(len(members)),
        standard_error=100 * error,
    )


def placebo_rank(changes: Mapping[str, float], treated: str) -> float:
    """With few teams: the share of teams that moved at least as far as the one treated.

    `changes` holds after minus before per team. 1/G at best (MacKinnon & Webb 2018). Refuses one
    team alone.

    >>> placebo_rank({"Noord": 12, "Oost": -3, "Zuid": 4, "West": 1}, "Noord")
    0.25
    """
    if treated not in changes:
        raise Refusal(Reason.NO_ANSWERS, "The team that was treated is not among the teams.")
    if len(changes) < 2:
        raise Refusal(Reason.NO_COMPARISON_GROUP, "Without other teams no effect is known.")
    if not all(isfinite(change) for change in changes.values()):
        raise Refusal(Reason.NOT_A_NUMBER, "The change of a team is missing.")
    middle = sum(v for k, v in changes.items() if k != treated) / (len(changes) - 1)
    far = abs(changes[treated] - middle)
    return sum(abs(change - middle) >= far for change in changes.values()) / len(changes)


def parallel_trends(
    treated: Sequence[NetCounts], control: Sequence[NetCounts], *, confidence: float = 0.95
) -> Estimate:
    """Slope, in points a period, of treated minus control before the action.

    Weighted least squares with known variances. If the interval excludes 0 the arms diverged
    already, the estimate carries that caveat, and the word "effect" is not to be used. Refuses
    fewer than 3 periods with answers in both arms.

    >>> calm = [NetCounts(50, 30, 20)] * 4
    >>> round(parallel_trends(calm, calm).value, 9) + 0.0
    0.0
    """
    if len(treated) != len(control):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Both arms need the same periods.")
    pairs = [(p, t, c) for p, (t, c) in enumerate(zip(treated, control, strict=True)) if t.n * c.n]
    if len(pairs) < FEWEST_PERIODS:
        raise Refusal(Reason.TOO_FEW, "Three periods before the action are needed.")
    gaps = [difference(c, t) for _, t, c in pairs]
    # Half an answer in every class keeps a unanimous period from weighing infinitely.
    weights = np.array([1 / (_smoothed(t) + _smoothed(c)) for _, t, c in pairs])
    moments = np.array([float(p) for p, _, _ in pairs])
    away = moments - weights @ moments / weights.sum()
    value = float(weights * away @ np.array([gap.value for gap in gaps]) / (weights @ away**2))
    error = 100 / sqrt(float(weights @ away**2))
    reach = critical_z(confidence) * error
    diverging = abs(value) > reach
    return Estimate(
        value=value,
        low=value - reach,
        high=value + reach,
        n=sum(gap.n for gap in gaps),
        method="parallel_trends",
        confidence=confidence,
        caveats=(Caveat.DIVERGING_TRENDS,) if diverging else (),
        p_value=two_sided_p((value / error) ** 2),
        standard_error=error,
    )


@dataclass(frozen=True, slots=True)
class UnattributedChange:
    """All that can be said of a change without a comparison group."""

    change: Estimate
    expected_without_action: RegressionToMean | None
    parts: MixRate | None


def change_without_comparison(
    before: Mapping[str, NetCounts],
    after: Mapping[str, NetCounts],
    *,
    expected: RegressionToMean | None = None,
    confidence: float = 0.95,
) -> UnattributedChange:
    """The change with its interval, its mix part, and what regression to the mean expects.

    Counts by segment (one segment is fine). The change carries the caveat that it cannot be
    attributed to any action.

    >>> told = change_without_comparison({"all": NetCounts(5, 3, 9)}, {"all": NetCounts(8, 4, 5)})
    >>> Caveat.NO_COMPARISON_GROUP in told.change.caveats
    True
    """
    totals = [sum(side.values(), start=NetCounts(0, 0, 0)) for side in (before, after)]
    change = difference(totals[0], totals[1], confidence=confidence)
    return UnattributedChange(
        replace(change, caveats=(*change.caveats, Caveat.NO_COMPARISON_GROUP)),
        expected,
        mix_and_rate(before, after, confidence=confidence) if len({*before, *after}) > 1 else None,
    )


def _panel(
    values: Scores,
    treated: Sequence[bool],
    after: Sequence[bool],
    teams: Sequence[Hashable],
) -> tuple[FloatArray, FloatArray, list[np.ndarray[tuple[int], np.dtype[np.bool_]]]]:
    y = as_floats(values)
    arm, post = (as_floats(row) for row in (treated, after))
    if not len(y) == len(arm) == len(post) == len(teams):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs its arm, period and team.")
    if np.isinf(y).any():
        raise Refusal(Reason.NOT_A_NUMBER, "An answer is infinite.")
    if not np.isin((arm, post), (0.0, 1.0)).all():
        raise Refusal(Reason.NOT_A_NUMBER, "Every answer is of one arm and one period.")
    kept = ~np.isnan(y)
    y, arm, post = y[kept], arm[kept], post[kept]
    held = [team for team, keep in zip(teams, kept, strict=True) if keep]
    by_arm = [{team for team, a in zip(held, arm, strict=True) if a == side} for side in (0, 1)]
    if not by_arm[0]:
        raise Refusal(Reason.NO_COMPARISON_GROUP, "Without a comparison group no effect is known.")
    if min(len(side) for side in by_arm) < FEWEST_TEAMS:
        raise Refusal(Reason.TOO_FEW, "Fewer than four teams in an arm allow a placebo rank only.")
    if by_arm[0] & by_arm[1]:
        raise Refusal(Reason.IMPOSSIBLE_COUNTS, "A team is either treated or not.")
    design = np.column_stack([np.ones(len(y)), arm, post, arm * post])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise Refusal(Reason.NO_ANSWERS, "Both arms need answers before and after.")
    members = [np.array([t == team for t in held]) for team in dict.fromkeys(held)]
    return y, design, members


def _cr2(
    design: FloatArray,
    residual: FloatArray,
    members: Sequence[np.ndarray[tuple[int], np.dtype[np.bool_]]],
    bread: FloatArray,
    contrast: FloatArray,
) -> tuple[float, float]:
    """Bell and McCaffrey's standard error and Satterthwaite degrees of freedom."""
    pulled, summed = [], []
    for member in members:
        rows = design[member]
        inside = np.eye(len(rows)) - rows @ bread @ rows.T
        sizes, axes = np.linalg.eigh(inside)
        root = np.where(sizes > 1e-10, 1 / np.sqrt(np.maximum(sizes, 1e-10)), 0.0)
        lever = (axes * root) @ axes.T @ rows @ bread @ contrast
        summed.append(float(lever @ residual[member]))
        spread = -design @ (bread @ (rows.T @ lever))
        spread[member] += lever
        pulled.append(spread)
    gram = np.array(pulled) @ np.array(pulled).T
    return float(np.linalg.norm(summed)), float(np.trace(gram) ** 2 / (gram**2).sum())


def _inverted(value: float, reach: Callable[[float], tuple[float, float]]) -> float:
    """The level at which the interval just touches 0."""
    side = 0 if value > 0 else 1

    def excess(z: FloatArray) -> FloatArray:
        return np.array([reach(float(step))[side] - abs(value) for step in z])

    least, most = np.array([1e-9]), np.array([38.0])
    if excess(least)[0] >= 0:
        return 1.0
    if excess(most)[0] < 0:
        return 0.0
    z = float(bracketed_roots(excess, least, most)[0])
    return two_sided_p(z * z)


def _smoothed(counts: NetCounts) -> float:
    n = counts.n + 1.5
    outer = counts.promoters + counts.detractors + 1
    return (outer / n - ((counts.promoters - counts.detractors) / n) ** 2) / n
