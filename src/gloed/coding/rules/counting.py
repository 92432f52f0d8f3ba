"""What counts: the machine's themes of an answer, and what people decided about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

PERSON = "person"
CERTAIN = 1.0


@dataclass(frozen=True, slots=True)
class Found:
    """A theme of one answer. `spans` are (start, end, value); values lie between -1 and 1."""

    theme: str
    text_value: float
    scored_value: float
    probability: float
    source: str
    spans: tuple[tuple[int, int, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a theme of an answer, and when."""

    theme: str
    is_present: bool
    at: datetime


def what_counts(
    machine: Sequence[Found],
    decisions: Sequence[Decision],
    *,
    live: frozenset[str],
    text_value: float,
    scored_value: float,
) -> list[Found]:
    """The themes that count: a person's word stands above the machine's, the later one above both.

    A theme that only a person sees takes the value of the whole answer. Themes that are not `live`
    are left out.
    """
    latest: dict[str, Decision] = {}
    for decision in sorted(decisions, key=lambda each: (each.at, each.theme)):
        latest[decision.theme] = decision
    kept: dict[str, Found] = {}
    for found in machine:
        decided = latest.get(found.theme)
        if decided is None:
            kept[found.theme] = found
        elif decided.is_present:
            kept[found.theme] = replace(found, probability=CERTAIN, source=PERSON)
    for theme, decision in latest.items():
        if decision.is_present and theme not in kept:
            kept[theme] = Found(theme, text_value, scored_value, CERTAIN, PERSON)
    return [kept[theme] for theme in sorted(kept) if theme in live]


def label_value(polarity: str) -> int:
    """-1, 0 or 1 for neg, neu and pos."""
    return _VALUES[polarity]


_VALUES: Mapping[str, int] = {"neg": -1, "neu": 0, "pos": 1}
