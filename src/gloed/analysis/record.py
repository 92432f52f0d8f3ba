"""Reading answers from the record, as rows of the projection, in bounded memory."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet

from gloed.analysis.schema import ATTRIBUTE, CORE, RATED, THEME, UNDATED, attribute_text
from gloed.base.bulk import clean
from gloed.base.models import Organisation, Team
from gloed.coding.queries import has_codebook, themes_named
from gloed.responses.models import Answer, Response
from gloed.surveys.models import Question, Survey, SurveyVersion, Touchpoint
from gloed.surveys.rules import OPEN_POSITION

CHUNK = 4_000
"""Responses read at a time; their answers are looked up beside them."""

FIELDS = (
    "pk",
    "public_id",
    "survey_id",
    "version_id",
    "person_id",
    "team_id",
    "touchpoint_id",
    "responded_at",
    "channel",
    "device",
    "language",
    "status",
    "source",
    "batch",
    "attributes",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a version asked: its survey's number and its rating question, by key."""

    number: int
    metric: str
    ratings: dict[int, tuple[str, int | None, int | None, bool]]  # metric, scale ends, high is good
    further: dict[int, str] = field(default_factory=dict)  # other rating questions: their columns


@dataclass(slots=True)
class Rows:
    """Rows of the projection as lists per column, all of one length."""

    columns: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in CORE})
    length: int = 0

    def add(
        self, row: dict[str, Any], attributes: dict[str, Any], rated: dict[str, Any] | None = None
    ) -> None:
        """Append one row; a column met for the first time is empty in the rows before it.

        `rated` are ratings of further questions by the name of their column.
        """
        for name in CORE:
            self.columns[name].append(row[name])
        named = {ATTRIBUTE + clean(key): value for key, value in attributes.items()}
        for name, value in (named | (rated or {})).items():
            column = self.columns.get(name)
            if column is None:
                column = self.columns[name] = []
            if len(column) <= self.length:
                column.extend([None] * (self.length - len(column)))
                column.append(attribute_text(value))
        self.length += 1

    def finished(self) -> dict[str, list[Any]]:
        """All columns, filled up to the same length."""
        for column in self.columns.values():
            column.extend([None] * (self.length - len(column)))
        return self.columns


def month_of(moment: datetime | None) -> str:
    """The UTC month under which an answer is filed, as the journal tells it."""
    return moment.astimezone(UTC).strftime("%Y-%m") if moment else UNDATED


def months_in(responses: QuerySet[Response]) -> Iterator[str]:
    """Every UTC month of these responses, and `undated` where that occurs: one look per month."""
    after: datetime | None = None
    while True:
        dated = responses.filter(responded_at__isnull=False)
        if after is not None:
            dated = dated.filter(responded_at__gte=after)
        first = dated.aggregate(first=Min("responded_at"))["first"]
        if first is None:
            break
        month = month_of(first)
        yield month
        if month == "9999-12":
            break
        after = month_bounds(month)[1]
    if responses.filter(responded_at__isnull=True).exists():
        yield UNDATED


class Record:
    """The answers of one organisation, ready to be projected."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.zone = ZoneInfo(organisation.time_zone)
        surveys = Survey.objects.filter(organisation=organisation)
        self._surveys = {
            pk: (str(public_id), touchpoint)
            for pk, public_id, touchpoint in surveys.values_list("pk", "public_id", "touchpoint")
        }
        self._teams = _public_ids(Team.objects.filter(organisation=organisation))
        self._touchpoints = _public_ids(Touchpoint.objects.filter(organisation=organisation))
        self._versions = _versions(organisation)
        self._has_themes = has_codebook(organisation)

    def months(self) -> Iterator[str]:
        """Every UTC month in which somebody answered, and `undated` where that occurs."""
        return months_in(self._standing())

    def count(self) -> int:
        """How many responses stand in the record."""
        return self._standing().count()

    def of_month(self, month: str, *, size: int) -> Iterator[Rows]:
        """The rows of one UTC month, in pieces of about `size` rows."""
        chosen = self._standing()
        if month == UNDATED:
            chosen = chosen.filter(responded_at__isnull=True)
        else:
            start, end = month_bounds(month)
            chosen = chosen.filter(responded_at__gte=start, responded_at__lt=end)
        stream = chosen.order_by().values_list(*FIELDS).iterator(chunk_size=CHUNK)
        rows = Rows()
        while piece := list(islice(stream, CHUNK)):
            self._add(rows, piece)
            if rows.length >= size:
                yield rows
                rows = Rows()
        if rows.length:
            yield rows

    def of_responses(self, keys: Iterable[int]) -> dict[str, Rows]:
        """The rows of these responses by UTC month, as far as they still stand."""
        wanted = sorted(keys)
        found: defaultdict[str, Rows] = defaultdict(Rows)
        for begin in range(0, len(wanted), CHUNK):
            chosen = self._standing().filter(pk__in=wanted[begin : begin + CHUNK])
            by_month: defaultdict[str, list[Any]] = defaultdict(list)
            for values in chosen.values_list(*FIELDS):
                by_month[month_of(values[FIELDS.index("responded_at")])].append(values)
            for month, piece in by_month.items():
                self._add(found[month], piece)
        return dict(found)

    def _standing(self) -> QuerySet[Response]:
        """Those that count. By survey, because that is how the record is indexed by time.

        What was withdrawn and what looks like a machine's stay out of every figure.
        """
        return Response.objects.filter(
            survey__in=list(self._surveys), withdrawn_at=None, is_suspicious=False
        )

    def _add(self, rows: Rows, piece: list[Any]) -> None:
        keys = [values[0] for values in piece]
        answers = _answers(keys)
        themes = themes_named(keys) if self._has_themes else {}
        for values in piece:
            response = dict(zip(FIELDS, values, strict=True))
            asked = self._versions[response["version_id"]]
            common = self._common(response, asked)
            given = answers.get(response["pk"], {})
            common["has_verbatim"] = any(answer[2] for answer in given.values())
            common[THEME] = themes.get(response["pk"])
            attributes = response["attributes"]
            rated = _rated(asked, given)
            further = {name: given[q][0] for q, name in asked.further.items() if q in given}
            for question in rated:
                metric, low, high, good = asked.ratings[question]
                rating, raw, _ = given[question]
                row = common | {"metric": metric, "scale_minimum": low, "scale_maximum": high}
                row |= {"high_is_good": good, "rating": rating}
                rows.add(row | {"unreadable": rating is None and bool(raw)}, attributes, further)
            if not rated:
                rows.add(common, attributes, further)

    def _common(self, response: dict[str, Any], asked: Asked) -> dict[str, Any]:
        survey, touchpoint = self._surveys[response["survey_id"]]
        moment = response["responded_at"]
        first = next(iter(asked.ratings.values()), (asked.metric, None, None, None))
        return {
            "organisation": str(self.organisation.public_id),
            "response_id": response["pk"],
            "response": str(response["public_id"]),
            "survey": survey,
            "version": asked.number,
            "metric": first[0],
            "scale_minimum": first[1],
            "scale_maximum": first[2],
            "high_is_good": first[3],
            "rating": None,
            "unreadable": False,
            "responded_at": moment,
            "local_date": self._local(moment),
            "person": response["person_id"],
            "team": self._teams.get(response["team_id"]),
            "touchpoint": self._touchpoints.get(response["touchpoint_id"] or touchpoint),
            "channel": response["channel"] or None,
            "device": response["device"] or None,
            "language": response["language"] or None,
            "status": response["status"],
            "source": response["source"],
            "batch": str(response["batch"]) if response["batch"] else None,
        }

    def _local(self, moment: datetime | None) -> date | None:
        if moment is None:
            return None
        try:
            return moment.astimezone(self.zone).date()
        except OverflowError:  # the very ends of the calendar
            return moment.date()


def month_bounds(month: str) -> tuple[datetime, datetime]:
    """First moment of a UTC month and of the next one."""
    year, number = (int(part) for part in month.split("-"))
    start = datetime(year, number, 1, tzinfo=UTC)
    if (year, number) == (9999, 12):
        return start, datetime.max.replace(tzinfo=UTC)
    return start, datetime(year + number // 12, number % 12 + 1, 1, tzinfo=UTC)


def _public_ids(objects: QuerySet[Any]) -> dict[int | None, str]:
    return {pk: str(public_id) for pk, public_id in objects.values_list("pk", "public_id")}


def _versions(organisation: Organisation) -> dict[int, Asked]:
    versions = {
        pk: Asked(number, metric, {})
        for pk, number, metric in SurveyVersion.objects.filter(
            survey__organisation=organisation
        ).values_list("pk", "number", "survey__metric")
    }
    questions = Question.objects.filter(
        version__survey__organisation=organisation, position__lte=OPEN_POSITION
    ).exclude(kind=Question.Kind.OPEN)
    for pk, version, kind, low, high, good in questions.order_by("position").values_list(
        "pk", "version_id", "kind", "scale_minimum", "scale_maximum", "high_is_good"
    ):
        versions[version].ratings[pk] = (kind, low, high, good)
    further = Question.objects.filter(
        version__survey__organisation=organisation,
        position__gt=OPEN_POSITION,
        kind=Question.Kind.RATING,
    )
    for pk, version, key in further.values_list("pk", "version_id", "key"):
        versions[version].further[pk] = RATED + key
    return versions


def _answers(responses: list[int]) -> dict[int, dict[int, tuple[int | None, str, str]]]:
    """Rating, raw text and words per question, by response."""
    found: defaultdict[int, dict[int, tuple[int | None, str, str]]] = defaultdict(dict)
    chosen = Answer.objects.filter(response_id__in=responses)
    for response, question, rating, raw, words in chosen.values_list(
        "response_id", "question_id", "rating", "raw", "verbatim"
    ):
        found[response][question] = (rating, raw, words)
    return found


def _rated(asked: Asked, given: dict[int, tuple[int | None, str, str]]) -> list[int]:
    """The rating questions that were answered in some way, in the order they were asked."""
    return [question for question in asked.ratings if question in given]
