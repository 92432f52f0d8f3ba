"""Formbricks, Retently, AskNicely and Trustpilot, as tables with names of their own."""

import html
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.formats.beginnings import Beginning
from gloed.channels.file_import.reading.mapping import map_freely, map_scores
from gloed.channels.file_import.reading.plans import Why
from gloed.channels.file_import.reading.scores import fold
from gloed.channels.file_import.reading.tables import (
    Header,
    Layout,
    Row,
    Says,
    ScoreColumn,
    ScoreSwitch,
    Skips,
    States,
    Table,
    name_headers,
)
from gloed.channels.file_import.reading.values import (
    Metric,
    Options,
    Scale,
    SkipReason,
    Status,
    Target,
)

_NUMBERED = re.compile(r"(\d+)\.\s+(.+)", re.DOTALL)
_OPTION_ID = " - option id"
_NO = frozenset({"no", "false", "nee", "0", "nein", "non"})

KINDS: Mapping[str, tuple[Metric, Scale]] = {
    "nps": (Metric.NPS, (0, 10)),
    "enps": (Metric.ENPS, (0, 10)),
    "csat": (Metric.CSAT, (1, 5)),
    "ces": (Metric.CES, (1, 7)),
    "star": (Metric.STARS, (1, 5)),
    "stars": (Metric.STARS, (1, 5)),
    "5star": (Metric.STARS, (1, 5)),
}


def recognises_formbricks(beginning: Beginning) -> bool:
    """By the fixed columns in front."""
    return beginning.has("no.", "response id", "survey id", "formbricks id (internal)")


def formbricks_headers(beginning: Beginning) -> tuple[Header, ...]:
    """Questions without their numbers; rows of a matrix share a number."""
    titles = [title.lstrip("\ufeff").strip() for title in beginning.record(0)]
    matches = [_NUMBERED.fullmatch(title) for title in titles]
    plain = [m for m in matches if m and not m[2].casefold().endswith(_OPTION_ID)]
    numbers = Counter(match[1] for match in plain)
    questions = [m[2] if m else title for m, title in zip(matches, titles, strict=True)]
    made = name_headers(titles, questions)
    return tuple(
        replace(header, is_grid=match is not None and (match not in plain or numbers[match[1]] > 1))
        for header, match in zip(made, matches, strict=True)
    )


def lay_out_formbricks(table: Table, options: Options, name: str = "formbricks_csv") -> Layout:
    """The times are in UTC; `Finished` tells partial answers."""
    layout = Layout(name, table, zone="UTC", has_totals=False)
    layout.take(Target.RESPONSE_ID, "response id")
    layout.take(Target.TIME, "timestamp")
    layout.take(Target.SURVEY, "survey id")
    layout.take(Target.EXTERNAL_ID, "user id")
    layout.take(Target.TAGS, "tags")
    layout.take(Target.NOTES, "notes")
    layout.take(Target.CHANNEL, "source")
    layout.take(Target.DEVICE, "useragent - device")
    map_freely(layout, options)
    layout.status = partial_unless(table.find("finished"))
    return layout


def partial_unless(header: Header | None) -> States:
    """Complete unless that column says no."""

    def status(row: Row) -> Status:
        if header is None or header.index >= len(row):
            return Status.COMPLETE
        is_open = text_of(row[header.index]).strip().casefold() in _NO
        return Status.PARTIAL if is_open else Status.COMPLETE

    return status


def recognises_retently(beginning: Beginning) -> bool:
    """By names that only this tool has together."""
    return beginning.has("campaign", "score", "rating category")


def lay_out_retently(table: Table, options: Options, name: str = "retently_csv") -> Layout:
    """One file may hold several metrics; without a column for it, judge by the numbers."""
    layout = Layout(name, table, zone="UTC", has_totals=False)
    layout.take(Target.RESPONSE_ID, "id", "response id")
    layout.take(Target.EXTERNAL_ID, "customerid", "customer id")
    layout.take(Target.EMAIL, "email")
    layout.take(Target.FIRST_NAME, "first name", "firstname")
    layout.take(Target.LAST_NAME, "last name", "lastname")
    layout.take(Target.SURVEY, "campaign", "campaignname")
    layout.take(Target.CHANNEL, "channel")
    layout.take(Target.COMMENT, "feedback", "comment")
    layout.take(Target.TAGS, "tags", "feedback tags", "feedbacktags")
    layout.take(Target.NOTES, "notes")
    layout.take(Target.TIME, "date", "createddate", "created date")
    kind, score = table.find("metric", "metricstype"), table.find("score")
    if score is not None and kind is not None:
        layout.switch = ScoreSwitch(score, (kind,), lambda kinds: KINDS.get(fold(kinds[0])))
    else:
        map_scores(layout, options)
    bogus = table.find("isbogus", "bogus")
    if bogus is not None:
        layout.skip = _skips_bogus(bogus)
    return layout


def _skips_bogus(header: Header) -> Skips:
    def skip(row: Row) -> SkipReason | None:
        cell = row[header.index] if header.index < len(row) else None
        is_bogus = text_of(cell).strip().casefold() in {"true", "1", "yes"}
        return SkipReason.TEST if is_bogus else None

    return skip


def recognises_asknicely(beginning: Beginning) -> bool:
    """By the names of its ids beside `answer`."""
    return beginning.has("response_id", "person_id", "contact_id", "answer")


def lay_out_asknicely(table: Table, options: Options, name: str = "asknicely_csv") -> Layout:
    """Invited people are rows too; comments are HTML-escaped once."""
    layout = Layout(name, table, has_totals=False)
    layout.take(Target.RESPONSE_ID, "response_id")
    layout.take(Target.EXTERNAL_ID, "contact_id")
    layout.take(Target.NAME, "name")
    layout.take(Target.EMAIL, "email")
    layout.take(Target.COMMENT, "comment")
    layout.take(Target.NOTES, "note")
    layout.take(Target.TIME, "responded")
    layout.take(Target.SURVEY, "survey_template")
    layout.take(Target.CHANNEL, "deliverymethod")
    layout.clean_comment = html.unescape
    kind, answer = table.find("question_type"), table.find("answer")
    if answer is not None and kind is not None:
        layout.switch = ScoreSwitch(answer, (kind,), lambda kinds: KINDS.get(fold(kinds[0])))
    elif answer is not None:
        layout.scores.append(ScoreColumn(answer, options.metric or Metric.NPS, (0, 10)))
    responded = table.find("responded")
    if responded is not None:
        layout.skip = _skips_unanswered(responded)
    stop = table.find("dont_contact")
    if stop is not None:
        layout.suppress = _says_yes(stop)
    return layout


def _skips_unanswered(header: Header) -> Skips:
    def skip(row: Row) -> SkipReason | None:
        cell = row[header.index] if header.index < len(row) else None
        return SkipReason.EMPTY if text_of(cell).strip() in {"", "0"} else None

    return skip


def _says_yes(header: Header) -> Says:
    def says(row: Row) -> bool:
        cell = row[header.index] if header.index < len(row) else None
        return text_of(cell).strip().casefold() not in {"", *_NO}

    return says


def recognises_trustpilot(beginning: Beginning) -> bool:
    """By the names of a review."""
    return beginning.has("review id", "review stars", "review created (utc)")


def lay_out_trustpilot(table: Table, options: Options, name: str = "trustpilot_csv") -> Layout:  # noqa: ARG001 - every layout takes options
    """Stars are stars: never an NPS. The title stays an attribute."""
    layout = Layout(name, table, zone="UTC", has_totals=False)
    layout.take(Target.RESPONSE_ID, "review id")
    layout.take(Target.EXTERNAL_ID, "reference id")
    layout.take(Target.NAME, "review username")
    layout.take(Target.EMAIL, "review user email")
    layout.take(Target.TIME, "review created (utc)")
    layout.take(Target.COMMENT, "review content")
    layout.take(Target.CHANNEL, "source of review")
    layout.take(Target.LANGUAGE, "review language")
    layout.take(Target.NOTES, "company response")
    layout.take(Target.TAGS, "tags")
    stars = table.find("review stars")
    if stars is not None:
        layout.scores.append(ScoreColumn(stars, Metric.STARS, (1, 5)))
        layout.why[stars.index] = Why.FORMAT
    return layout
