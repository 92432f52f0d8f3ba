"""Answers whose truth is known because we made it: planted impacts and planted rises of a theme."""

import numpy as np

from gloed.text import Checked, Named, Polarity, binomial_cusum, impacts

THEMES = 15
MISHEARD = 0.1
SHARES = np.array(
    [0.22, 0.18, 0.15, 0.12, 0.1, 0.09, 0.08, 0.07, 0.06, 0.05, 0.05, 0.04, 0.04, 0.03, 0.03]
)
NEGATIVE = np.array([0.7, 0.2, 0.5, 0.8, 0.15, 0.6, 0.4, 0.85, 0.3, 0.5, 0.75, 0.1, 0.6, 0.5, 0.7])
"""Shares of answers that name a theme, and how many of those name it badly."""


def planted_impacts(answers: int, *, runs: int, codes: int = 0) -> tuple[float, float, float]:
    """Mean error in points, coverage of the 95% intervals, and the mean true impact.

    Machine codes have a precision of .7 to .9 and a recall of .55 to .85, and hear one sound in ten
    wrongly. With `codes`, people say of so many random answers which themes they name; how those
    sound is still the machine's to hear.
    """
    errors, covered, sizes = [], [], []
    for run in range(runs):
        random = np.random.default_rng(run)
        truth, bad, classes, true_impact = _made(answers, random)
        seen, seen_bad = _misread(truth, bad, random)
        sample = random.choice(answers, codes, replace=False)
        rest = np.setdiff1d(np.arange(answers), sample)
        found = impacts(
            _said(rest, seen, seen_bad, classes),
            checked=_checked(truth, seen, sample) if codes else None,
            sampled=_said(sample, truth, bad ^ (random.random(bad.shape) < MISHEARD), classes),
        )
        for theme in range(THEMES):
            if (impact := found.get(f"t{theme}")) is not None:
                errors.append(abs(impact.value - true_impact[theme]))
                covered.append(impact.low <= true_impact[theme] <= impact.high)
                sizes.append(abs(true_impact[theme]))
    return float(np.mean(errors)), float(np.mean(covered)), float(np.mean(sizes))


def _said(
    rows: np.ndarray, themes: np.ndarray, bad: np.ndarray, classes: np.ndarray
) -> list[Named]:
    return [
        Named(
            int(classes[at]),
            {
                f"t{theme}": Polarity.NEGATIVE if bad[at, theme] else Polarity.POSITIVE
                for theme in np.flatnonzero(themes[at])
            },
        )
        for at in rows
    ]


def _made(
    answers: int, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Themes (unhappy people name more of them), their sound, classes, and the true impacts."""
    mood = random.normal(size=(answers, 1))
    truth = random.random((answers, THEMES)) < SHARES * np.exp(-0.2 * mood - 0.02)
    bad = random.random((answers, THEMES)) < 1 / (1 + np.exp(-np.log(NEGATIVE / (1 - NEGATIVE))))
    harm = random.uniform(0.3, 2.2, size=THEMES)
    good = random.uniform(0.1, 1.6, size=THEMES)
    gain = np.where(bad, -harm, good)
    margins = (truth * gain).sum(axis=1)
    chances = _chances(margins)
    classes = (random.random((answers, 1)) > chances.cumsum(axis=1)).sum(axis=1) - 1
    net = chances @ [-1, 0, 1]
    impact = [
        100 * float((net - _chances(margins - truth[:, t] * gain[:, t]) @ [-1, 0, 1]).mean())
        for t in range(THEMES)
    ]
    return truth, bad, classes, np.array(impact)


def _chances(margins: np.ndarray) -> np.ndarray:
    powers = np.exp(np.column_stack([np.zeros_like(margins), margins - 0.4, 1.7 * margins + 0.3]))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _misread(
    truth: np.ndarray, bad: np.ndarray, random: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    precision = random.uniform(0.7, 0.9, size=THEMES)
    recall = random.uniform(0.55, 0.85, size=THEMES)
    share = truth.mean(axis=0)
    false = share * recall * (1 - precision) / precision / (1 - share)
    seen = random.random(truth.shape) < np.where(truth, recall, false)
    sound = np.where(truth, bad, random.random(truth.shape) < NEGATIVE)
    return seen, sound ^ (random.random(truth.shape) < MISHEARD)


def _checked(truth: np.ndarray, seen: np.ndarray, sample: np.ndarray) -> dict[str, Checked]:
    return {
        f"t{theme}": Checked(
            right=int((truth & seen)[sample, theme].sum()),
            wrong=int((~truth & seen)[sample, theme].sum()),
            missed=int((truth & ~seen)[sample, theme].sum()),
        )
        for theme in range(THEMES)
    }


def false_alarms_a_year(*, themes: int = 23, years: int = 40, weekly: int = 100) -> float:
    """How often all alarms together ring in a year in which nothing changes."""
    unchanged = [(share, share) for share in np.linspace(0.01, 0.25, themes)]
    rung = _simulated(years, unchanged, weekly, weeks=52)
    return sum(map(sum, rung)) / years


def rises_seen(*, runs: int = 300, weekly: int = 100) -> float:
    """The share of rises from 5 to 12% that ring within eight weeks."""
    rung = _simulated(runs, [(0.05, 0.12)], weekly, weeks=8)
    return sum(alarms[0] > 0 for alarms in rung) / runs


def _simulated(
    runs: int,
    shares: list[tuple[float, float]],
    weekly: int,
    *,
    weeks: int,
) -> list[list[int]]:
    """Alarms per run and theme after a baseline of a year."""
    rung = []
    for run in range(runs):
        random = np.random.default_rng(run)
        alarms = []
        for usual, now in shares:
            baseline = (int(random.binomial(52 * weekly, usual)), 52 * weekly)
            counts = random.binomial(weekly, now, size=weeks)
            found = binomial_cusum([(int(c), weekly) for c in counts], baseline=baseline)
            alarms.append(sum(week.alarm for week in found))
        rung.append(alarms)
    return rung
