"""Did it help: how often "likely" is said, where nothing was done and where 10 points were.

Every run draws answers for two arms, before and after, and hands them to the very rule that judges
improvements. What was done is worth 10 points; the time it takes is the one that Gloed states
itself when the improvement is fixed. 500 runs each, seeded.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.ratios import Figure
from gloed.analysis.effects.rules import (
    Design,
    Series,
    Trial,
    Verdict,
    Volume,
    judge,
    weeks_needed,
)
from gloed.stats import NetCounts, Shares

RUNS = 500
PLANTED = 10.0
SPANS, WEEKS_BEFORE = 6, 12
SHARES = Shares(promoters=0.45, detractors=0.20)
MOST_FALSE, LEAST_SEEN = 0.05, 0.80


@dataclass(frozen=True, slots=True)
class Scene:
    """A world to draw from. Everything in points, volumes in answers a week of one group.

    `spread` is how groups differ for good, `drift` how each moves between periods of its own,
    `wave` what happens to everybody after the start. `picks_lowest` treats the group that looked
    worst; `weeks` are those stated by the planner where None.
    """

    name: str
    treated: tuple[float, ...]
    control: tuple[float, ...]
    design: Design = Design.GROUPS
    spread: float = 0.0
    drift: float = 0.0
    wave: float = 0.0
    picks_lowest: bool = False


EVEN = Scene("two segments", (300.0,), (300.0,))
SCENES = (
    EVEN,
    replace(EVEN, name="two segments, everybody rises 8", wave=8.0),
    Scene("one segment of six", (200.0,), (200.0,) * 5, spread=8.0),
    Scene("the lowest of six alike", (200.0,), (200.0,) * 5, picks_lowest=True),
    Scene("six teams against six", (60.0,) * 6, (60.0,) * 6, spread=10.0, drift=2.0),
    Scene(
        "unequal teams",
        (40.0, 60, 80, 90, 150),
        (40.0, 50, 70, 90, 100, 160),
        spread=10.0,
        drift=2.0,
    ),
    Scene("ten teams by lot", (80.0,) * 5, (80.0,) * 5, Design.ROLLOUT, spread=12.0, drift=2.0),
)


def run() -> list[Figure]:
    """The share of "likely" in every scene, without and with what was planted."""
    figures = []
    for scene in SCENES:
        said = share_likely(scene, planted=0.0)
        figures.append(
            Figure(
                f"said of nothing: {scene.name}", said, "", MOST_FALSE, "1 of 20",
                more_is_better=False,
            )
        )  # fmt: skip
    for scene in SCENES:
        weeks = stated_weeks(scene)
        said = share_likely(scene, planted=PLANTED)
        what = f"said of 10 points: {scene.name}, {weeks} weeks"
        figures.append(Figure(what, said, "", LEAST_SEEN, "4 of 5", more_is_better=True))
    return figures


def stated_weeks(scene: Scene) -> int:
    """The weeks after which Gloed says that 10 points can be shown here."""
    volume = Volume(scene.treated, scene.control, SHARES, drift=2 * scene.drift**2)
    weeks = weeks_needed(volume, minimum=PLANTED, weeks_before=WEEKS_BEFORE)
    assert weeks is not None, scene.name
    return weeks


def share_likely(scene: Scene, *, planted: float, runs: int = RUNS, seed: int = 1) -> float:
    """How often "likely" was said."""
    weeks = stated_weeks(scene)
    random = np.random.default_rng(seed)
    found = (
        judge(draw(scene, random, weeks, planted), is_explained=False).verdict for _ in range(runs)
    )
    return sum(verdict is Verdict.LIKELY for verdict in found) / runs


def draw(scene: Scene, random: np.random.Generator, weeks: int, planted: float) -> Trial:
    """One world: the answers of every group before and after, as the judgement gets them."""
    volumes = [*scene.treated, *scene.control]
    levels = random.normal(0, scene.spread, len(volumes))
    before = levels + random.normal(0, scene.drift, len(volumes))
    after = levels + random.normal(0, scene.drift, len(volumes)) + scene.wave
    answer = _answers(random)
    span = WEEKS_BEFORE / SPANS
    pasts = [
        tuple(answer(week * span, level) for _ in range(SPANS))
        for week, level in zip(volumes, before, strict=True)
    ]
    chosen = set(range(len(scene.treated)))
    if scene.picks_lowest:
        scores = [_net(sum(past, start=NetCounts(0, 0, 0))) for past in pasts]
        chosen = {int(np.argmin(scores))}
    if scene.design is Design.ROLLOUT:
        chosen = set(random.permutation(len(volumes))[: len(scene.treated)].tolist())
    arms: tuple[dict[str, Series], dict[str, Series]] = ({}, {})
    for place, week in enumerate(volumes):
        is_treated = place in chosen
        level = after[place] + (planted if is_treated else 0.0)
        arms[not is_treated][f"group {place}"] = Series(pasts[place], answer(week * weeks, level))
    return Trial(scene.design, PLANTED, *arms)


def _answers(random: np.random.Generator) -> Callable[[float, float], NetCounts]:
    def draw_counts(n: float, level: float) -> NetCounts:
        level = float(np.clip(level, -2 * 100 * SHARES.detractors, 2 * 100 * SHARES.detractors))
        promoters, detractors = SHARES.promoters + level / 200, SHARES.detractors - level / 200
        detractors = max(detractors, 0.0)
        shares = (promoters, 1 - promoters - detractors, detractors)
        return NetCounts(*(int(c) for c in random.multinomial(random.poisson(n), shares)))

    return draw_counts


def _net(counts: NetCounts) -> float:
    return (counts.promoters - counts.detractors) / max(counts.n, 1)
