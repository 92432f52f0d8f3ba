"""Zendesk and HubSpot: ratings of tickets and feedback submissions, as tables."""

import re
from collections.abc import Mapping

from gloed.channels.file_import.reading.cells import text_of
from gloed.channels.file_import.reading.formats.beginnings import Beginning
from gloed.channels.file_import.reading.mapping import map_freely
from gloed.channels.file_import.reading.plans import Remark, Why
from gloed.channels.file_import.reading.scores import fold, number_in
from gloed.channels.file_import.reading.tables import (
    Header,
    Layout,
    Row,
    ScoreSwitch,
    Skips,
    Table,
)
from gloed.channels.file_import.reading.values import (
    Metric,
    Options,
    Scale,
    SkipReason,
    Target,
)

THUMBS: Mapping[str, int | None] = {
    "good": 1, "goodwithcomment": 1, "good_with_comment": 1, "goed": 1, "gut": 1, "bonne": 1,
    "bad": 0, "badwithcomment": 0, "bad_with_comment": 0, "slecht": 0, "schlecht": 0,
    "mauvaise": 0, "good with comment": 1, "bad with comment": 0,
}  # fmt: skip
_UNRATED = frozenset({"offered", "unoffered", "not offered", "aangeboden", "niet aangeboden"})
_RATING = re.compile(r"rating|score|beoordeling|bewertung|évaluation|tevredenheid$|satisfaction$")
_DATE = re.compile(r"\b(?:date|datum|time|tijd|timestamp|updated|created|rated)\b")
_COMMENT = re.compile(r"comment|opmerking|toelichting|kommentar|feedback")
_REQUESTER = re.compile(r"requester|aanvrager|customer|klant|end user")


def rating_of(kinds: tuple[str, ...]) -> tuple[Metric, Scale] | None:
    """Thumbs for good and bad, 1 to 5 for numbers: never the same metric."""
    text = fold(kinds[0])
    if text in THUMBS:
        return Metric.THUMBS, (0, 1)
    return (Metric.CSAT, (1, 5)) if number_in(text) is not None else None


def skips_unrated(header: Header) -> Skips:
    """Tickets whose survey was offered, or not even offered, have no answer."""

    def skip(row: Row) -> SkipReason | None:
        cell = row[header.index] if header.index < len(row) else None
        return SkipReason.EMPTY if fold(text_of(cell)) in _UNRATED else None

    return skip


def recognises_zendesk(beginning: Beginning) -> bool:
    """By a ticket id and anything about satisfaction."""
    titles = beginning.titles
    return "ticket id" in titles and any("satisfaction" in title for title in titles)


def lay_out_zendesk(table: Table, options: Options, name: str = "zendesk_csv") -> Layout:
    """A report's author chose the names of the columns: find them by words and values."""
    layout = Layout(name, table)
    layout.fixed[Target.TOUCHPOINT] = "ticket"
    rating = _rating_column(table)
    if rating is not None:
        layout.switch = ScoreSwitch(rating, (rating,), rating_of, THUMBS)
        layout.why[rating.index] = Why.FORMAT
        layout.skip = skips_unrated(rating)
    for header in layout.free:
        title = header.title.casefold()
        if _REQUESTER.search(title):
            _map_requester(layout, header, title)
        elif _COMMENT.search(title) and not layout.targets.get(Target.COMMENT):
            layout.take_header(Target.COMMENT, header, Why.FORMAT)
    dated = [
        h
        for h in layout.free
        if _DATE.search(h.title.casefold()) and table.facts[h.index].time_share > 0.5
    ]
    about = [h for h in dated if "satisfaction" in h.title.casefold()]
    if dated:
        layout.take_header(Target.TIME, (about or dated)[0], Why.FORMAT)
    if rating is None:
        map_freely(layout, options)
    layout.targets.pop(Target.RESPONSE_ID, None)
    return layout


def _rating_column(table: Table) -> Header | None:
    titles = [h for h in table.headers if _RATING.search(h.title.casefold())]
    for header in [*titles, *table.headers]:
        texts = {fold(text) for text in table.facts[header.index].texts}
        if texts & (set(THUMBS) | _UNRATED):
            return header
    for header in titles:
        if table.facts[header.index].number_share > 0.5:
            return header
    return titles[0] if titles else None


def _map_requester(layout: Layout, header: Header, title: str) -> None:
    if "mail" in title:
        layout.take_header(Target.EMAIL, header, Why.FORMAT)
    elif title.endswith((" id", "_id", "nummer", "number")):
        layout.take_header(Target.EXTERNAL_ID, header, Why.FORMAT)
    elif not layout.targets.get(Target.NAME):
        layout.take_header(Target.NAME, header, Why.FORMAT)


_HUBSPOT_NAMES: Mapping[Target, tuple[str, ...]] = {
    Target.RESPONSE_ID: ("record id", "hs_object_id", "id"),
    Target.SURVEY: ("survey name", "hs_survey_name"),
    Target.CHANNEL: ("source", "hs_survey_channel"),
    Target.TIME: ("date", "hs_submission_timestamp", "createdat"),
    Target.COMMENT: ("response", "hs_content"),
    Target.EMAIL: ("email", "hs_contact_email_rollup"),
    Target.FIRST_NAME: ("first name", "hs_contact_firstname"),
    Target.LAST_NAME: ("last name", "hs_contact_lastname"),
}
_CLASSIC_SENTIMENTS = frozenset({"unhappy", "neutral", "happy"})
_HUBSPOT_KINDS: Mapping[str, tuple[Metric, Scale]] = {
    "nps": (Metric.NPS, (0, 10)),
    "ces": (Metric.CES, (1, 7)),
    "knowledge": (Metric.THUMBS, (0, 1)),
}


def recognises_hubspot(beginning: Beginning) -> bool:
    """By the labels of the export or the internal names."""
    return beginning.has("survey type", "rating", "feedback sentiment") or beginning.has(
        "hs_survey_type", "hs_value"
    )


def lay_out_hubspot(table: Table, options: Options, name: str = "hubspot_csv") -> Layout:
    """Several surveys and scales in one file: one metric for each survey."""
    layout = Layout(name, table, has_totals=False)
    for target, titles in _HUBSPOT_NAMES.items():
        found = table.find(*titles)
        if found is not None:
            layout.take_header(target, found, Why.FORMAT)
    kind = table.find("survey type", "hs_survey_type")
    value = table.find("rating", "hs_value")
    survey = table.find("survey name", "hs_survey_name")
    if kind is None or value is None:
        map_freely(layout, options)
        return layout
    classic = _classic_surveys(table, kind, value, survey)

    def choose(kinds: tuple[str, ...]) -> tuple[Metric, Scale] | None:
        if fold(kinds[0]) == "csat":
            is_classic = kinds[-1] in classic
            return Metric.CSAT, (0, 2) if is_classic else (1, 5)
        return _HUBSPOT_KINDS.get(fold(kinds[0]))

    layout.switch = ScoreSwitch(value, (kind, survey or kind), choose)
    if classic:
        layout.notes.append(
            Remark(
                "csat_classic",
                "Satisfaction is on HubSpot's scale from 0 (unhappy) to 2 (happy) in:"
                f" {', '.join(sorted(classic))}.",
                {"surveys": ", ".join(sorted(classic))},
            )
        )
    return layout


def _classic_surveys(
    table: Table, kind: Header, value: Header, survey: Header | None
) -> frozenset[str]:
    """Surveys of satisfaction whose values end at 2, with the words of the 0 to 2 scale."""
    sentiment = table.find("feedback sentiment", "hs_response_group")
    highest: dict[str, float] = {}
    worded: set[str] = set()
    for row in table.rows():
        cells = [
            text_of(row[h.index]) if h and h.index < len(row) else ""
            for h in (kind, survey, sentiment, value)
        ]
        number = number_in(cells[3])
        if fold(cells[0]) != "csat" or number is None:
            continue
        name = cells[1].strip() if survey is not None else cells[0].strip()
        highest[name] = max(highest.get(name, 0.0), float(number))
        if fold(cells[2]) in _CLASSIC_SENTIMENTS:
            worded.add(name)
    return frozenset(name for name, most in highest.items() if most <= 2 and name in worded)
