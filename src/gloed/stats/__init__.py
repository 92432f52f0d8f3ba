"""The statistics of Gloed: pure functions on counts and scores, without Django."""

from gloed.stats.ces import ces, ces_net_ease, ces_top3
from gloed.stats.counts import Histogram, NetCounts, WeightedHistogram
from gloed.stats.csat import csat, csat_mean
from gloed.stats.difference import difference, mover_p_values, permutation_p_value
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal
from gloed.stats.intervals import (
    Method,
    adjusted_wald_interval,
    dirichlet_interval,
    score_interval,
    wald_interval,
    wilson_interval,
)
from gloed.stats.multiplicity import benjamini_hochberg
from gloed.stats.nps import enps, nps
from gloed.stats.retention import churn_rate, retention_rate
from gloed.stats.revenue import (
    RevenueLedger,
    earned_growth,
    earned_growth_ratio,
    gross_revenue_retention,
    net_revenue_retention,
)
from gloed.stats.scored import Metric, Polarity, p_value_against
from gloed.stats.suppression import Suppression, Visibility, suppress

__all__ = [
    "Caveat",
    "Estimate",
    "Histogram",
    "Method",
    "Metric",
    "NetCounts",
    "Polarity",
    "Reason",
    "Refusal",
    "RevenueLedger",
    "Suppression",
    "Visibility",
    "WeightedHistogram",
    "adjusted_wald_interval",
    "benjamini_hochberg",
    "ces",
    "ces_net_ease",
    "ces_top3",
    "churn_rate",
    "csat",
    "csat_mean",
    "difference",
    "dirichlet_interval",
    "earned_growth",
    "earned_growth_ratio",
    "enps",
    "gross_revenue_retention",
    "mover_p_values",
    "net_revenue_retention",
    "nps",
    "p_value_against",
    "permutation_p_value",
    "retention_rate",
    "score_interval",
    "suppress",
    "wald_interval",
    "wilson_interval",
]
