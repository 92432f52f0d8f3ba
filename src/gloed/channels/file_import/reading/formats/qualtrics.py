"""Qualtrics: three header records with ImportIds, the older two, and the API's JSON."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.formats.beginnings import Beginning
from gloed.channels.file_import.reading.mapping import map_freely, map_scores, score_column
from gloed.channels.file_import.reading.plans import Why
from gloed.channels.file_import.reading.tables import (
    Header,
    Layout,
    Row,
    Skips,
    States,
    Table,
    name_headers,
)
from gloed.channels.file_import.reading.values import (
    Metric,
    Options,
    SkipReason,
    Status,
    Target,
)

_TESTS = frozenset({"survey preview", "1", "survey test", "2", "spam", "8", "preview", "test"})
_UNFINISHED = frozenset({"false", "0", "no", "nee", "onwaar"})
_NUMBERED = re.compile(r"(.+)_\d+$")
_LEGACY = re.compile(r"V\d+$")
_LEGACY_COLUMNS = 10
_TEXT = re.compile(r"_TEXT$")


def recognises(beginning: Beginning) -> bool:
    """By ImportIds in the third record, or by the first header of the older layout."""
    return bool(_import_ids(beginning)) or _is_legacy(beginning)


def _is_legacy(beginning: Beginning) -> bool:
    first = beginning.titles[0] if beginning.titles else ""
    return first == "v1" or (first == "responseid" and beginning.has("startdate", "finished"))


def _import_ids(beginning: Beginning) -> list[dict[str, str]]:
    """The third record as objects; empty unless every filled cell is one with an ImportId."""
    cells = beginning.record(2)
    objects: list[dict[str, str]] = []
    for cell in cells:
        if not cell.strip():
            objects.append({})
            continue
        try:
            value = json.loads(cell)
        except (ValueError, RecursionError):
            return []
        if not isinstance(value, dict) or "ImportId" not in value:
            return []
        objects.append({str(key): text_of(item) for key, item in value.items()})
    return objects if any(objects) else []


def header_records(beginning: Beginning) -> int:
    """Three records, or two in the older layout."""
    return 3 if _import_ids(beginning) else 2


def headers(beginning: Beginning) -> tuple[Header, ...]:
    """Short names, question texts on one line, the zone of the times."""
    short, asked, ids = beginning.record(0), beginning.record(1), _import_ids(beginning)
    width = max(len(short), len(asked))
    questions = [" ".join(text.split()) for text in _padded(asked, width)]
    titles = [
        question if _LEGACY.match(title) and index < _LEGACY_COLUMNS else title
        for index, (title, question) in enumerate(
            zip(_padded(short, width), questions, strict=True)
        )
    ]
    stems = Counter(match[1] for title in titles if (match := _NUMBERED.match(title)))
    made = name_headers(titles, questions)
    zoned = [ids[i].get("timeZone") if i < len(ids) else None for i in range(width)]
    keys = [ids[i].get("ImportId", "") if i < len(ids) else "" for i in range(width)]
    return tuple(
        replace(
            header,
            zone=zone,
            key=key,
            is_grid=header.is_grid or _is_row_of(header.title, stems),
        )
        for header, zone, key in zip(made, zoned, keys, strict=True)
    )


def _padded(cells: Sequence[str], width: int) -> list[str]:
    return [*cells, *[""] * (width - len(cells))]


def _is_row_of(title: str, stems: Counter[str]) -> bool:
    match = _NUMBERED.match(title)
    return match is not None and stems[match[1]] > 1


def lay_out(table: Table, options: Options, name: str = "qualtrics_csv") -> Layout:
    """Fixed columns by name, questions by their texts, embedded data by words."""
    layout = Layout(name, table)
    layout.take(Target.RESPONSE_ID, "responseid", "_recordid")
    layout.take(Target.FIRST_NAME, "recipientfirstname")
    layout.take(Target.LAST_NAME, "recipientlastname")
    layout.take(Target.EMAIL, "recipientemail", "emailaddress")
    layout.take(Target.EXTERNAL_ID, "externalreference", "externaldatareference")
    layout.take(Target.TIME, "recordeddate")
    layout.take(Target.TIME, "enddate")
    layout.take(Target.STARTED, "startdate")
    layout.take(Target.LANGUAGE, "userlanguage", "q_language")
    layout.take(Target.CHANNEL, "distributionchannel")
    layout.take(Target.TOUCHPOINT, "touchpoint")
    _map_by_group(layout)
    map_scores(layout, options)
    _map_comment(layout)
    map_freely(layout, options, has_scores=False)
    layout.skip = _skip(table.find("status"))
    layout.status = _status(table.find("finished"))
    return layout


def _map_by_group(layout: Layout) -> None:
    """A column with a sibling `..._NPS_GROUP` is an NPS question, whatever its text."""
    for title, header in layout.table.by_title.items():
        if title.endswith("_nps_group"):
            score = layout.table.find(title.removesuffix("_nps_group"))
            if score is not None and not layout.scores:
                facts = layout.table.facts[score.index]
                layout.scores.append(score_column(score, Metric.NPS, facts, Why.FORMAT))
                layout.why[header.index] = Why.REST


def _map_comment(layout: Layout) -> None:
    after = min((score.header.index for score in layout.scores), default=-1)
    for header in layout.free:
        is_text = _TEXT.search(header.key) or _TEXT.search(header.title)
        if header.index > after and is_text and not header.is_grid:
            layout.take_header(Target.COMMENT, header, Why.FORMAT)
            return


def _skip(header: Header | None) -> Skips:
    def skip(row: Row) -> SkipReason | None:
        if header is None or header.index >= len(row):
            return None
        is_test = text_of(row[header.index]).strip().casefold() in _TESTS
        return SkipReason.TEST if is_test else None

    return skip


def _status(header: Header | None) -> States:
    def status(row: Row) -> Status:
        if header is None or header.index >= len(row):
            return Status.COMPLETE
        is_open = text_of(row[header.index]).strip().casefold() in _UNFINISHED
        return Status.PARTIAL if is_open else Status.COMPLETE

    return status
