"""What a brief says: plain values that can be kept, shown, mailed and printed alike."""

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Standing:
    """One score in the brief: value, interval, base, and what it did against the month before."""

    label: str
    value: float
    low: float | None
    high: float | None
    n: float
    kind: str
    scale_low: float
    scale_high: float
    text: str  # "12 (5 to 19), 240 answers"
    change: str  # a sentence
    url: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing decided or due."""

    title: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One of the four parts besides the scores: sentences, then lines."""

    head: str
    sentences: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """A whole brief, in the words of its reader's language."""

    title: str
    organisation: str
    about: str
    head: str
    standing: tuple[Standing, ...] = ()
    none: str = ""  # why there is no score
    parts: tuple[Part, ...] = ()
    foot: str = ""
    labels: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values to keep."""
        return asdict(self)


def from_json(kept: dict[str, Any]) -> Content:
    """A brief as it was kept."""
    parts = tuple(
        Part(
            part["head"],
            tuple(part["sentences"]),
            tuple(Line(**line) for line in part["lines"]),
        )
        for part in kept.get("parts", [])
    )
    return Content(
        title=kept.get("title", ""),
        organisation=kept.get("organisation", ""),
        about=kept.get("about", ""),
        head=kept.get("head", ""),
        standing=tuple(Standing(**one) for one in kept.get("standing", [])),
        none=kept.get("none", ""),
        parts=parts,
        foot=kept.get("foot", ""),
        labels=dict(kept.get("labels", {})),
    )
