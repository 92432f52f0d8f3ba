"""How often the machine is right, from the random sample that people coded."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from gloed.base.models import Organisation
from gloed.coding.models import CodedVerbatim, HumanCode, Review, Theme
from gloed.coding.queries import list_live, share_of
from gloed.stats import Estimate
from gloed.text.shares import Sample

ENOUGH = 50
"""Reviewed answers from which precision and recall are told."""
ENOUGH_TO_CORRECT = 200
"""Reviewed answers from which shares and impacts are corrected."""
ROUGH = 0.6
"""A theme whose codes are right less often is rough."""
FEWEST_FOUND = 5
"""Of fewer codes in the sample nothing is said about how often they are right."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How a theme's codes did. None where nothing could be right or missed."""

    theme: Theme
    precision: Estimate | None
    recall: Estimate | None

    @property
    def is_rough(self) -> bool:
        """Whether it is right too seldom to be steered by."""
        return (
            self.precision is not None
            and self.precision.n >= FEWEST_FOUND
            and self.precision.value < ROUGH
        )


@dataclass(frozen=True, slots=True)
class Checked:
    """The random sample: how many answers it holds, and how each theme's codes did in it."""

    n: int = 0
    samples: Mapping[str, Sample] = field(default_factory=dict)

    @property
    def corrects(self) -> bool:
        """Whether it is large enough to correct shares and impacts."""
        return self.n >= ENOUGH_TO_CORRECT


def count_reviewed(organisation: Organisation) -> int:
    """Answers of the random sample that were reviewed."""
    return Review.objects.filter(organisation=organisation).count()


def checked_sample(organisation: Organisation) -> Checked:
    """How the present codes did on the sample, by theme. Every theme that is live is in it."""
    reviewed = set(
        Review.objects.filter(organisation=organisation).values_list("answer_id", flat=True)
    )
    if len(reviewed) < ENOUGH:
        return Checked(len(reviewed))
    human = given_codes(organisation, reviewed)
    coded = CodedVerbatim.objects.filter(organisation=organisation, answer__in=reviewed)
    machine = {
        (answer, key)
        for answer, keys in coded.values_list("answer_id", "machine")
        for key in keys.split()
    }
    right = Counter(key for _answer, key in human & machine)
    found = Counter(key for _answer, key in machine)
    there = Counter(key for _answer, key in human)
    n = len(reviewed)
    return Checked(
        n,
        {
            theme.key: _sample(right[theme.key], found[theme.key], there[theme.key], n)
            for theme in list_live(organisation)
        },
    )


def qualities(organisation: Organisation) -> list[Quality]:
    """Precision and recall per theme by the present codebook; empty below 50 reviewed answers."""
    samples = checked_sample(organisation).samples
    if not samples:
        return []
    return [
        quality_of(theme, samples[theme.key])
        for theme in list_live(organisation)
        if samples[theme.key].n > samples[theme.key].neither
    ]


def quality_of(theme: Theme, sample: Sample) -> Quality:
    """Precision and recall of one theme."""
    found, there = sample.right + sample.wrong, sample.right + sample.missed
    return Quality(
        theme,
        share_of(sample.right, found) if found else None,
        share_of(sample.right, there) if there else None,
    )


def rough_keys(organisation: Organisation) -> frozenset[str]:
    """Themes that are right too seldom to be steered by: they stay out of alarms and briefs."""
    return frozenset(one.theme.key for one in qualities(organisation) if one.is_rough)


def given_codes(organisation: Organisation, reviewed: set[int]) -> set[tuple[int, str]]:
    """What people saw in the sample: answer and theme, that into which it has gone."""
    everything = {theme.pk: theme for theme in Theme.objects.filter(organisation=organisation)}
    human: set[tuple[int, str]] = set()
    codes = HumanCode.objects.filter(organisation=organisation, is_random=True, is_present=True)
    for answer, key in codes.values_list("answer_id", "theme_id"):
        theme = everything.get(key)
        while theme is not None and theme.merged_into_id:
            theme = everything.get(theme.merged_into_id)
        if theme is not None and answer in reviewed:
            human.add((answer, theme.key))
    return human


def _sample(right: int, found: int, there: int, n: int) -> Sample:
    wrong, missed = found - right, there - right
    return Sample(right, wrong, missed, n - right - wrong - missed)
