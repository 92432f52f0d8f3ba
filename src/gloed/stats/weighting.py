"""Weights to known targets: post-stratification, raking, trimming. They repair only what the
targets explain."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gloed.stats.counts import FloatArray, NetCounts, Scale, Scores, as_floats, as_weights
from gloed.stats.estimate import Caveat, Estimate, Reason, Refusal
from gloed.stats.scored import Metric, Polarity, class_values, estimate, on_effective_base

TOLERANCE = 1e-8
"""Margins off by more than this part of their target are refused."""
_AIM = 1e-13
_ROUNDS = 2000


@dataclass(frozen=True, slots=True)
class Weighting:
    """Weights in the order of the answers, and how they were reached."""

    weights: tuple[float, ...]
    rounds: int
    largest_error: float

    @property
    def effective_n(self) -> float:
        """Kish's (sum w)^2 / sum w^2."""
        return kish_base(self.weights)


@dataclass(frozen=True, slots=True)
class WeightedScore:
    """A score after weighting, its weights, the targets they meet, and how far trimming moved it.

    `trimming_shift` is in the unit of the score; None where nothing was trimmed.
    """

    score: Estimate
    weighting: Weighting
    targets: Mapping[str, Mapping[Hashable, float]]
    trimming_shift: float | None = None


@dataclass(frozen=True, slots=True)
class StratifiedScore:
    """A score weighted to the known sizes of strata, and the weight of one answer in each."""

    score: Estimate
    weights: Mapping[str, float]
    targets: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class _Measure:
    """What is measured and how sure it shall be."""

    metric: Metric | str
    scale: Scale | None
    confidence: float


def kish_base(weights: Iterable[float]) -> float:
    """Kish's effective number of answers, (sum w)^2 / sum w^2.

    >>> round(kish_base([1, 1, 2, 2, 4]), 8)
    3.84615385
    """
    listed = as_floats(weights)
    loads = as_weights(listed, length=len(listed))
    if not loads.sum() > 0:
        raise Refusal(Reason.NO_ANSWERS, "All weights are 0, so nothing counts.")
    loads = loads / loads.max()
    return float(loads.sum() ** 2 / (loads**2).sum())


def post_stratify(
    strata: Mapping[str, NetCounts],
    targets: Mapping[str, float],
    *,
    confidence: float = 0.95,
) -> StratifiedScore:
    """NPS with every stratum weighted to its known size, N_h / n_h per answer.

    The standard error treats the answers as one simple sample whose residuals within strata are
    what is left to chance. Refuses, by name, a target without answers and answers without a
    target. Agrees with `survey::postStratify`.

    >>> strata = {"A": NetCounts(2, 1, 1), "B": NetCounts(1, 0, 1)}
    >>> found = post_stratify(strata, {"A": 300, "B": 700})
    >>> round(found.score.value, 6), round(found.score.standard_error, 6)
    (7.5, 55.907289)
    >>> dict(found.weights)
    {'A': 75.0, 'B': 350.0}
    """
    _check_cells({name for name, counts in strata.items() if counts.n > 0}, targets)
    held: dict[tuple[str, ...], NetCounts] = {(name,): own for name, own in strata.items()}
    score = rake_groups(held, [targets], confidence=confidence).score
    each = {name: targets[name] / counts.n for name, counts in strata.items() if counts.n > 0}
    return StratifiedScore(score, each, targets)


def rake(
    labels: Mapping[str, Sequence[Hashable]],
    targets: Mapping[str, Mapping[Hashable, float]],
    *,
    start: Iterable[float] | None = None,
) -> Weighting:
    """Weights whose sums meet every margin, by iterative proportional fitting.

    `labels` holds one label per answer and variable, `targets` the known size of each label;
    `start` weights stay 0 where they are 0. Runs on until nothing improves any more; no margin
    may then be off by 1e-8 of its target. Refuses a target nobody stands for, by name, and
    margins that cannot be met together.
    Source: Deming & Stephan 1940.

    >>> fitted = rake({"sex": ["m", "m", "f"]}, {"sex": {"m": 490, "f": 510}})
    >>> fitted.weights
    (245.0, 245.0, 510.0)
    """
    weights = _start_weights(labels, start)
    cells = _margins(labels, targets, weights)
    off, before, rounds = np.inf, np.inf, 0
    while rounds < _ROUNDS and off > _AIM and (off < before or off >= TOLERANCE or rounds < 2):
        for members, target in cells:
            weights = np.where(members, weights * target / weights[members].sum(), weights)
        before = off
        off = max(abs(float(weights[members].sum()) / target - 1) for members, target in cells)
        rounds += 1
    if off < TOLERANCE:
        return Weighting(tuple(weights.tolist()), rounds, off)
    raise Refusal(
        Reason.NO_CONVERGENCE, "No weights meet all these targets together; check their totals."
    )


def raked_score(
    scores: Scores,
    labels: Mapping[str, Sequence[Hashable]],
    targets: Mapping[str, Mapping[Hashable, float]],
    *,
    metric: Metric | str = Metric.NPS,
    scale: Scale | None = None,
    polarity: Polarity | str | None = None,
    start: Iterable[float] | None = None,
    cap: float | None = None,
    confidence: float = 0.95,
) -> WeightedScore:
    """Score of answers raked to margins; `cap` trims weights above that many times the mean.

    Standard error: residuals of the answers on the margin dummies (least squares with the start
    weights) times the weights; equals `survey::rake`. Trimmed weights are raked again, and the
    shift trimming causes is stated. Refuses what `rake` and `trim_weights` refuse, and unanswered
    ratings. Source: Deming & Stephan 1940; Deville & Sarndal 1992.
    """
    values = class_values(scores, metric, scale=scale, polarity=polarity)
    if np.isnan(values).any():
        raise Refusal(Reason.NOT_A_NUMBER, "Leave unanswered ratings out before raking.")
    first = _start_weights(labels, start)
    if len(values) != len(first):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs one label per variable.")
    fitted = rake(labels, targets, start=first)
    measure = _Measure(metric, scale, confidence)
    score = _raked_estimate(values, labels, first, fitted, measure)
    if cap is None:
        return WeightedScore(score, fitted, targets)
    trimmed = rake(labels, targets, start=trim_weights(fitted.weights, cap=cap))
    capped = _raked_estimate(values, labels, first, trimmed, measure)
    capped = replace(capped, caveats=(*capped.caveats, Caveat.WEIGHTS_TRIMMED))
    return WeightedScore(capped, trimmed, targets, trimming_shift=capped.value - score.value)


@dataclass(frozen=True, slots=True)
class GroupWeights:
    """One weight per answer for each group, mean 1 over all answers.

    `sizes` are the answers of each group, `targets` what the weights meet, one mapping per
    variable, `trimming_shift` how many points trimming moved the score (None without trimming).
    """

    score: Estimate
    weights: Mapping[tuple[str, ...], float]
    sizes: Mapping[tuple[str, ...], float]
    trimming_shift: float | None = None
    targets: Sequence[Mapping[str, float]] = ()


def rake_groups(
    groups: Mapping[tuple[str, ...], NetCounts],
    targets: Sequence[Mapping[str, float]],
    *,
    cap: float | None = None,
    confidence: float = 0.95,
) -> GroupWeights:
    """The same as `raked_score` from counts: NPS of groups raked to the margins of their names.

    A group's name holds one label per variable, in the order of `targets`. With one variable this
    is post-stratification. Groups of any size cost the same. `cap` trims weights above that many
    times the mean, and the shift that causes is stated.

    >>> groups = {("A",): NetCounts(2, 1, 1), ("B",): NetCounts(1, 0, 1)}
    >>> found = rake_groups(groups, [{"A": 300, "B": 700}])
    >>> round(found.score.value, 6), round(found.score.standard_error, 6)
    (7.5, 55.907289)
    >>> {name[0]: round(weight, 3) for name, weight in found.weights.items()}
    {'A': 0.45, 'B': 2.1}
    """
    held = {name: counts for name, counts in groups.items() if counts.n > 0}
    if not held:
        raise Refusal(Reason.NO_ANSWERS, "Nobody has answered, so nothing can be weighted.")
    if any(len(name) != len(targets) for name in held):
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every group needs one label per variable.")
    names = list(held)
    labels = {f"{i}": [name[i] for name in names] for i in range(len(targets))}
    margins: dict[str, Mapping[Hashable, float]] = {}
    for i, target in enumerate(targets):
        own: dict[Hashable, float] = {}
        own.update(target)
        margins[f"{i}"] = own
    sizes = np.array([held[name].n for name in names])

    def fitted(start: FloatArray) -> FloatArray:
        whole = as_floats(rake(labels, margins, start=start).weights)
        shared: FloatArray = whole / sizes
        return shared

    each = fitted(sizes)
    score = _groups_estimate(held, labels, each, confidence=confidence)
    shift = None
    if cap is not None and each.max() > cap * float((each * sizes).sum() / sizes.sum()):
        each = fitted(_trimmed_groups(each, sizes, cap) * sizes)
        trimmed = _groups_estimate(held, labels, each, confidence=confidence)
        shift = trimmed.value - score.value
        score = replace(trimmed, caveats=(*trimmed.caveats, Caveat.WEIGHTS_TRIMMED))
    each = each * sizes.sum() / (each * sizes).sum()
    return GroupWeights(
        score,
        dict(zip(names, each.tolist(), strict=True)),
        dict(zip(names, sizes.tolist(), strict=True)),
        shift,
        targets,
    )


def _trimmed_groups(each: FloatArray, sizes: FloatArray, cap: float) -> FloatArray:
    """`trim_weights` for answers that share the weight of their group."""
    most = cap * float((each * sizes).sum() / sizes.sum())
    loads, capped = each.copy(), np.zeros(len(each), dtype=bool)
    if not cap >= 1:
        raise Refusal(Reason.BAD_SETTING, "A cap below the mean weight cannot be met.")
    while (loads > most * (1 + 1e-12)).any():
        capped |= loads >= most
        excess = float(((loads[capped] - most) * sizes[capped]).sum())
        loads = np.where(capped, most, loads)
        loads = np.where(capped, loads, loads + excess / max(float(sizes[~capped].sum()), 1.0))
    return loads


def _groups_estimate(
    groups: Mapping[tuple[str, ...], NetCounts],
    labels: Mapping[str, Sequence[str]],
    each: FloatArray,
    *,
    confidence: float,
) -> Estimate:
    columns = [
        np.repeat([float(held == label) for held in column], 3)
        for column in labels.values()
        for label in dict.fromkeys(column)
    ]
    values = np.tile([1.0, 0.0, -1.0], len(groups))
    counts = np.array(
        [n for c in groups.values() for n in (c.promoters, c.passives, c.detractors)],
        dtype=np.float64,
    )
    weights = np.repeat(each, 3)
    design, root = np.column_stack(columns), np.sqrt(counts)
    solution = np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]
    residual = values - design @ solution
    variance = _linearised(weights * residual, counts, float((weights * counts).sum()))
    return _weighted_estimate(
        values, weights, counts, variance, _Measure(Metric.NPS, None, confidence)
    )


def trim_weights(weights: Iterable[float], *, cap: float = 5.0) -> tuple[float, ...]:
    """Weights of at most `cap` times their mean, the excess spread evenly over the others.

    Repeated until none is above; weights of 0 stay 0; the sum stays. Source: Potter 1990;
    DeBell & Krosnick 2009 (five times the mean); agrees with
    `survey::trimWeights(strict = TRUE)`. Refuses a cap below the mean.

    >>> trim_weights([2, 2, 2, 10], cap=2)[3]
    8.0
    """
    listed = as_floats(weights)
    loads = as_weights(listed, length=len(listed))
    if not loads.sum() > 0:
        raise Refusal(Reason.NO_ANSWERS, "All weights are 0, so nothing counts.")
    if not cap >= 1:
        raise Refusal(Reason.BAD_SETTING, "A cap below the mean weight cannot be met.")
    counted = loads > 0
    most = cap * float(loads[counted].mean())
    capped = np.zeros(len(loads), dtype=bool)
    while (loads > most * (1 + 1e-12)).any():
        capped |= loads >= most
        excess = float((loads[capped] - most).sum())
        loads = np.where(capped, most, loads)
        free = counted & ~capped
        loads = np.where(free, loads + excess / max(int(free.sum()), 1), loads)
    return tuple(loads.tolist())


def _start_weights(
    labels: Mapping[str, Sequence[Hashable]], start: Iterable[float] | None
) -> FloatArray:
    lengths = {len(column) for column in labels.values()}
    if len(lengths) != 1:
        raise Refusal(Reason.DIFFERENT_LENGTHS, "Every answer needs one label per variable.")
    n = lengths.pop()
    weights = np.ones(n) if start is None else as_weights(start, length=n)
    if not weights.sum() > 0:
        raise Refusal(Reason.NO_ANSWERS, "Nobody has answered, so nothing can be weighted.")
    return weights


def _margins(
    labels: Mapping[str, Sequence[Hashable]],
    targets: Mapping[str, Mapping[Hashable, float]],
    weights: FloatArray,
) -> list[tuple[np.ndarray[tuple[int], np.dtype[np.bool_]], float]]:
    if set(labels) != set(targets):
        raise Refusal(Reason.NO_TARGET, "Every variable needs targets, and no other has them.")
    cells = []
    for name, column in labels.items():
        present = {label for label, w in zip(column, weights, strict=True) if w > 0}
        _check_cells(
            {str(label) for label in present}, {str(k): v for k, v in targets[name].items()}
        )
        for label, target in targets[name].items():
            members = np.array([held == label for held in column], dtype=np.bool_)
            cells.append((members & (weights > 0), float(target)))
    return cells


def _check_cells(present: set[str], targets: Mapping[str, float]) -> None:
    if not targets or not all(0 < size < float("inf") for size in targets.values()):
        raise Refusal(Reason.NO_TARGET, "Every target is a size of more than 0.")
    if empty := sorted(set(targets) - present):
        raise Refusal(Reason.EMPTY_CELL, f"Nobody answered for: {', '.join(empty)}.")
    if stray := sorted(present - set(targets)):
        raise Refusal(Reason.NO_TARGET, f"There is no target for: {', '.join(stray)}.")


def _raked_estimate(
    values: FloatArray,
    labels: Mapping[str, Sequence[Hashable]],
    start: FloatArray,
    fitted: Weighting,
    measure: _Measure,
) -> Estimate:
    kept = start > 0
    columns = [
        np.array([held == label for held in column], dtype=np.float64)[kept]
        for column in labels.values()
        for label in dict.fromkeys(column)
    ]
    design = np.column_stack(columns)
    root = np.sqrt(start[kept])
    solution = np.linalg.lstsq(design * root[:, None], values[kept] * root, rcond=None)[0]
    weights = np.array(fitted.weights)[kept]
    residual = values[kept] - design @ solution
    once = np.ones(int(kept.sum()))
    variance = _linearised(weights * residual, once, float(weights.sum()))
    return _weighted_estimate(values[kept], weights, once, variance, measure)


def _linearised(scores: FloatArray, counts: FloatArray, total: float) -> float:
    """n/(n-1) sum (u - mean u)^2 / W^2, each u counted `counts` times; 0 for one answer."""
    n = float(counts.sum())
    if n <= 1:
        return 0.0
    mean = float((scores * counts).sum()) / n
    return n / (n - 1) * float((counts * (scores - mean) ** 2).sum()) / total**2


def _weighted_estimate(
    values: FloatArray,
    weights: FloatArray,
    counts: FloatArray,
    variance: float,
    measure: _Measure,
) -> Estimate:
    prepared = on_effective_base(
        values, weights, counts, variance=variance, metric=measure.metric, scale=measure.scale
    )
    prepared = replace(prepared, caveats=(*prepared.caveats, Caveat.WEIGHTED))
    return replace(estimate(prepared, confidence=measure.confidence), method="weighted_score")
