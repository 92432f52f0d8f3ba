"""The columns of a table of answers: what each holds, and in which words it is described."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from gloed.base.models import Organisation
from gloed.responses.models import Answer, Response
from gloed.surveys.models import Question, Survey
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION, Metric, band_of

PERSONAL = ("name", "email", "phone", "account", "external_id")
"""What may be added about a person; nothing of it unless somebody chose it."""


class Holds(StrEnum):
    """What kind of value a column has."""

    TEXT = "text"
    NUMBER = "number"
    MOMENT = "moment"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Row:
    """One response and its answers, by the place of the question."""

    response: Response
    answers: dict[int, Answer]
    by_key: dict[str, Answer]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `labels` say what its numbers mean; a CHOICE is a number with such words."""

    name: str
    label: str
    holds: Holds
    value: Callable[[Row], Any]
    labels: dict[int, str] = field(default_factory=dict)


def row_of(response: Response) -> Row:
    """A response as columns read it."""
    answers = list(response.answers.all())
    return Row(
        response,
        {answer.question.position: answer for answer in answers},
        {answer.question.key: answer for answer in answers if answer.question.key},
    )


def columns_of(
    organisation: Organisation,
    survey: Survey | None,
    attributes: Sequence[str],
    personal: Sequence[str] = (),
) -> list[Column]:
    """The columns of a table of answers to one survey, or to all of them.

    `attributes` are the names without a prefix; `personal` of `PERSONAL`.
    """
    found = _usual(ZoneInfo(organisation.time_zone))
    if survey is not None:
        found += _further(survey, organisation.language)
    found += [_attribute(name) for name in attributes]
    found += [_personal(name) for name in PERSONAL if name in personal]
    return _unique(found)


def _usual(zone: ZoneInfo) -> list[Column]:
    """What every answer has."""
    text, number, moment = Holds.TEXT, Holds.NUMBER, Holds.MOMENT

    def local(at: datetime | None) -> datetime | None:
        return at.astimezone(zone).replace(tzinfo=None, microsecond=0) if at else None

    return [
        Column("response", _("Id of the answer"), text, lambda r: str(r.response.public_id)),
        Column("survey", _("Survey"), text, lambda r: r.response.survey.title),
        Column("version", _("Version of the words"), number, lambda r: r.response.version.number),
        Column("metric", _("Metric"), text, lambda r: r.response.survey.metric),
        Column("responded_at", _("Answered at"), moment, lambda r: local(r.response.responded_at)),
        Column("rating", _("Rating"), number, _rating),
        Column("scale_minimum", _("Lowest rating"), number, lambda r: _end(r, "scale_minimum")),
        Column("scale_maximum", _("Highest rating"), number, lambda r: _end(r, "scale_maximum")),
        Column("band", _("Group of the rating"), text, _band),
        Column("verbatim", _("In their own words"), text, _verbatim),
        Column("status", _("Complete or partial"), text, lambda r: r.response.status),
        Column("touchpoint", _("Touchpoint"), text, _touchpoint),
        Column("team", _("Team"), text, lambda r: r.response.team.name if r.response.team else ""),
        Column("channel", _("Channel"), text, lambda r: r.response.channel),
        Column("language", _("Language"), text, lambda r: r.response.language),
        Column("device", _("Device"), text, lambda r: r.response.device),
        Column("source", _("Source"), text, lambda r: r.response.source),
        Column("seconds", _("Seconds it took"), number, lambda r: r.response.seconds),
        Column("tags", _("Tags"), text, lambda r: ", ".join(map(str, r.response.tags))),
        Column("person", _("Id of the person"), text, _person_id),
    ]


def _rating(row: Row) -> int | None:
    answer = row.answers.get(RATING_POSITION)
    return answer.rating if answer else None


def _end(row: Row, name: str) -> int | None:
    answer = row.answers.get(RATING_POSITION)
    return getattr(answer.question, name) if answer else None


def _band(row: Row) -> str:
    answer = row.answers.get(RATING_POSITION)
    if answer is None or answer.rating is None or answer.rating not in answer.question.scale:
        return ""
    metric = Metric(row.response.survey.metric)
    return band_of(metric, answer.question.scale, answer.rating).value


def _verbatim(row: Row) -> str:
    answer = row.answers.get(OPEN_POSITION)
    return answer.verbatim if answer else ""


def _touchpoint(row: Row) -> str:
    touchpoint = row.response.touchpoint or row.response.survey.touchpoint
    return touchpoint.name if touchpoint else ""


def _person_id(row: Row) -> str:
    return str(row.response.person.public_id) if row.response.person else ""


def _further(survey: Survey, language: str) -> list[Column]:
    """The further questions, over all versions; the newest words describe them."""
    asked = Question.objects.filter(version__survey=survey, position__gt=OPEN_POSITION)
    asked = asked.exclude(key="").prefetch_related("wordings", "options__wordings")
    newest = {question.key: question for question in asked.order_by("version__number", "position")}
    options: dict[str, dict[str, str]] = {}
    for question in asked.order_by("version__number"):
        told = options.setdefault(question.key, {})
        for option in question.options.all():
            told[option.key] = _words(option.wordings.all(), language) or option.key
    found: list[Column] = []
    for key, question in sorted(newest.items(), key=lambda item: item[1].position):
        found += _columns_of(question, key, options.get(key, {}), language)
    return found


def _columns_of(
    question: Question, key: str, options: dict[str, str], language: str
) -> list[Column]:
    words = _words(question.wordings.all(), language) or key
    name = f"q_{key}"
    kind = question.kind
    if kind == Question.Kind.CONTACT:  # kept apart from answers, and out of every table
        return []
    if kind == Question.Kind.OPEN:
        return [Column(name, words, Holds.TEXT, lambda r: _said(r, key))]
    if kind == Question.Kind.CONSENT:
        labels = {0: _("no"), 1: _("yes")}
        return [Column(name, words, Holds.CHOICE, lambda r: _has(r, key, "yes"), labels)]
    if kind in (Question.Kind.SINGLE, Question.Kind.MULTIPLE):
        return _choices(question, name, words, key, options)
    return [Column(name, words, Holds.NUMBER, lambda r: _rated(r, key))]


def _choices(
    question: Question, name: str, words: str, key: str, options: dict[str, str]
) -> list[Column]:
    """A choice as one coded column, several choices as a column of yes and no each."""
    if question.kind == Question.Kind.SINGLE:
        codes = {option: number for number, option in enumerate(options, 1)}
        labels = {codes[option]: text for option, text in options.items()}

        def chosen(row: Row) -> int | None:
            answer = row.by_key.get(key)
            return (
                next((codes[one] for one in answer.chosen if one in codes), None)
                if answer
                else None
            )

        found = [Column(name, words, Holds.CHOICE, chosen, labels)]
    else:
        labels = {0: _("no"), 1: _("yes")}
        found = [
            Column(
                f"{name}_{option}",
                f"{words}: {text}",
                Holds.CHOICE,
                lambda r, option=option: _has(r, key, option),  # type: ignore[misc]  # bound now
                labels,
            )
            for option, text in options.items()
        ]
    if question.has_other:
        found.append(Column(f"{name}_other", words, Holds.TEXT, lambda r: _said(r, key)))
    return found


def _said(row: Row, key: str) -> str:
    answer = row.by_key.get(key)
    return answer.verbatim if answer else ""


def _rated(row: Row, key: str) -> int | None:
    answer = row.by_key.get(key)
    return answer.rating if answer else None


def _has(row: Row, key: str, option: str) -> int | None:
    answer = row.by_key.get(key)
    return int(option in answer.chosen) if answer else None


def _attribute(name: str) -> Column:
    def value(row: Row) -> str:
        found = row.response.attributes.get(name)
        return "" if found is None else str(found)

    return Column(f"attr_{name}", name, Holds.TEXT, value)


def _personal(name: str) -> Column:
    labels = {
        "name": _("Name of the person"),
        "email": _("E-mail address of the person"),
        "phone": _("Telephone of the person"),
        "account": _("Account of the person"),
        "external_id": _("Number in your own system"),
    }

    def value(row: Row) -> str:
        person = row.response.person
        return str(getattr(person, name) or "") if person else ""

    return Column(f"person_{name}", labels[name], Holds.TEXT, value)


def _words(wordings: Any, language: str) -> str:
    by_language = {one.language: one.text for one in wordings if not getattr(one, "band", "")}
    return by_language.get(language) or next(iter(by_language.values()), "")


def _unique(columns: list[Column]) -> list[Column]:
    """No two columns of one name, whatever attributes are called; case does not count."""
    seen: set[str] = set()
    found = []
    for column in columns:
        name, number = column.name, 1
        while name.casefold() in seen:
            number += 1
            name = f"{column.name}_{number}"
        seen.add(name.casefold())
        found.append(Column(name, column.label, column.holds, column.value, column.labels))
    return found
