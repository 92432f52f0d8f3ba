"""What the old API meant: survey types, score groups, headline scores, times, properties."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gloed.fieldwork.rules import folded, language_of
from gloed.surveys.rules import Metric, Presentation, Scale


@dataclass(frozen=True, slots=True)
class Group:
    """A band of scores by its old name."""

    name: str
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class SurveyType:
    """A kind of project, and how we ask it."""

    name: str
    headline: str
    metric: Metric
    scale: Scale
    groups: tuple[Group, ...]
    presentation: Presentation = Presentation.NUMBERS


def _groups(*told: tuple[str, int, int]) -> tuple[Group, ...]:
    return tuple(Group(*one) for one in told)


_NPS = _groups(("detractor", 0, 6), ("passive", 7, 8), ("promoter", 9, 10))
_CSAT = _groups(("dissatisfied", 1, 2), ("neutral", 3, 3), ("satisfied", 4, 5))
_STARS = tuple(Group(f"star_{score}", score, score) for score in range(1, 6))
TYPES: dict[str, SurveyType] = {
    kind.name: kind
    for kind in (
        SurveyType("nps", "nps", Metric.NPS, Scale(0, 10), _NPS),
        SurveyType("enps", "enps", Metric.ENPS, Scale(0, 10), _NPS),
        SurveyType("csat", "csat", Metric.CSAT, Scale(1, 5), _CSAT),
        SurveyType(
            "csat3",
            "csat",
            Metric.CSAT,
            Scale(1, 3),
            _groups(("dissatisfied", 1, 1), ("neutral", 2, 2), ("satisfied", 3, 3)),
        ),
        SurveyType(
            "ces",
            "ces",
            Metric.CES,
            Scale(1, 5),
            _groups(("disagree", 1, 2), ("neutral", 3, 3), ("agree", 4, 5)),
        ),
        SurveyType(
            "ces7",
            "ces",
            Metric.CES,
            Scale(1, 7),
            _groups(("disagree", 1, 3), ("neutral", 4, 4), ("agree", 5, 7)),
        ),
        SurveyType(
            "stars_five", "stars_five", Metric.CSAT, Scale(1, 5), _STARS, Presentation.STARS
        ),
        SurveyType(
            "smileys",
            "smileys",
            Metric.CSAT,
            Scale(1, 5),
            _groups(
                ("very_unhappy", 1, 1),
                ("unhappy", 2, 2),
                ("neutral", 3, 3),
                ("happy", 4, 4),
                ("very_happy", 5, 5),
            ),
            Presentation.FACES,
        ),
        SurveyType(
            "thumbs",
            "thumbs",
            Metric.CSAT,
            Scale(0, 1),
            _groups(("thumbs_down", 0, 0), ("thumbs_up", 1, 1)),
            Presentation.THUMBS,
        ),
        SurveyType(
            "pmf",
            "pmf",
            Metric.CSAT,
            Scale(1, 3),
            _groups(
                ("not_disappointed", 1, 1),
                ("mildly_disappointed", 2, 2),
                ("very_disappointed", 3, 3),
            ),
        ),
    )
}
PROMOTERS_MINUS = frozenset({"nps", "enps"})
GOOD = {"smileys": 2}
"""How many groups at the good end make the headline share; one where nothing is said."""


def metrics_of(kind: SurveyType, counts: Mapping[int, int]) -> dict[str, int | None]:
    """The core metrics: headline, count and rounded percent of every group, number of responses.

    The headline is rounded from the exact difference, not from rounded percents, half up.

    >>> metrics_of(TYPES["nps"], {10: 2, 9: 1, 8: 1, 7: 1, 6: 1})["nps"]
    33
    """
    n = sum(counts.values())
    by_group = {
        group.name: sum(
            count for score, count in counts.items() if group.low <= score <= group.high
        )
        for group in kind.groups
    }
    told: dict[str, int | None] = {kind.headline: _headline(kind, counts, by_group, n)}
    for group in reversed(kind.groups):
        told[f"{group.name}_count"] = by_group[group.name]
        told[f"{group.name}_percent"] = round_half_up(100 * by_group[group.name] / n) if n else 0
    told["response_count"] = n
    return told


def _headline(
    kind: SurveyType, counts: Mapping[int, int], by_group: Mapping[str, int], n: int
) -> int | None:
    if not n:
        return None
    if kind.name in PROMOTERS_MINUS:
        return round_half_up(100 * (by_group["promoter"] - by_group["detractor"]) / n)
    if kind.name == "stars_five":
        return round_half_up(sum(score * count for score, count in counts.items()) / n)
    good = [group.name for group in kind.groups[-GOOD.get(kind.name, 1) :]]
    return round_half_up(100 * sum(by_group[name] for name in good) / n)


def round_half_up(value: float) -> int:
    """To the nearest whole number, halves up, as people do.

    >>> round_half_up(62.5), round_half_up(-12.5)
    (63, -12)
    """
    return math.floor(value + 0.5)


def unix(moment: datetime | None) -> int | None:
    """Whole seconds since 1970."""
    return None if moment is None else int(moment.timestamp())


def read_unix(value: Any) -> datetime | None:
    """A moment from whole seconds, given as number or digits; None for nothing.

    Raises ValueError for what is neither, or out of reach.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not re.fullmatch(r"-?[0-9]{1,12}(\.[0-9]+)?", str(value)):
        raise ValueError("is not a number of seconds")
    try:
        return datetime.fromtimestamp(int(float(value)), UTC)
    except (OverflowError, ValueError, OSError):
        raise ValueError("is out of reach") from None


def read_score(value: Any, kind: SurveyType) -> int:
    """A score on the scale of the project. Raises ValueError with the old words."""
    if isinstance(value, bool) or value is None or value == "":
        raise ValueError("can't be blank")
    if not re.fullmatch(r"-?[0-9]{1,6}(\.0+)?", str(value)):
        raise ValueError("is not a number")
    score = int(float(value))
    if score not in kind.scale:
        raise ValueError(f"must be between {kind.scale.minimum} and {kind.scale.maximum}")
    return score


def read_flag(value: Any, *, default: bool) -> bool:
    """A yes or no: the words of a form, or JSON's own."""
    if value is None or value == "":
        return default
    return str(value).strip().lower() not in {"false", "0", "no", "off"}


def read_phone(value: Any) -> str:
    """A number as E.164 has it. Raises ValueError for what is none.

    >>> read_phone("+31612345678")
    '+31612345678'
    """
    text = str(value or "").strip()
    if text and not re.fullmatch(r"\+[1-9][0-9]{5,14}", text):
        raise ValueError("is invalid")
    return text


def read_properties(value: Any) -> dict[str, Any]:
    """The properties of one survey request: empty values go, lists are joined by commas."""
    if not isinstance(value, Mapping):
        return {}
    found = {}
    for name, one in value.items():
        plain = ", ".join(map(str, one)) if isinstance(one, list) else one
        if plain is None or plain == "" or isinstance(plain, Mapping):
            continue
        found[str(name)[:120]] = plain[:2_000] if isinstance(plain, str) else plain
    return found


def locale_in(properties: Mapping[str, Any]) -> str:
    """The language a request asks for: "nl" of "nl-BE" or "nl-dialogue-2"; empty for none."""
    for name, value in properties.items():
        if folded(name) == "locale":
            return language_of(str(value))
    return ""
