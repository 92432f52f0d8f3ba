"""A finding as plain values, to be kept, and read again as it was."""

from dataclasses import dataclass
from typing import Any

from gloed.analysis.effects.rules import Finding
from gloed.stats import Caveat, Estimate


@dataclass(frozen=True, slots=True)
class Kept:
    """What was found, read again, in the unit of the score. See `rules.Finding`."""

    change: Estimate | None
    effect: Estimate | None
    trend: Estimate | None
    mix: Estimate | None
    expected_change: float | None
    returns: float | None
    rank: float | None


def plain_finding(finding: Finding) -> dict[str, Any]:
    """Its estimates as plain values, in points of three classes."""
    change = finding.change
    expected = change.expected_without_action if change else None
    parts = change.parts if change else None
    return {
        "change": _plain(change.change if change else None),
        "effect": _plain(finding.effect),
        "trend": _plain(finding.trend),
        "mix": _plain(parts.mix if parts else None),
        "expected_change": expected.expected_change if expected else None,
        "returns": finding.returns,
        "rank": finding.rank,
    }


def read_result(result: dict[str, Any], *, unit: float) -> Kept:
    """The same again; `unit` is how much of the score one point is."""
    return Kept(
        change=_estimate(result.get("change"), unit),
        effect=_estimate(result.get("effect"), unit),
        trend=_estimate(result.get("trend"), unit),
        mix=_estimate(result.get("mix"), unit),
        expected_change=_scaled(result.get("expected_change"), unit),
        returns=_scaled(result.get("returns"), unit),
        rank=result.get("rank"),
    )


def _scaled(value: float | None, unit: float) -> float | None:
    return None if value is None else unit * value


def _plain(estimate: Estimate | None) -> dict[str, Any] | None:
    if estimate is None:
        return None
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
        "method": estimate.method,
        "confidence": estimate.confidence,
        "caveats": [caveat.value for caveat in estimate.caveats],
        "p_value": estimate.p_value,
        "seed": estimate.seed,
    }


def _estimate(stored: dict[str, Any] | None, unit: float) -> Estimate | None:
    if not stored:
        return None
    ends = {
        name: None if stored[name] is None else unit * stored[name]
        for name in ("value", "low", "high")
    }
    return Estimate(
        value=float(ends["value"] or 0.0),
        low=ends["low"],
        high=ends["high"],
        n=stored["n"],
        method=stored["method"],
        confidence=stored["confidence"],
        caveats=tuple(Caveat(one) for one in stored["caveats"]),
        p_value=stored["p_value"],
        seed=stored["seed"],
    )
