"""Customers and revenue kept: worked examples with their source, and what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.stats import (
    Caveat,
    Reason,
    Refusal,
    RevenueLedger,
    churn_rate,
    earned_growth,
    earned_growth_ratio,
    forecast_revenue_retention,
    gross_revenue_retention,
    net_revenue_retention,
    retention_rate,
)


def test_retention_matches_r():
    # From R: prop.test(460, 500, correct = FALSE)
    kept = retention_rate(start=500, end=520, new=60)
    assert (kept.value, kept.low, kept.high) == pytest.approx(
        (92, 89.2893683, 94.0701871), abs=5e-8
    )


def test_churn_is_the_other_side():
    kept, lost = (rate(start=500, end=520, new=60) for rate in (retention_rate, churn_rate))
    assert (lost.value, lost.low, lost.high) == pytest.approx(
        (100 - kept.value, 100 - kept.high, 100 - kept.low)
    )


def test_few_customers_are_said_to_be_few():
    assert retention_rate(start=10, end=10, new=1).caveats == (Caveat.SMALL_BASE,)


@pytest.mark.parametrize(
    ("start", "end", "new", "reason"),
    [
        (0, 5, 5, Reason.NO_ANSWERS),
        (10, 15, 2, Reason.IMPOSSIBLE_COUNTS),
        (10, 5, 6, Reason.IMPOSSIBLE_COUNTS),
        (10, -5, 0, Reason.NEGATIVE_COUNT),
        (math.nan, 5, 0, Reason.NEGATIVE_COUNT),
        (math.inf, 5, 0, Reason.NEGATIVE_COUNT),
    ],
)
def test_impossible_customer_counts_are_refused(start, end, new, reason):
    for rate in (retention_rate, churn_rate):
        with pytest.raises(Refusal) as refused:
            rate(start=start, end=end, new=new)
        assert refused.value.reason is reason


# Reichheld, Darnell & Burns 2021, appendix B: 100 -> 130, NRR 85, ENC 25, bought 20
EXAMPLE = RevenueLedger(opening=100, closing=85)


def test_earned_growth_matches_the_published_example():
    assert net_revenue_retention(EXAMPLE).value == 85
    assert earned_growth(EXAMPLE, earned_new=25, bought_new=20).value == 10
    assert earned_growth_ratio(EXAMPLE, earned_new=25, bought_new=20).value == pytest.approx(1 / 3)


def test_a_closed_ledger_has_no_interval():
    rate = net_revenue_retention(EXAMPLE)
    assert (rate.low, rate.high, rate.n) == (None, None, 0)
    assert rate.caveats == (Caveat.NO_SAMPLING_ERROR, Caveat.BASE_NOT_STATED)


def test_revenue_of_unknown_origin_makes_a_range():
    rate = earned_growth(EXAMPLE, earned_new=20, bought_new=20, unknown_new=5)
    assert (rate.value, rate.low, rate.high) == (5, 5, 10)
    assert Caveat.ORIGIN_UNKNOWN in rate.caveats
    ratio = earned_growth_ratio(EXAMPLE, earned_new=20, bought_new=20, unknown_new=5)
    assert (ratio.low, ratio.high) == pytest.approx((5 / 30, 10 / 30))


def test_a_ratio_to_shrinking_revenue_is_flagged():
    ratio = earned_growth_ratio(EXAMPLE, earned_new=5)
    assert ratio.value == 1
    assert Caveat.NEGATIVE_GROWTH in ratio.caveats


def test_an_earned_part_that_shrank_is_flagged_too():
    ratio = earned_growth_ratio(RevenueLedger(100, 60), earned_new=10, bought_new=50)
    assert ratio.value == pytest.approx(-30 / 20)
    assert Caveat.NEGATIVE_GROWTH in ratio.caveats


def test_a_forecast_has_the_interval_of_a_ratio_of_customers():
    # linearised by hand: the error of sum b / sum a is the root of sum (b - r a)^2 over sum a
    opening, closing = [100, 80, 120, 60, 140] * 40, [90, 90, 100, 0, 150] * 40
    year = forecast_revenue_retention(opening, closing)
    assert year.value == net_revenue_retention(RevenueLedger.from_customers(opening, closing)).value
    ratio = sum(closing) / sum(opening)
    error = 100 * math.sqrt(
        sum((b - ratio * a) ** 2 for a, b in zip(opening, closing, strict=True))
    ) / sum(opening)  # fmt: skip
    assert year.half_width == pytest.approx(1.96 * error, rel=0.08)
    assert (year.method, year.n) == ("customer_bootstrap", 200)
    assert year == forecast_revenue_retention(opening, closing)
    assert year != forecast_revenue_retention(opening, closing, seed=year.seed + 1)
    gross = forecast_revenue_retention(opening, closing, gross=True)
    assert gross.value < year.value
    assert gross.high <= 100


def test_one_large_customer_makes_a_forecast_unsure():
    calm = forecast_revenue_retention([100] * 50, [90] * 50)
    large = forecast_revenue_retention([100] * 49 + [5000], [90] * 49 + [0])
    assert calm.low == calm.value == calm.high
    assert large.high - large.low > 50


def test_gross_retention_caps_each_customer():
    ledger = RevenueLedger.from_customers([100, 50, 30, 0], [150, 20, 0, 99])
    assert ledger == RevenueLedger(180, 170, contraction=30, churned=30, customers=3)
    assert gross_revenue_retention(ledger).value == pytest.approx(100 * 120 / 180)
    assert net_revenue_retention(ledger).value == pytest.approx(100 * 170 / 180)


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        (lambda: net_revenue_retention(RevenueLedger(0, 0)), Reason.NO_OPENING),
        (lambda: gross_revenue_retention(RevenueLedger(0, 0)), Reason.NO_OPENING),
        (lambda: earned_growth(RevenueLedger(0, 0), earned_new=1), Reason.NO_OPENING),
        (lambda: earned_growth_ratio(RevenueLedger(9, 9), earned_new=0), Reason.NO_GROWTH),
        (lambda: RevenueLedger(10, 10, contraction=6, churned=5), Reason.IMPOSSIBLE_COUNTS),
        (lambda: RevenueLedger(-1, 10), Reason.NEGATIVE_COUNT),
        (lambda: RevenueLedger(math.nan, 10), Reason.NOT_A_NUMBER),
        (lambda: earned_growth(EXAMPLE, earned_new=-1), Reason.NEGATIVE_COUNT),
        (lambda: RevenueLedger.from_customers([1], [1, 2]), Reason.DIFFERENT_LENGTHS),
        (lambda: RevenueLedger.from_customers([1], [None]), Reason.NOT_A_NUMBER),
        (lambda: RevenueLedger.from_customers([1], [-1]), Reason.NEGATIVE_COUNT),
    ],
)
def test_impossible_ledgers_are_refused(ask, reason):
    with pytest.raises(Refusal) as refused:
        ask()
    assert refused.value.reason is reason


amounts = st.lists(st.tuples(st.floats(0.01, 1e6), st.floats(0, 1e6)), min_size=2, max_size=20)


@given(amounts)
def test_ledgers_of_parts_add_up_to_the_whole(rows):
    parts = [RevenueLedger.from_customers([o], [c]) for o, c in rows]
    whole = RevenueLedger.from_customers([o for o, _ in rows], [c for _, c in rows])
    merged = sum(parts, start=RevenueLedger(0, 0))
    assert net_revenue_retention(merged).value == pytest.approx(net_revenue_retention(whole).value)
    assert gross_revenue_retention(merged).value == pytest.approx(
        gross_revenue_retention(whole).value
    )
    gross, net = gross_revenue_retention(whole).value, net_revenue_retention(whole).value
    assert 0 <= gross <= min(100, net) + 1e-6


def test_a_ledger_adds_to_ledgers_only():
    with pytest.raises(TypeError):
        EXAMPLE + 1
