"""User code that must satisfy a strict type checker; it is checked, not run."""

from datetime import date

import numpy as np

from gloed.stats import (
    Band,
    Caveat,
    ClassRevenue,
    Estimate,
    Histogram,
    Metric,
    NetCounts,
    Polarity,
    RankRange,
    Reason,
    Refusal,
    RevenueLedger,
    Shares,
    Transitions,
    Visibility,
    WeightedHistogram,
    answers_needed,
    anytime_score,
    band_of,
    benjamini_hochberg,
    ces,
    change_point,
    csat,
    csat_mean,
    difference,
    difference_in_differences,
    enps,
    ewma_alarms,
    ewma_limit,
    key_drivers,
    log_rank,
    mix_and_rate,
    net_revenue_retention,
    nps,
    nps_trend,
    p_value_against,
    paired_change,
    post_stratify,
    raked_score,
    rank_groups,
    retention_rate,
    revenue_at_risk,
    score_interval,
    shrink,
    suppress,
    survival_curve,
    theme_points,
    time_since_answer,
)


def scores_of_every_kind() -> list[Estimate]:
    """Counts, histograms, lists with holes, arrays and generators all make a score."""
    counts = NetCounts(promoters=120, passives=50, detractors=30)
    histogram = Histogram.from_scores([9, None, 3], scale=(0, 10))
    weighted = WeightedHistogram.from_scores([9, 3], [1.0, 2.5])
    return [
        nps(counts),
        nps(histogram + histogram, confidence=0.9, method="dirichlet"),
        nps(weighted),
        nps([9, 10, None], weights=[1, 2, 1]),
        nps(np.array([9.0, 10.0])),
        nps(float(score) for score in "123"),
        enps(counts, head_count=400),
        csat([5, 4, 3], scale=(1, 5)),
        csat_mean(Histogram.of([1, 2, 3, 4, 5], scale=(1, 5))),
        ces([1, 2], scale=(1, 5), polarity=Polarity.LOW_IS_GOOD),
        retention_rate(start=500, end=520, new=60),
        net_revenue_retention(RevenueLedger(opening=100, closing=85)),
    ]


def sentence(score: Estimate) -> str:
    """Limits may be absent, and the checker knows."""
    if score.low is None or score.high is None:
        return f"{score.value:.1f}"
    half: float | None = score.half_width
    small: bool = Caveat.SMALL_BASE in score.caveats
    return f"{score.value:.1f} ({score.low:.1f} to {score.high:.1f}), {half}, {small}"


def refused() -> Reason | None:
    """A refusal says why."""
    try:
        nps([])
    except Refusal as refusal:
        return refusal.reason
    return None


def comparisons(before: NetCounts, after: NetCounts) -> tuple[float, ...]:
    """Differences, their p-values, and what remains after many looks."""
    change = difference(before, after, metric=Metric.NPS)
    effect = difference_in_differences(
        treated_before=before, treated_after=after, control_before=before, control_after=before
    )
    found = [p for p in (change.p_value, effect.p_value) if p is not None]
    moved = paired_change(Transitions.from_scores([9, 3], [9, 9]))
    needed: int = answers_needed(Shares(0.6, 0.15), Shares(0.63, 0.12))
    return (*benjamini_hochberg(found), moved.value, needed, p_value_against(after, 50))


def groups(teams: list[NetCounts]) -> tuple[tuple[Estimate, ...], tuple[RankRange, ...], Band]:
    """Small groups, ranked and shrunk, shown only where allowed."""
    cells = suppress([int(team.n) for team in teams]).cells
    shown = [t for t, cell in zip(teams, cells, strict=True) if cell is Visibility.SHOWN]
    return shrink(shown), rank_groups(shown), band_of(nps(shown[0])).band


def over_time(weeks: list[NetCounts]) -> list[bool]:
    """Trend, change point and alarms."""
    levels: tuple[Estimate, ...] = nps_trend(weeks).levels
    found = change_point(weeks)
    around: tuple[int, ...] = found.support if found else ()
    alarms = ewma_alarms(weeks, weeks[0], limit=ewma_limit(500, monitors=len(around) or 1))
    return [point.alarm for point in alarms] + [anytime_score(weeks[0]).excludes(levels[0].value)]


def reasons() -> dict[str, float]:
    """Mix, drivers, themes, weights and survival."""
    cells = {"A": NetCounts(5, 3, 2), "B": NetCounts(2, 3, 5)}
    weighted = raked_score([9, 3], {"sex": ["m", "f"]}, {"sex": {"m": 490, "f": 510}})
    times, lost, _ = time_since_answer([date(2026, 1, 1)], [None], until=date(2026, 3, 1))
    low, high = score_interval([[1, 2, 3]], [-1, 0, 1], 1.96)
    return {
        "mix": mix_and_rate(cells, cells).mix.value,
        "driver": key_drivers([1.0], {"speed": [2.0]}).drivers[0].importance.value,
        "theme": theme_points([1, 0, -1], {"price": [True, False, True]}).baseline.value,
        "strata": post_stratify(cells, {"A": 1, "B": 2}).score.value,
        "raked": weighted.score.value,
        "stay": survival_curve(times, lost).at(30),
        "rank": log_rank({"a": (times, lost), "b": (times, lost)}).p_value,
        "risk": revenue_at_risk({"promoters": ClassRevenue(1, 1, 0)}).total.value,
        "width": float(high[0] - low[0]),
    }
