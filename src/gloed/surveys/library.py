"""The library of wordings, read once from `library.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from gloed.surveys.rules import Band, Metric, OpenWords, QuestionWords, Scale

_FILE = Path(__file__).with_name("library.toml")
LANGUAGES = ("nl", "en")


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
def rating_wordings() -> tuple[RatingWording, ...]:
    """All rating questions, the usual one of each metric first."""
    return tuple(
        RatingWording(
            id=entry["id"],
            metric=Metric(entry["metric"]),
            scale=_scale(entry),
            words={language: _rating_words(entry[language]) for language in LANGUAGES},
        )
        for entry in _read()["rating"]
    )


@cache
def open_wordings() -> tuple[OpenWording, ...]:
    """All open questions, the usual one of each metric first."""
    return tuple(
        OpenWording(
            id=entry["id"],
            metrics=frozenset(Metric(metric) for metric in entry["metrics"]),
            words={language: _open_words(entry[language]) for language in LANGUAGES},
        )
        for entry in _read()["open"]
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


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def _scale(entry: dict[str, Any]) -> Scale:
    minimum, maximum = entry["scale"]
    return Scale(minimum, maximum, entry.get("high_is_good", True))


def _rating_words(entry: dict[str, str]) -> QuestionWords:
    return QuestionWords(entry["text"], entry["low"], entry["high"])


def _open_words(entry: dict[str, str]) -> OpenWords:
    return OpenWords(
        everybody=entry["everybody"],
        by_band={band: entry[band] for band in Band},
    )
