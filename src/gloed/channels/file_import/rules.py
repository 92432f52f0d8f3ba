"""Which survey a record goes to and under which identity: decisions on plain values."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple
from zoneinfo import ZoneInfo

from gloed.channels.file_import.reading import Moment, Record
from gloed.surveys.rules import SCALES, Metric, Scale

MOST_SURVEYS = 50
TITLE_LIMIT = 160
PLAIN_SHAPES = frozenset({"generic", "excel", "parquet", "spss"})
LEAST_TOLD_BY = timedelta(seconds=3)
_SHORT_NUMBER = 6


class Group(NamedTuple):
    """The part of a file that goes to one survey: a survey name, a metric, a scale."""

    survey: str
    metric: str
    low: int
    high: int

    @property
    def key(self) -> str:
        """The group as text, for JSON and forms.

        >>> Group("Relatie", "nps", 0, 10).key
        'nps:0:10:Relatie'
        """
        return f"{self.metric}:{self.low}:{self.high}:{self.survey}"[:240]


class Problem(StrEnum):
    """What keeps an import from starting, or ended it."""

    NO_ANSWERS = "no_answers"
    NO_SCORE_COLUMN = "no_score_column"
    UNKNOWN_SCALE = "unknown_scale"
    NO_METRIC = "no_metric"
    TOO_MANY_SURVEYS = "too_many_surveys"
    WRONG_SURVEY = "wrong_survey"
    FILE_GONE = "file_gone"
    UPLOAD_TOO_LARGE = "upload_too_large"
    NOT_NOW = "not_now"


def time_left(done: int, total: int | None, elapsed: timedelta) -> timedelta | None:
    """How long the rest takes at the pace so far; None while there is too little to tell by.

    >>> time_left(250_000, 1_000_000, timedelta(seconds=20))
    datetime.timedelta(seconds=60)
    """
    if not total or done <= 0 or elapsed < LEAST_TOLD_BY:
        return None
    return elapsed * max(0, total - done) / done


class ImportRefused(Exception):
    """An import that cannot be done: `problem` says why, `parameters` fill its sentence."""

    def __init__(self, problem: Problem, **parameters: object) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.parameters: Mapping[str, object] = parameters


class Overtaken(Exception):
    """Somebody else goes on with this import, or took it back."""


def scale_for(metric: str, low: int, high: int) -> Scale | None:
    """The survey scale that takes these numbers; None where no survey asks so.

    NPS is sometimes asked from 1: those answers fit the scale from 0 as they are.

    >>> scale_for("nps", 1, 10), scale_for("csat", 0, 100)
    (Scale(minimum=0, maximum=10, high_is_good=True), None)
    """
    if metric not in set(Metric):
        return None
    for scale in SCALES[Metric(metric)]:
        if (scale.minimum, scale.maximum) == (low, high) and scale.high_is_good:
            return scale
    if metric in (Metric.NPS, Metric.ENPS) and low >= 0 and high <= 10:
        return SCALES[Metric(metric)][0]
    return None


def family_of(file_format: str) -> str:
    """The tool behind a format: its CSV and its JSON name the same responses.

    >>> family_of("delighted_csv"), family_of("spss_sav"), family_of("zendesk_json")
    ('delighted', 'spss', 'zendesk')
    """
    return file_format.rpartition("_")[0] or file_format


def identity_of(record: Record, family: str) -> str:
    """What makes a response itself over several files: the tool's id, else its whole row.

    A short number in a file of no known tool only counts the rows of that file, so the moment as
    it was written goes with it; January's 1 is not February's.
    """
    own = record.source_response_id
    if own:
        if family in PLAIN_SHAPES and own.isdigit() and len(own) <= _SHORT_NUMBER:
            return f"{family}:{own}@{_written(record.responded_at)}"
        return f"{family}:{own}"
    return f"{family}:{_digest(record)}"


def _digest(record: Record) -> str:
    person = record.respondent
    parts: list[object] = [
        *((person.external_id, person.name, person.email, person.phone) if person else ()),
        _written(record.responded_at),
        record.survey,
        record.touchpoint,
        *(answer.score_raw for answer in record.answers),
        record.comment,
        record.language,
        record.channel,
        *record.attributes.items(),
    ]
    text = "\x1f".join(map(str, parts))
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _written(moment: Moment | None) -> str:
    """The moment as the clock on the wall showed it, whatever zone was chosen for the file."""
    if moment is None:
        return ""
    zone = _zone(moment.zone)
    at = moment.at.astimezone(zone) if zone else moment.at
    return at.replace(tzinfo=None).isoformat()


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def title_of(group: Group, *, file_title: str, groups: Collection[Group]) -> str:
    """The title of a group's survey: its own name or the file's, and the metric where several.

    >>> alone = Group("", "nps", 0, 10)
    >>> title_of(alone, file_title="answers 2025", groups=[alone])
    'answers 2025'
    >>> title_of(alone, file_title="answers", groups=[alone, Group("", "csat", 1, 5)])
    'answers (NPS)'
    """
    title = (group.survey or file_title).strip() or "Import"
    alike = [other for other in groups if other.survey == group.survey]
    if len(alike) > 1:
        same = sum(other.metric == group.metric for other in alike) > 1
        scale = f" {group.low}–{group.high}" if same else ""
        suffix = f" ({metric_word(group.metric)}{scale})"
        return title[: TITLE_LIMIT - len(suffix)] + suffix
    return title[:TITLE_LIMIT]


def metric_word(metric: str) -> str:
    """How the field calls a metric."""
    return {"stars": "stars", "thumbs": "thumbs", "enps": "eNPS"}.get(metric, metric.upper())


def file_title(name: str) -> str:
    """A survey's title from a file name.

    >>> file_title("nps_telecom_en.csv"), file_title("Klanten-2026.final.xlsx")
    ('nps telecom en', 'Klanten-2026.final')
    """
    stem = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", name.strip())
    return re.sub(r"[_\s]+", " ", stem).strip()[:TITLE_LIMIT]


@dataclass(frozen=True, slots=True)
class Words:
    """Question words of a file and the language they seem to be in ("" where unknown)."""

    text: str
    language: str


# fmt: off
_DUTCH = frozenset([
    "hoe", "waarom", "wat", "u", "ons", "je", "jij", "het", "de", "een", "van", "voor", "bent",
    "dit", "deze", "niet", "waarschijnlijk", "kunt",
])
_ENGLISH = frozenset([
    "how", "why", "what", "you", "us", "your", "the", "a", "of", "for", "are", "this", "that",
    "not", "likely", "would", "could", "our",
])
# fmt: on


def question_words(text: str) -> Words | None:
    """A header that is a question somebody was asked; None for a mere column name.

    >>> question_words("score") is None, question_words("Hoe tevreden bent u?")
    (True, Words(text='Hoe tevreden bent u?', language='nl'))
    """
    clean = " ".join(text.split())
    words = [word.strip("?.,:;!\"'()").casefold() for word in clean.split(" ")]
    if len(words) < 4 and not clean.endswith("?"):
        return None
    dutch = sum(word in _DUTCH for word in words)
    english = sum(word in _ENGLISH for word in words)
    language = "nl" if dutch > english else "en" if english > dutch else ""
    return Words(clean[:400], language)


def headers_key(headers: Iterable[str]) -> str:
    """A digest of the set of headers, under which a mapping is remembered."""
    names = sorted({name.strip().casefold() for name in headers})
    return blake2b("\x1f".join(names).encode("utf-8", "replace"), digest_size=32).hexdigest()


def safe_cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula.

    >>> safe_cell("=1+1"), safe_cell("8"), safe_cell("-28")
    ("'=1+1", '8', "'-28")
    """
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
