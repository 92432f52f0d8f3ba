"""Retention and churn of customers counted at the start and the end of a period."""

from gloed.stats.estimate import SMALL_BASE, Caveat, Estimate, Reason, Refusal
from gloed.stats.intervals import as_method, interval


def retention_rate(
    *, start: float, end: float, new: float, confidence: float = 0.95, method: str = "score"
) -> Estimate:
    """Customers of the start still there at the end, (E - N) / S, in percent; Wilson on S.

    `start` customers at the start, `end` at the end, `new` of those won in between. Refuses
    S = 0 and counts that cannot be: fewer than none kept, or more kept than there were.

    >>> kept = retention_rate(start=500, end=520, new=60)
    >>> round(kept.value, 6), round(kept.low, 6), round(kept.high, 6)
    (92.0, 89.289368, 94.070187)
    """
    return _share(end - new, start, end, new, confidence=confidence, method=method)


def churn_rate(
    *, start: float, end: float, new: float, confidence: float = 0.95, method: str = "score"
) -> Estimate:
    """Customers of the start lost by the end, in percent: 100 - retention.

    >>> churn_rate(start=500, end=520, new=60).value
    8.0
    """
    return _share(start - (end - new), start, end, new, confidence=confidence, method=method)


def _share(
    counted: float,
    start: float,
    end: float,
    new: float,
    *,
    confidence: float,
    method: str,
) -> Estimate:
    if not all(0 <= count < float("inf") for count in (start, end, new)):
        raise Refusal(Reason.NEGATIVE_COUNT, "Customers are counted from 0 upwards.")
    if start == 0:
        raise Refusal(Reason.NO_ANSWERS, "Without customers at the start nobody can be kept.")
    if not 0 <= end - new <= start:
        raise Refusal(
            Reason.IMPOSSIBLE_COUNTS,
            "End minus new is the number kept: it lies between 0 and the number at the start.",
        )
    name = as_method(method)
    low, high = interval((start - counted, counted), (0, 1), method=name, confidence=confidence)
    value = 100 * counted / start
    return Estimate(
        value=value,
        low=min(value, 100 * float(low)),
        high=max(value, 100 * float(high)),
        n=start,
        method=name.value,
        confidence=confidence,
        caveats=(Caveat.SMALL_BASE,) if start < SMALL_BASE else (),
    )
