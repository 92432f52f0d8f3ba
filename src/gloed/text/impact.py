"""What each theme costs or brings in points of NPS, with coding error inside the interval.

A multinomial model of detractor, passive and promoter on themes named badly and named otherwise,
then g-computation: the net score as the model sees it, less the net score had nobody named the
theme. Polarity is that of the text alone; with the score in it the result would prove itself.
Source: Robins (1986) for the standardisation; Barron (1977) and Copeland and others (1977) for the
correction of a misclassified exposure. Association only: nothing says that a theme causes a score.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from gloed.text.polarity import Polarity

FEWEST_MENTIONS = 10
FEWEST_SAMPLED = 5
FEWEST_ANSWERS = 30
DRAWS = 400

Floats = NDArray[np.float64]
_RIDGE, _RIDGE_OF_SAMPLE = 1.0, 0.3
_STEPS = 50
_LEAST = 1e-9
_USUAL_PRECISION = (9.0, 3.0)
_USUAL_RECALL = (6.5, 3.5)
_STRONGEST = 3.0
_VALUES = np.array([-1.0, 0.0, 1.0])


class Checked(NamedTuple):
    """How a theme's codes did on a random sample that a person coded."""

    right: int
    wrong: int
    missed: int


class Impact(NamedTuple):
    """Points of the net score, with the limits between which it lies, and how many named it."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Named:
    """One answer: its class (-1 detractor, 0 passive, 1 promoter) and its themes as they sound."""

    score_class: int
    themes: Mapping[str, Polarity]


def impacts(
    answers: Sequence[Named],
    *,
    checked: Mapping[str, Checked] | None = None,
    sampled: Sequence[Named] = (),
    confidence: float = 0.95,
) -> dict[str, Impact]:
    """The impact of every theme that at least 10 answers name; empty below 30 answers.

    `sampled` are the answers that people checked, with their codes; they are not among `answers`.
    `checked` says how the machine did on them: its codes are corrected by that, and the interval
    knows how sure the correction is. What the sample says by itself is averaged in, by how sure
    each is. Themes that nobody checked keep what the machine found, in an interval as wide as the
    usual misses make it. The same answers in any order give the same.
    """
    everyone = [*answers, *sampled]
    if len(everyone) < FEWEST_ANSWERS or len({each.score_class for each in everyone}) < 2:
        return {}
    net = 100 * sum(each.score_class for each in everyone) / len(everyone)
    _names, counts = _named(everyone, FEWEST_MENTIONS)
    by_machine = _by_machine(answers, checked or {})
    by_people = _estimates(sampled, FEWEST_SAMPLED, _RIDGE_OF_SAMPLE)
    found = {}
    for name, estimate in _averaged(by_machine, by_people).items():
        if counts[name] < FEWEST_MENTIONS:
            continue
        limits = np.quantile(estimate.draws, [(1 - confidence) / 2, (1 + confidence) / 2])
        # without the theme the net score still lies between -100 and 100
        value, low, high = np.clip([estimate.value, *limits], net - 100, net + 100).tolist()
        found[name] = Impact(value, min(value, low), max(value, high), counts[name])
    return found


class _Estimate(NamedTuple):
    """Points of the net score, and as many draws of them as tell how sure that is."""

    value: float
    draws: Floats


def _averaged(
    first: Mapping[str, _Estimate], second: Mapping[str, _Estimate]
) -> dict[str, _Estimate]:
    """The mean of two independent estimates of each theme, by how sure the two ways are.

    How sure is learned over all themes together. By a theme's own variance an estimate that is too
    large by luck would count for less, since the error of a correction grows with what it corrects.
    """
    shared = sorted(first.keys() & second.keys())
    surer = [
        math.log(max(float(second[name].draws.var()), _LEAST))
        - math.log(max(float(first[name].draws.var()), _LEAST))
        for name in shared
    ]
    odds = math.exp(sum(surer) / len(surer)) if surer else 1.0
    weight = odds / (1 + odds)
    averaged = {**first, **second}
    for name in shared:
        one, other = first[name], second[name]
        averaged[name] = _Estimate(
            weight * one.value + (1 - weight) * other.value,
            np.asarray(weight * one.draws + (1 - weight) * other.draws),
        )
    return averaged


def _by_machine(answers: Sequence[Named], checked: Mapping[str, Checked]) -> dict[str, _Estimate]:
    """What the machine's codes say, corrected by how they did."""
    _names, counts = _named(answers, FEWEST_MENTIONS)
    corrected = {}
    for name, estimate in _estimates(answers, FEWEST_MENTIONS, _RIDGE).items():
        share = counts[name] / len(answers)
        factor, factors = _corrections(share, checked.get(name), _generator_for(name))
        corrected[name] = _Estimate(estimate.value * factor, estimate.draws * factors)
    return corrected


def _estimates(answers: Sequence[Named], fewest: int, strength: float) -> dict[str, _Estimate]:
    """What each theme comes to in the model of these answers, as if every code were right."""
    names, _counts = _named(answers, fewest)
    if not names or len(answers) < FEWEST_ANSWERS or len({a.score_class for a in answers}) < 2:
        return {}
    design, weights = _patterns(answers, names)
    fitted, spread = _fit(design, weights, strength)
    random = np.random.default_rng(20_260_101)
    draws = _drawn(fitted, spread, random)
    shares = random.gamma(weights.sum(axis=1), size=(DRAWS, len(design)))
    shares /= shares.sum(axis=1, keepdims=True)
    mean_share = weights.sum(axis=1) / weights.sum()
    found = {}
    for place, name in enumerate(names):
        without = design.copy()
        without[:, 1 + 2 * place : 3 + 2 * place] = 0
        touched = (design != without).any(axis=1)
        gain = _net(design[touched], fitted) - _net(without[touched], fitted)
        drawn = [
            100 * float(share[touched] @ (_net(design[touched], b) - _net(without[touched], b)))
            for share, b in zip(shares, draws, strict=True)
        ]
        found[name] = _Estimate(100 * float(mean_share[touched] @ gain), np.array(drawn))
    return found


def score_class_of(score: float | None, scale: tuple[int, int]) -> int | None:
    """The class of a score: 9-10, 7-8, 0-6 on 0 to 10; else the thirds of the scale's length.

    >>> [score_class_of(score, (0, 10)) for score in (6, 7, 9)]
    [-1, 0, 1]
    >>> [score_class_of(score, (1, 5)) for score in (2, 3, 4)]
    [-1, 0, 1]
    """
    if score is None:
        return None
    if scale == (0, 10):
        return 1 if score >= 9 else 0 if score >= 7 else -1
    part = (score - scale[0]) / (scale[1] - scale[0])
    return 1 if part > 2 / 3 else 0 if part > 1 / 3 else -1


def _named(answers: Sequence[Named], fewest: int) -> tuple[list[str], dict[str, int]]:
    counts: dict[str, int] = {}
    for answer in answers:
        for theme in answer.themes:
            counts[theme] = counts.get(theme, 0) + 1
    names = [t for t in sorted(counts) if fewest <= counts[t] < len(answers)]
    return names, counts


def _patterns(answers: Sequence[Named], names: Sequence[str]) -> tuple[Floats, Floats]:
    """The distinct rows of the design in a fixed order, and how many of each class have them."""
    columns = {name: 1 + 2 * place for place, name in enumerate(names)}
    rows: dict[tuple[int, ...], list[float]] = {}
    for answer in answers:
        key = tuple(
            sorted(
                columns[theme] + (polarity is not Polarity.NEGATIVE)
                for theme, polarity in answer.themes.items()
                if theme in columns
            )
        )
        rows.setdefault(key, [0.0, 0.0, 0.0])[answer.score_class + 1] += 1
    design = np.zeros((len(rows), 1 + 2 * len(names)))
    design[:, 0] = 1
    weights = np.zeros((len(rows), 3))
    for place, key in enumerate(sorted(rows)):
        design[place, list(key)] = 1
        weights[place] = rows[key]
    return design, weights


def _fit(design: Floats, weights: Floats, strength: float) -> tuple[Floats, Floats]:
    """Coefficients of passive and promoter against detractor (2 x columns), and their covariance.

    Newton's method on the likelihood with a light ridge of that strength, so that a theme only
    detractors name stays finite.
    """
    width = design.shape[1]
    totals = weights.sum(axis=1)
    ridge = np.full(width, strength)
    ridge[0] = 1e-6
    ridges = np.concatenate([ridge, ridge])
    coefficients = np.zeros(2 * width)
    for _ in range(_STEPS):
        shares = _shares(design, coefficients.reshape(2, width))
        slope = np.concatenate(
            [design.T @ (weights[:, k] - totals * shares[:, k]) for k in (1, 2)]
        ) - (ridges * coefficients)
        curve = _curve(design, totals, shares) + np.diag(ridges)
        step = np.linalg.solve(curve, slope)
        coefficients = coefficients + step / max(1.0, float(np.abs(step).max()) / 2)
        if np.abs(step).max() < 1e-8:
            break
    shares = _shares(design, coefficients.reshape(2, width))
    covariance = np.linalg.inv(_curve(design, totals, shares) + np.diag(ridges))
    return coefficients.reshape(2, width), (covariance + covariance.T) / 2


def _curve(design: Floats, totals: Floats, shares: Floats) -> Floats:
    blocks = [
        [
            (design * (totals * shares[:, a] * ((a == b) - shares[:, b]))[:, None]).T @ design
            for b in (1, 2)
        ]
        for a in (1, 2)
    ]
    return np.block(blocks)


def _shares(design: Floats, coefficients: Floats) -> Floats:
    """Probabilities of the three classes; a row per pattern."""
    margins = np.column_stack([np.zeros(len(design)), design @ coefficients.T])
    margins -= margins.max(axis=1, keepdims=True)
    powers = np.exp(margins)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _net(design: Floats, coefficients: Floats) -> Floats:
    return np.asarray(_shares(design, coefficients) @ _VALUES)


def _drawn(fitted: Floats, covariance: Floats, random: np.random.Generator) -> Floats:
    """Coefficients as uncertain as they are: DRAWS x 2 x columns."""
    root = np.linalg.cholesky(covariance)
    noise = random.standard_normal((DRAWS, fitted.size)) @ root.T
    return np.asarray((fitted.ravel() + noise).reshape(DRAWS, *fitted.shape))


def _generator_for(name: str) -> np.random.Generator:
    return np.random.default_rng(list(name.encode()))


def _corrections(
    share: float, checked: Checked | None, random: np.random.Generator
) -> tuple[float, Floats]:
    """By what coding error shrinks an impact: a middle value, and DRAWS draws."""
    if checked is None:
        precision = random.beta(*_USUAL_PRECISION, size=DRAWS)
        recall = random.beta(*_USUAL_RECALL, size=DRAWS)
    else:
        (a, b), (c, d) = _USUAL_PRECISION, _USUAL_RECALL
        precision = random.beta(checked.right + a, checked.wrong + b, size=DRAWS)
        recall = random.beta(checked.right + c, checked.missed + d, size=DRAWS)
    factors = _factor(share, precision, recall)
    if checked is None:  # as found, up to as much as the usual misses allow
        return 1.0, 1 + (factors - 1) * random.uniform(size=DRAWS)
    return float(np.median(factors)), factors


def _factor(share: float, precision: Floats, recall: Floats) -> Floats:
    """True prevalence over coded share, through what is left of the contrast between the groups.

    With coded share q, precision p and recall r the truth is q p / r, the share of it among the
    answers without the code is m, and a difference between coded groups is p - m of the true one.
    """
    truth = np.minimum(share * precision / recall, 0.95)
    among_others = np.clip((truth - share * precision) / (1 - share), 0, 0.9)
    contrast = np.maximum(precision - among_others, 1 / _STRONGEST)
    return np.asarray(np.clip(truth / (share * contrast), 1 / _STRONGEST, _STRONGEST))
