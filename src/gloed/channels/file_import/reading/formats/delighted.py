"""Delighted: the export with its headings, the warehouse table with API names, and JSON."""

from collections.abc import Mapping

from gloed.channels.file_import.reading.cells import Cell, json_in, text_of
from gloed.channels.file_import.reading.formats.beginnings import Beginning
from gloed.channels.file_import.reading.scores import fold
from gloed.channels.file_import.reading.tables import Layout, ScoreSwitch, Table
from gloed.channels.file_import.reading.values import Metric, Options, Scale, Target

KINDS: Mapping[str, tuple[Metric, Scale]] = {
    "nps": (Metric.NPS, (0, 10)),
    "enps": (Metric.ENPS, (0, 10)),
    "csat": (Metric.CSAT, (1, 5)),
    "csat3": (Metric.CSAT, (1, 3)),
    "ces": (Metric.CES, (1, 5)),
    "ces7": (Metric.CES, (1, 7)),
    "stars_five": (Metric.STARS, (1, 5)),
    "smileys": (Metric.CSAT, (1, 5)),
    "thumbs": (Metric.THUMBS, (0, 1)),
    "pmf": (Metric.PMF, (1, 3)),
}
_TOUCHPOINTS = ("purchase experience", "question_product_name", "touchpoint")


def recognises(beginning: Beginning) -> bool:
    """By the headings of the export or the names of the API."""
    return beginning.has("response id", "survey type", "score", "permalink") or beginning.has(
        "id", "person", "survey_type", "score", "permalink"
    )


def lay_out(table: Table, options: Options, name: str = "delighted_csv") -> Layout:  # noqa: ARG001 - every layout takes options
    """Map by the names of either shape; the survey type stays in the attributes."""
    layout = Layout(name, table, zone="UTC", has_totals=False)
    has_headings = table.find("response id") is not None
    layout.take(Target.RESPONSE_ID, "response id" if has_headings else "id")
    layout.take(Target.EXTERNAL_ID, "person id" if has_headings else "person_id")
    if not has_headings:
        layout.take(Target.EXTERNAL_ID, "person")
        layout.take(Target.NAME, "person_name")
        layout.take(Target.EMAIL, "person_email")
        layout.take(Target.PHONE, "person_phone_number", "person_phone")
    layout.take(Target.NAME, "name")
    layout.take(Target.EMAIL, "email")
    layout.take(Target.PHONE, "phone number", "phone_number")
    layout.take(Target.TIME, "created at" if has_headings else "created_at")
    layout.take(Target.COMMENT, "comment")
    layout.take(Target.CHANNEL, "delighted source")
    layout.take(Target.DEVICE, "delighted device type")
    layout.take(Target.TAGS, "tags")
    layout.take(Target.NOTES, "notes")
    touchpoint = table.find(*_TOUCHPOINTS)
    if touchpoint is not None:
        layout.take(Target.TOUCHPOINT, touchpoint.title.casefold())
    kind, score = table.find("survey type", "survey_type"), table.find("score")
    if kind is not None and score is not None:
        layout.switch = ScoreSwitch(score, (kind,), lambda kinds: KINDS.get(fold(kinds[0])))
    layout.within = {
        Target.CHANNEL: ("Delighted Source",),
        Target.DEVICE: ("Delighted Device Type",),
        Target.TOUCHPOINT: ("Purchase Experience", "question_product_name", "touchpoint"),
    }
    for title in ("person_properties", "additional_answers"):
        header = table.find(title)
        if header is not None:
            layout.expand[header.index] = _answers if title == "additional_answers" else _properties
    return layout


def _properties(cell: Cell) -> dict[str, str]:
    value = json_in(cell)
    if isinstance(value, dict):
        return {str(key): text_of(item) for key, item in value.items() if text_of(item)}
    return {"person_properties": text_of(cell)} if text_of(cell) else {}


def _answers(cell: Cell) -> dict[str, str]:
    value = json_in(cell)
    if not isinstance(value, list):
        return {"additional_answers": text_of(cell)} if text_of(cell) else {}
    answers: dict[str, str] = {}
    for item in value:
        if isinstance(item, dict):
            question = item.get("question")
            asked = question.get("text") if isinstance(question, dict) else question
            answer = _given(item.get("value"))
            if answer:
                answers[text_of(asked) or "additional answer"] = answer
    return answers


def _given(value: object) -> str:
    """The one of free_response, scale, select_one and select_many that is not null."""
    if not isinstance(value, dict):
        return text_of(value)
    for key in ("free_response", "scale"):
        if value.get(key) is not None:
            return text_of(value[key])
    one, many = value.get("select_one"), value.get("select_many")
    if isinstance(one, dict):
        return text_of(one.get("text"))
    if isinstance(many, list):
        return ", ".join(
            text_of(m.get("text")) if isinstance(m, dict) else text_of(m) for m in many
        )
    return ""
