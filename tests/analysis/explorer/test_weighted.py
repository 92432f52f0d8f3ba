"""Scores weighted to the people of a table, in the explorer."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.coverage.models import PopulationTable
from gloed.analysis.explorer.counting import Tally
from gloed.analysis.explorer.scoring import Scoring
from gloed.analysis.measures import measures_of
from gloed.stats import Histogram, NetCounts, WeightedHistogram, difference, post_stratify
from gloed.surveys.rules import SCALES, Metric
from tests.analysis.explorer.conftest import page, rows_of
from tests.conftest import NOW

NORTH, SOUTH = {9: 60, 7: 20, 2: 20}, {9: 5, 7: 5, 2: 10}


@pytest.fixture
def survey(organisation, make_survey, many, rebuild):
    """North answers often and is content (40), South seldom and is not (-25)."""
    found = make_survey(organisation)
    for contract, share in (("Fixed", 5), ("Variable", 1)):
        for region, ratings in (("North", NORTH), ("South", SOUTH)):
            own = {rating: n * share // 5 for rating, n in ratings.items()}
            many(found, own, attributes={"region": region, "contract": contract})
    rebuild(organisation)
    return found


@pytest.fixture
def table(organisation):
    """Three of four people live in the South."""
    return PopulationTable.objects.create(
        organisation=organisation,
        column="attr:region",
        number=1,
        sizes={"North": 1000, "South": 3000},
        created_at=NOW,
    )


def worth_in(text):
    return int(re.search(r"weighted, worth (\d+)", text)[1])


def test_the_score_is_weighted_and_says_what_it_rests_on(alice, survey, table):
    known = post_stratify(
        {"N": NetCounts(72, 24, 24), "S": NetCounts(6, 6, 12)}, {"N": 1000, "S": 3000}
    ).score
    (north, south) = rows_of(alice, "groups", by="attr:region", weighted="1")
    assert (float(north["score"]), float(south["score"])) == (40, -25)
    assert float(south["effective_answers"]) == pytest.approx(23)
    text = page(alice, weighted="1")
    assert f"−{-known.value:.0f}" == "−9"
    assert "−9" in text
    assert "144 answers" in text
    assert 30 < worth_in(text) <= 42  # Kish: 144² / (120 · 0.3² + 24 · 4.5²) = 41.7
    assert "One weight for each segment of your people by region" in text


def test_groups_are_held_against_the_rest_with_the_same_weights(alice, survey, table):
    query = {"by": "attr:contract", "weighted": "1", "cut": "quarter"}
    found = {row["attr:contract"]: row for row in rows_of(alice, "groups", **query)}
    heavy, light = 144 * 0.75 / 24, 144 * 0.25 / 120

    def weighed(share):
        north, south = ([n * share // 5 for n in (ratings[2], ratings[7], ratings[9])]
                        for ratings in (NORTH, SOUTH))  # fmt: skip
        return WeightedHistogram(
            (-1, 0, 1),
            tuple(a + b for a, b in zip(north, south, strict=True)),
            tuple(light * a + heavy * b for a, b in zip(north, south, strict=True)),
            tuple(light**2 * a + heavy**2 * b for a, b in zip(north, south, strict=True)),
        )

    known = difference(weighed(1), weighed(5))
    fixed = found["Fixed"]
    assert float(fixed["difference"]) == pytest.approx(known.value)
    assert float(fixed["difference_low"]) == pytest.approx(known.low)
    assert float(fixed["difference_high"]) == pytest.approx(known.high)
    heat = rows_of(alice, "heat", **query)
    assert sum(float(row["answers"] or 0) for row in heat) == 144


def test_a_filter_keeps_the_weights_of_everybody(alice, survey, table):
    text = page(alice, weighted="1", **{"attr:region": "North"})
    assert "120 answers · weighted, worth 119" in text


def test_the_latest_of_each_person_can_be_weighted(alice, survey, table):
    assert 30 < worth_in(page(alice, weighted="1", which="latest")) <= 42


def test_where_weights_do_not_hold_it_says_so_and_counts_alike(
    alice, organisation, survey, table, many, rebuild
):
    table.sizes = {"North": 1000, "South": 3000, "Isle": 50}
    table.save()
    text = page(alice, weighted="1", by="attr:contract")
    assert "Every answer counts the same here" in text
    assert "nobody answered from Isle" in text
    assert "144 answers" in text
    table.sizes = {"North": 1000, "South": 3000}
    table.save()
    many(survey, {2: 30}, attributes={"contract": "Odd"})
    rebuild(organisation)
    text = page(alice, weighted="1", **{"attr:contract": "Odd"})
    assert "Of no answer under these filters is known to which segment it belongs." in text
    assert "30 answers" in text
    assert "30 answers of which the segment is not known stay out" in page(alice, weighted="1")


def test_without_a_table_weights_are_not_offered_and_the_way_is_shown(alice, survey):
    text = page(alice, weighted="1")
    assert "there is no table yet of how many people stand behind each segment" in text
    assert "Weighted to your people" not in text


def test_the_time_before_is_weighted_by_itself_or_not_compared(alice, survey, table):
    query = {"from": "2026-02-21", "to": "2026-03-02", "versus": "before", "weighted": "1"}
    assert "compared with the same time before" in page(alice, **query)
    query |= {"from": "2026-01-16"}
    assert "Not compared with the time before" in page(alice, **query)


COUNTS = st.lists(st.integers(0, 60), min_size=11, max_size=11).filter(lambda c: sum(c) > 0)


@given(COUNTS, COUNTS)
def test_weights_that_are_all_one_change_no_score_and_cost_one_answer_at_most(first, second):
    (measure,) = measures_of(Metric.NPS, SCALES[Metric.NPS][0])
    scoring = Scoring(measure)
    plain = [Tally(Histogram.of(counts)) for counts in (first, second)]
    same = []
    for tally in plain:
        net = measure.net_counts(tally.given)
        counts = (net.detractors, net.passives, net.promoters)
        same.append(Tally(tally.given, loads=WeightedHistogram((-1, 0, 1), *(counts,) * 3)))
    for one, two in zip(scoring.estimates(plain), scoring.estimates(same), strict=True):
        assert two.value == pytest.approx(one.value)
        assert one.n - 1 - 1e-9 <= two.effective_n <= one.n + 1e-9
        assert two.low <= one.low + 1e-6
        assert two.high >= one.high - 1e-6
    one, two = (scoring.difference(*pair) for pair in (plain, same))
    assert two.value == pytest.approx(one.value, abs=1e-9)
    assert two.low <= one.low + 1e-6
    assert two.high >= one.high - 1e-6
    rest = same[0].without(same[0])
    assert rest.n == 0
    assert rest.loads.total_weight == 0


@given(COUNTS, st.integers(0, 500))
def test_a_level_is_ruled_out_exactly_when_its_p_value_is_small(counts, place):
    (measure,) = measures_of(Metric.NPS, SCALES[Metric.NPS][0])
    tally, level = Tally(Histogram.of(counts), silent=place), (place * 7) % 199 - 99 + 0.5
    scoring = Scoring(measure)
    (p_value,) = scoring.p_values_against([tally], level)
    if abs(p_value - 0.05) > 1e-6:
        assert scoring.estimate(tally).excludes(level) == (p_value < 0.05)
