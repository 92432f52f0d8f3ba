"""The statistics of Gloed: pure functions on counts and scores, without Django.

Every number is an `Estimate` with its base, interval and caveats; what cannot be known is a
`Refusal` with a reason in words. Each function has a page in `docs/methods`.
"""

from gloed.stats.back_test import BackTest, Decile, back_test
from gloed.stats.bands import Band, Banding, band_of
from gloed.stats.ces import ces, ces_net_ease, ces_top3
from gloed.stats.change_point import ChangePoint, change_point
from gloed.stats.correlation import correlation
from gloed.stats.counts import Histogram, NetCounts, WeightedHistogram
from gloed.stats.csat import csat, csat_mean
from gloed.stats.decomposition import (
    MixRate,
    SegmentPart,
    change_by_dimensions,
    mix_and_rate,
    shapley_parts,
)
from gloed.stats.difference import difference, mover_p_values, permutation_p_value
from gloed.stats.dirichlet import posterior_nps, probability_better
from gloed.stats.drivers import Driver, DriverReport, Quadrant, key_drivers, quadrants
from gloed.stats.effects import (
    UnattributedChange,
    change_without_comparison,
    clustered_difference,
    difference_in_differences,
    parallel_trends,
    placebo_rank,
)
from gloed.stats.estimate import METHODS_VERSION, Caveat, Estimate, Reason, Refusal
from gloed.stats.hazards import ProportionalHazards, proportional_hazards
from gloed.stats.importance import lmg, r_squared, relative_weights, variance_inflation
from gloed.stats.intervals import (
    Method,
    adjusted_wald_interval,
    dirichlet_interval,
    score_interval,
    wald_interval,
    wilson_interval,
)
from gloed.stats.monitoring import (
    EwmaPoint,
    anytime_score,
    anytime_z,
    ewma_alarms,
    ewma_limit,
    ewma_run_length,
)
from gloed.stats.multinomial import MultinomialLogit, multinomial_logit
from gloed.stats.multiplicity import (
    benjamini_hochberg,
    benjamini_yekutieli,
    holm,
    selected_confidence,
)
from gloed.stats.nonresponse import (
    Dispositions,
    nonresponse_bounds,
    response_rate,
    tipping_point,
)
from gloed.stats.nps import enps, nps
from gloed.stats.ordinal import (
    OrdinalCheck,
    OrdinalModel,
    ProportionalOdds,
    ordinal_check,
    proportional_odds,
    proportionality,
    sign_disagreements,
)
from gloed.stats.paired import Transitions, paired_change
from gloed.stats.planning import (
    Shares,
    answers_needed,
    detectable_change,
    invitations_needed,
    power_to_see,
)
from gloed.stats.ranking import RankRange, can_be_ranked, rank_estimates, rank_groups
from gloed.stats.regression_to_mean import (
    RegressionToMean,
    expected_returns,
    regression_to_mean,
    spread_between,
)
from gloed.stats.repeated import latest_per_customer, repeated_respondents
from gloed.stats.retention import churn_rate, retention_rate
from gloed.stats.revenue import (
    RevenueLedger,
    earned_growth,
    earned_growth_ratio,
    forecast_revenue_retention,
    gross_revenue_retention,
    net_revenue_retention,
)
from gloed.stats.revenue_at_risk import ClassRevenue, RevenueAtRisk, revenue_at_risk
from gloed.stats.scored import Metric, Polarity, class_values, p_value_against
from gloed.stats.shrinkage import (
    dirichlet_multinomial_log_likelihood,
    fit_dirichlet_multinomial,
    shrink,
)
from gloed.stats.standardisation import ChiSquareTest, homogeneity, standardised_nps
from gloed.stats.suppression import Suppression, Visibility, filters_reveal_nobody, suppress
from gloed.stats.survival import (
    SurvivalCurve,
    SurvivalPoint,
    log_rank,
    survival_curve,
    time_since_answer,
)
from gloed.stats.themes import ThemeEffect, ThemeReport, theme_points
from gloed.stats.trend import Level, Trend, forecast, local_level, nps_trend
from gloed.stats.weighting import (
    GroupWeights,
    StratifiedScore,
    WeightedScore,
    Weighting,
    kish_base,
    post_stratify,
    rake,
    rake_groups,
    raked_score,
    trim_weights,
)

__all__ = [
    "METHODS_VERSION",
    "BackTest",
    "Band",
    "Banding",
    "Caveat",
    "ChangePoint",
    "ChiSquareTest",
    "ClassRevenue",
    "Decile",
    "Dispositions",
    "Driver",
    "DriverReport",
    "Estimate",
    "EwmaPoint",
    "GroupWeights",
    "Histogram",
    "Level",
    "Method",
    "Metric",
    "MixRate",
    "MultinomialLogit",
    "NetCounts",
    "OrdinalCheck",
    "OrdinalModel",
    "Polarity",
    "ProportionalHazards",
    "ProportionalOdds",
    "Quadrant",
    "RankRange",
    "Reason",
    "Refusal",
    "RegressionToMean",
    "RevenueAtRisk",
    "RevenueLedger",
    "SegmentPart",
    "Shares",
    "StratifiedScore",
    "Suppression",
    "SurvivalCurve",
    "SurvivalPoint",
    "ThemeEffect",
    "ThemeReport",
    "Transitions",
    "Trend",
    "UnattributedChange",
    "Visibility",
    "WeightedHistogram",
    "WeightedScore",
    "Weighting",
    "adjusted_wald_interval",
    "answers_needed",
    "anytime_score",
    "anytime_z",
    "back_test",
    "band_of",
    "benjamini_hochberg",
    "benjamini_yekutieli",
    "can_be_ranked",
    "ces",
    "ces_net_ease",
    "ces_top3",
    "change_by_dimensions",
    "change_point",
    "change_without_comparison",
    "churn_rate",
    "class_values",
    "clustered_difference",
    "correlation",
    "csat",
    "csat_mean",
    "detectable_change",
    "difference",
    "difference_in_differences",
    "dirichlet_interval",
    "dirichlet_multinomial_log_likelihood",
    "earned_growth",
    "earned_growth_ratio",
    "enps",
    "ewma_alarms",
    "ewma_limit",
    "ewma_run_length",
    "expected_returns",
    "filters_reveal_nobody",
    "fit_dirichlet_multinomial",
    "forecast",
    "forecast_revenue_retention",
    "gross_revenue_retention",
    "holm",
    "homogeneity",
    "invitations_needed",
    "key_drivers",
    "kish_base",
    "latest_per_customer",
    "lmg",
    "local_level",
    "log_rank",
    "mix_and_rate",
    "mover_p_values",
    "multinomial_logit",
    "net_revenue_retention",
    "nonresponse_bounds",
    "nps",
    "nps_trend",
    "ordinal_check",
    "p_value_against",
    "paired_change",
    "parallel_trends",
    "permutation_p_value",
    "placebo_rank",
    "post_stratify",
    "posterior_nps",
    "power_to_see",
    "probability_better",
    "proportional_hazards",
    "proportional_odds",
    "proportionality",
    "quadrants",
    "r_squared",
    "rake",
    "rake_groups",
    "raked_score",
    "rank_estimates",
    "rank_groups",
    "regression_to_mean",
    "relative_weights",
    "repeated_respondents",
    "response_rate",
    "retention_rate",
    "revenue_at_risk",
    "score_interval",
    "selected_confidence",
    "shapley_parts",
    "shrink",
    "sign_disagreements",
    "spread_between",
    "standardised_nps",
    "suppress",
    "survival_curve",
    "theme_points",
    "time_since_answer",
    "tipping_point",
    "trim_weights",
    "variance_inflation",
    "wald_interval",
    "wilson_interval",
]
