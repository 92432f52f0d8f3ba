"""NPS and eNPS: promoters minus detractors, in points from -100 to 100."""

from collections.abc import Iterable
from dataclasses import replace

from gloed.stats.counts import Answers
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal
from gloed.stats.scored import Metric, Scored, estimate, scored


def nps(
    answers: Answers,
    *,
    weights: Iterable[float] | None = None,
    confidence: float = 0.95,
    method: str = "score",
) -> Estimate:
    """Share of promoters (9-10) minus share of detractors (0-6) of a 0-10 question, in points.

    `answers` is a `NetCounts`, a `Histogram` or `WeightedHistogram` on 0-10, or plain scores
    (with `weights` if they count unequally). Interval: multinomial score (Tango 1998), or
    `method` "wald", "adjusted_wald", "dirichlet". Source: Reichheld 2003.
    Refuses when nobody has answered and on any other scale.

    >>> from gloed.stats import NetCounts
    >>> score = nps(NetCounts(promoters=120, passives=50, detractors=30))
    >>> score.value, round(score.low, 4), round(score.high, 4), score.n
    (45.0, 34.1079, 54.5706, 200)
    """
    prepared = scored(answers, Metric.NPS, weights=weights)
    return estimate(prepared, confidence=confidence, method=method)


def enps(
    answers: Answers,
    *,
    head_count: float | None = None,
    weights: Iterable[float] | None = None,
    confidence: float = 0.95,
    method: str = "score",
) -> Estimate:
    """NPS among employees, in points.

    With `head_count`, the interval describes this roster at this moment: the base counts as
    n / (1 - n/N), and when everybody answered there is no sampling error left. Leave it out to
    compare waves or teams. Refuses more answers than heads.

    >>> from gloed.stats import NetCounts
    >>> snapshot = enps(NetCounts(30, 20, 10), head_count=80)
    >>> round(snapshot.value, 4), round(snapshot.standard_error, 4)
    (33.3333, 4.8519)
    """
    prepared = scored(answers, Metric.ENPS, weights=weights)
    if head_count is None:
        return estimate(prepared, confidence=confidence, method=method)
    if not head_count >= prepared.n:
        raise Refusal(
            Reason.IMPOSSIBLE_COUNTS, "There cannot be more answers than people on the roster."
        )
    if prepared.n == head_count:
        return _without_sampling_error(prepared, confidence=confidence)
    factor = 1 / (1 - prepared.n / head_count)
    base = prepared.n if prepared.effective_n is None else prepared.effective_n
    finite = replace(
        prepared,
        counts=prepared.rescaled(factor),
        caveats=(*prepared.caveats, Caveat.FINITE_POPULATION),
        effective_n=base * factor,
        standard_error=_finite_error(prepared, factor),
    )
    return estimate(finite, confidence=confidence, method=method)


def _finite_error(prepared: Scored, factor: float) -> float | None:
    """Standard error of a sample without replacement, with the n - 1 of survey sampling."""
    if prepared.standard_error is None or prepared.n <= 1:
        return None
    bessel = 1.0 if Caveat.WEIGHTED in prepared.caveats else prepared.n / (prepared.n - 1)
    return float(prepared.standard_error * (bessel / factor) ** 0.5)


def _without_sampling_error(prepared: Scored, *, confidence: float) -> Estimate:
    value = prepared.value
    return Estimate(
        value=value,
        low=value,
        high=value,
        n=prepared.n,
        method="whole_population",
        confidence=confidence,
        caveats=(*prepared.caveats, Caveat.WHOLE_POPULATION),
        standard_error=0.0,
    )
