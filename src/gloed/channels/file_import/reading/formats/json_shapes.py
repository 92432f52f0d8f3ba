"""How each API wraps its answers, and how one answer becomes one flat row."""

from typing import TypeAlias

from gloed.channels.file_import.reading.cells import Cell, text_of
from gloed.channels.file_import.reading.containers.inspection import inspect
from gloed.channels.file_import.reading.containers.json_text import flat, load
from gloed.channels.file_import.reading.formats.feedback_tools import partial_unless
from gloed.channels.file_import.reading.formats.helpdesks import (
    THUMBS,
    rating_of,
    skips_unrated,
)
from gloed.channels.file_import.reading.mapping import map_freely, score_column
from gloed.channels.file_import.reading.plans import Why
from gloed.channels.file_import.reading.tables import Layout, ScoreSwitch, Table
from gloed.channels.file_import.reading.values import Metric, Options, Target

Objects: TypeAlias = list[dict[str, Cell]]
Json: TypeAlias = dict[str, Cell]
_ELSEWHERE = frozenset({"data", "contactAttributes", "ttc"})


def objects_in(value: object) -> list[Json]:
    """The objects of a list, without anything else in it."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _under(document: object, *keys: str) -> object:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document


def records_of(document: object) -> list[Json]:
    """Objects of a list, of JSON lines, or of the lines that Singer and Airbyte write."""
    found = objects_in(document) if isinstance(document, list) else objects_in([document])
    unwrapped = []
    for item in found:
        inner = item.get("record") or item.get("_airbyte_data")
        if isinstance(inner, dict):
            data = inner.get("data")
            inner = data if isinstance(data, dict) else inner
            unwrapped.append(inner)
        elif item.get("type") not in {"SCHEMA", "STATE", "LOG", "TRACE"}:
            unwrapped.append(item)
    return unwrapped


def delighted(document: object) -> Objects | None:
    """Responses with the person joined, under the names of the warehouse table."""
    listed = _under(document, "survey_responses")
    found = objects_in(listed) if listed is not None else records_of(document)
    responses = [item for item in found if {"survey_type", "score", "person"} <= set(item)]
    if not responses:
        return None
    people = {text_of(p.get("id")): p for p in objects_in(_under(document, "people"))}
    return [_delighted_row(response, people) for response in responses]


def _delighted_row(response: Json, people: dict[str, Json]) -> Json:
    given = response.get("person")
    person = given if isinstance(given, dict) else people.get(text_of(given), {})
    row = {key: value for key, value in response.items() if key != "person"}
    return row | {
        "person": person.get("id") if person else None,
        "person_name": person.get("name"),
        "person_email": person.get("email"),
        "person_phone_number": person.get("phone_number"),
    }


def qualtrics(document: object) -> Objects | None:
    """Values under the short names of the CSV."""
    found = objects_in(_under(document, "responses"))
    rows = [
        {"responseId": item.get("responseId"), **values}
        for item in found
        if isinstance(values := item.get("values"), dict)
    ]
    return rows if any("recordedDate" in row for row in rows) else None


def zendesk(document: object) -> Objects | None:
    """Ratings joined with side-loaded users; survey responses as rating and comment."""
    ratings = objects_in(_under(document, "satisfaction_ratings"))
    surveyed = [r for r in objects_in(_under(document, "survey_responses")) if "answers" in r]
    if not ratings and not surveyed and _under(document, "satisfaction_ratings") is None:
        return None
    users = {text_of(u.get("id")): u for u in objects_in(_under(document, "users"))}
    rows: Objects = []
    for rating in [*ratings, *map(_surveyed, surveyed)]:
        user = users.get(text_of(rating.get("requester_id")), {})
        row = {key: value for key, value in rating.items() if key not in {"url", "reason_id"}}
        who = {"requester_name": user.get("name"), "requester_email": user.get("email")}
        rows.append(row | who)
    return rows


def _surveyed(response: Json) -> Json:
    row: Json = {
        "id": response.get("id"),
        "requester_id": response.get("responder_id"),
        "created_at": response.get("created_at"),
        "updated_at": response.get("updated_at") or response.get("created_at"),
        "score": None,
        "comment": None,
    }
    subjects = response.get("subjects")
    for subject in objects_in(subjects):
        row["ticket_id"] = subject.get("id")
    for answer in objects_in(response.get("answers")):
        if answer.get("type") == "rating_scale":
            row["score"] = answer.get("rating")
        elif answer.get("type") == "open_ended":
            row["comment"] = answer.get("value")
    return row


def lay_out_zendesk(table: Table, options: Options, name: str) -> Layout:  # noqa: ARG001 - every layout takes options
    """Good and bad are thumbs, numbers are satisfaction from 1 to 5."""
    layout = Layout(name, table, has_totals=False)
    layout.fixed[Target.TOUCHPOINT] = "ticket"
    layout.take(Target.RESPONSE_ID, "id")
    layout.take(Target.EXTERNAL_ID, "requester_id")
    layout.take(Target.NAME, "requester_name")
    layout.take(Target.EMAIL, "requester_email")
    layout.take(Target.COMMENT, "comment")
    layout.take(Target.TIME, "updated_at", "created_at")
    score = table.find("score")
    if score is not None:
        layout.switch = ScoreSwitch(score, (score,), rating_of, THUMBS)
        layout.skip = skips_unrated(score)
    return layout


def hubspot(document: object) -> Objects | None:
    """Properties under their internal names."""
    found = objects_in(_under(document, "results"))
    rows = [
        {"id": item.get("id"), **properties, "createdAt": item.get("createdAt")}
        for item in found
        if isinstance(properties := item.get("properties"), dict)
    ]
    return rows if any("hs_value" in row for row in rows) else None


def retently(document: object) -> Objects | None:
    """Responses with their custom properties as columns."""
    found = objects_in(_under(document, "data", "responses"))
    if not any("metricsType" in item for item in found):
        return None
    rows: Objects = []
    for item in found:
        row = {key: value for key, value in item.items() if key != "customProps"}
        for custom in objects_in(item.get("customProps")):
            row.setdefault(text_of(custom.get("label")) or "property", custom.get("value"))
        rows.append(row)
    return rows


def formbricks(document: object) -> Objects | None:
    """Answers under their question ids, then the rest with its names."""
    found = objects_in(_under(document, "data"))
    if not any({"surveyId", "finished", "data"} <= set(item) for item in found):
        return None
    rows: Objects = []
    for item in found:
        answers = item.get("data")
        row: Json = dict(answers) if isinstance(answers, dict) else {}
        attributes = item.get("contactAttributes")
        for key, value in (attributes if isinstance(attributes, dict) else {}).items():
            row.setdefault(key, value)
        rest = {key: item[key] for key in item if key not in _ELSEWHERE}
        rows.append({**flat(rest), **row, **_clashes(rest, row)})
    return rows


def _clashes(rest: Json, row: Json) -> Json:
    """A question called `id` must not hide the response's id."""
    return {f"question {key}": row[key] for key in rest if key in row} | {
        key: rest[key] for key in rest if key in row
    }


def lay_out_formbricks(table: Table, options: Options, name: str) -> Layout:
    """The file has no question texts: map by the survey's JSON, or by the user's word."""
    layout = Layout(name, table, has_totals=False)
    layout.take(Target.RESPONSE_ID, "id")
    layout.take(Target.TIME, "createdat")
    layout.take(Target.SURVEY, "surveyid")
    layout.take(Target.EXTERNAL_ID, "contact.userid", "contact.id")
    layout.take(Target.EMAIL, "email")
    layout.take(Target.LANGUAGE, "language")
    layout.take(Target.CHANNEL, "meta.source")
    layout.take(Target.TAGS, "tags")
    layout.take(Target.NOTES, "notes")
    if options.structure is not None:
        _map_by_survey(layout, options)
    if options.mapping:
        layout.status = partial_unless(table.find("finished"))
        return layout
    map_freely(layout, options)
    layout.status = partial_unless(table.find("finished"))
    return layout


def _map_by_survey(layout: Layout, options: Options) -> None:
    """`{questions: [{id, type, headline}]}`: types say the metric, texts the rest."""
    if options.structure is None:
        return
    survey = load(inspect(options.structure))
    listed = _under(survey, "questions") or _under(survey, "data", "questions")
    for question in objects_in(listed):
        header = layout.table.find(text_of(question.get("id")).casefold())
        kind = text_of(question.get("type")).casefold()
        if header is None or header not in layout.free:
            continue
        if kind in {"nps", "ces", "csat"}:
            facts = layout.table.facts[header.index]
            layout.scores.append(score_column(header, Metric(kind), facts, Why.FORMAT))
        elif kind == "opentext" and not layout.targets.get(Target.COMMENT):
            layout.take_header(Target.COMMENT, header, Why.FORMAT)


def asknicely(document: object) -> Objects | None:
    """Rows as they are: the API gives everything as text under the names of the CSV."""
    found = objects_in(_under(document, "data"))
    return found if any({"response_id", "answer"} <= set(item) for item in found) else None


def plain_objects(document: object) -> Objects | None:
    """A list of objects of nobody's: a table like any other."""
    found = objects_in(document) if isinstance(document, list) else []
    if not found and isinstance(document, dict):
        lists = [objects_in(value) for value in document.values() if objects_in(value)]
        found = max(lists, key=len, default=[])
    return [flat(item) for item in found] or None
