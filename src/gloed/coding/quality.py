"""How often the machine is right, from the random sample that people coded."""

from collections import Counter
from dataclasses import dataclass

from gloed.base.models import Organisation
from gloed.coding.models import CodedVerbatim, HumanCode, Review, Theme
from gloed.coding.queries import list_live, share_of
from gloed.stats import Estimate

ENOUGH = 50
"""Reviewed answers from which precision and recall are told."""
ROUGH = 0.6
"""A theme whose codes are right less often is rough."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How a theme's codes did. None where nothing could be right or missed."""

    theme: Theme
    precision: Estimate | None
    recall: Estimate | None

    @property
    def is_rough(self) -> bool:
        """Whether it is right too seldom to be steered by."""
        return self.precision is not None and self.precision.value < ROUGH


def count_reviewed(organisation: Organisation) -> int:
    """Answers of the random sample that were reviewed."""
    return Review.objects.filter(organisation=organisation).count()


def qualities(organisation: Organisation) -> list[Quality]:
    """Precision and recall per theme by the present codebook; empty below 50 reviewed answers."""
    reviewed = set(
        Review.objects.filter(organisation=organisation).values_list("answer_id", flat=True)
    )
    if len(reviewed) < ENOUGH:
        return []
    everything = {theme.pk: theme for theme in Theme.objects.filter(organisation=organisation)}
    human: set[tuple[int, str]] = set()
    codes = HumanCode.objects.filter(organisation=organisation, is_random=True, is_present=True)
    for answer, key in codes.values_list("answer_id", "theme_id"):
        theme = everything.get(key)
        while theme is not None and theme.merged_into_id:
            theme = everything.get(theme.merged_into_id)
        if theme is not None and answer in reviewed:
            human.add((answer, theme.key))
    coded = CodedVerbatim.objects.filter(organisation=organisation, answer__in=reviewed)
    machine = {
        (answer, key)
        for answer, keys in coded.values_list("answer_id", "machine")
        for key in keys.split()
    }
    right = Counter(key for _answer, key in human & machine)
    found = Counter(key for _answer, key in machine)
    there = Counter(key for _answer, key in human)
    return [
        Quality(theme, _share(right, found, theme.key), _share(right, there, theme.key))
        for theme in list_live(organisation)
        if found[theme.key] or there[theme.key]
    ]


def _share(right: Counter[str], of: Counter[str], key: str) -> Estimate | None:
    return share_of(right[key], of[key]) if of[key] else None
