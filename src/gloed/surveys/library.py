"""The library of wordings, read once from the files in `wordings/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from gloed.surveys.rules import (
    Band,
    ContactField,
    Metric,
    OpenWords,
    Presentation,
    Purpose,
    QuestionWords,
    Scale,
)

_FOLDER = Path(__file__).with_name("wordings")
_FILES = ("recommending", "satisfaction", "effort", "reasons", "choices", "agreement")
LANGUAGES = ("nl", "en")
OTHER_WORDS = {"nl": "Iets anders, namelijk", "en": "Something else, namely"}
"""What stands at the last answer of a list that leaves room for one's own."""
_METRICS = frozenset(metric.value for metric in Metric)


@dataclass(frozen=True, slots=True)
class EntryWords:
    """A question of the library in one language.

    `by_band` holds other words per band of the answer, `options` what may be chosen; `when` says
    when to use it and `avoid` when not.
    """

    text: str
    low: str = ""
    high: str = ""
    options: tuple[str, ...] = ()
    by_band: Mapping[Band, str] = field(default_factory=dict)
    when: str = ""
    avoid: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A question of the library: what it is, what it is about, and its words by language.

    `band` is the band of the answer after which it is meant to be asked, None for everybody;
    `metrics` are those an open question goes with (empty for all).
    """

    id: str
    kind: str
    topics: tuple[str, ...]
    words: Mapping[str, EntryWords]
    trades: tuple[str, ...] = ()
    metrics: frozenset[Metric] = frozenset()
    scale: Scale | None = None
    presentation: Presentation = Presentation.NUMBERS
    band: Band | None = None
    has_other: bool = False
    is_shuffled: bool = False
    purpose: Purpose | None = None
    fields: tuple[ContactField, ...] = ()

    def in_language(self, language: str) -> EntryWords:
        """Its words in that language, else in English, else in the first it has."""
        return self.words.get(language) or self.words.get("en") or next(iter(self.words.values()))


@dataclass(frozen=True, slots=True)
class RatingWording:
    """A rating question to choose: its scale, and its words by language."""

    id: str
    metric: Metric
    scale: Scale
    words: dict[str, QuestionWords]


@dataclass(frozen=True, slots=True)
class OpenWording:
    """An open question to choose: for which metrics, and its words by language."""

    id: str
    metrics: frozenset[Metric]
    words: dict[str, OpenWords]


@cache
def entries() -> tuple[Entry, ...]:
    """Everything in the library, as the files order it."""
    return tuple(
        read_entry(one)
        for name in _FILES
        for one in tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))["entry"]
    )


@cache
def topics() -> tuple[str, ...]:
    """What questions can be about, in the order the library names it."""
    return tuple(dict.fromkeys(topic for entry in entries() for topic in entry.topics))


@cache
def trades() -> tuple[str, ...]:
    """For whom there are questions of their own."""
    return tuple(sorted({trade for entry in entries() for trade in entry.trades}))


def find_entry(identity: str) -> Entry | None:
    """The entry of that name, or nothing."""
    return next((entry for entry in entries() if entry.id == identity), None)


@cache
def rating_wordings() -> tuple[RatingWording, ...]:
    """All rating questions of a metric, the usual one of each metric first."""
    return tuple(
        RatingWording(
            entry.id,
            Metric(entry.kind),
            entry.scale,
            {
                language: QuestionWords(words.text, words.low, words.high)
                for language, words in entry.words.items()
            },
        )
        for entry in entries()
        if entry.kind in _METRICS and entry.scale is not None
    )


@cache
def open_wordings() -> tuple[OpenWording, ...]:
    """All open questions with words per band, the usual one of each metric first."""
    return tuple(
        OpenWording(
            entry.id,
            entry.metrics,
            {
                language: OpenWords(words.text, words.by_band)
                for language, words in entry.words.items()
            },
        )
        for entry in entries()
        if entry.metrics
    )


def get_rating_wording(metric: Metric, scale: Scale | None = None) -> RatingWording:
    """The usual rating question of a metric, on `scale` where one is named."""
    for wording in rating_wordings():
        if wording.metric is metric and scale in (None, wording.scale):
            return wording
    raise ValueError(f"the library has no {metric} question on this scale: {scale}")


def get_open_wording(metric: Metric) -> OpenWording:
    """The usual open question of a metric."""
    return next(wording for wording in open_wordings() if metric in wording.metrics)


def read_entry(written: Mapping[str, Any]) -> Entry:
    """An entry as it stands in a file, or in an organisation's own library."""
    scale = written.get("scale")
    band = written.get("band")
    return Entry(
        id=written["id"],
        kind=written["kind"],
        topics=tuple(written.get("topics", ())),
        trades=tuple(written.get("trades", ())),
        metrics=frozenset(Metric(metric) for metric in written.get("metrics", ())),
        scale=Scale(scale[0], scale[1], written.get("high_is_good", True)) if scale else None,
        presentation=Presentation(written.get("presentation", "numbers")),
        band=Band(band) if band else None,
        has_other=written.get("other", False),
        is_shuffled=written.get("shuffle", False),
        purpose=Purpose(written["purpose"]) if written.get("purpose") else None,
        fields=tuple(ContactField(one) for one in written.get("fields", ())),
        words={
            language: _words(words)
            for language, words in written.items()
            if isinstance(words, Mapping)
        },
    )


def _words(written: Mapping[str, Any]) -> EntryWords:
    return EntryWords(
        text=written["text"],
        low=written.get("low", ""),
        high=written.get("high", ""),
        options=tuple(written.get("options", ())),
        by_band={band: written[band] for band in Band if written.get(band)},
        when=written.get("when", ""),
        avoid=written.get("avoid", ""),
    )
