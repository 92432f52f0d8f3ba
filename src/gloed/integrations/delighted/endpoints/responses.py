"""Survey responses: brought in, listed, changed."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.db.models import F, Q, QuerySet

from gloed.integrations.delighted import shapes
from gloed.integrations.delighted.endpoints.asked import MOST, USUAL, Asked, Reply
from gloed.integrations.delighted.endpoints.people import find_by_address, find_by_id, within
from gloed.integrations.delighted.endpoints.trends import trend_in
from gloed.integrations.delighted.models import Note, Project
from gloed.integrations.delighted.requests import Refused, names_in, text, unprocessable, whole
from gloed.integrations.delighted.rules import (
    TYPES,
    read_properties,
    read_score,
    read_unix,
)
from gloed.integrations.delighted.trends import within_trend
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses import operations as records
from gloed.responses.models import Response
from gloed.responses.rules import VERBATIM_LIMIT, AnswerRefused, GivenAnswer, IncomingAnswer
from gloed.surveys.queries import get_asked
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION

FURTHEST = 1_000_000
ORDERS = {"asc", "desc", "asc:updated_at", "desc:updated_at"}
MOST_NOTES = 100


def index(asked: Asked) -> Reply:
    """Responses in numbered pages; beyond the last one an empty list."""
    size = whole(asked.parameters, "per_page", default=USUAL, most=MOST)
    page = whole(asked.parameters, "page", default=1, most=FURTHEST)
    rows = _ordered(_filtered(asked), str(asked.given("order") or "asc"))
    found = list(rows[(page - 1) * size : page * size])
    expand = names_in(asked.parameters.get("expand"))
    return Reply(shapes.responses(asked.project, found, expand=expand))


def show(asked: Asked) -> Reply:
    """One response."""
    return _shown(asked, _find(asked, asked.path.rpartition("/")[2]))


def create(asked: Asked) -> Reply:
    """Bring a response in that was given elsewhere; it counts from now on."""
    person = _person_in(asked)
    score = _score_in(asked)
    comment = text(asked.parameters, "comment", most=VERBATIM_LIMIT) or ""
    given_at = asked.moment("created_at") or asked.now
    if given_at > asked.now:
        raise unprocessable("created_at", "can't be in the future")
    answer = IncomingAnswer(
        answers=(
            GivenAnswer(RATING_POSITION, rating=score),
            GivenAnswer(OPEN_POSITION, verbatim=comment),
        ),
        source="delighted",
        source_id=uuid4().hex,  # the old API knew no key: every request is a response of its own
        responded_at=given_at,
        person=_data_of(person),
        attributes=read_properties(asked.parameters.get("person_properties")),
        language=person.language,
        channel="api",
    )
    try:
        receipt = records.receive_answer(
            answer, survey=get_asked(asked.project.survey_id), now=asked.now
        )
    except AnswerRefused as refusal:
        raise unprocessable("base", refusal.reason.value.replace("_", " ")) from None
    response = _responses(asked.project).get(public_id=receipt.response_id)
    return Reply(_shown(asked, response).body, 201)


def change(asked: Asked) -> Reply:
    """Change what is given and differs; clients send the whole object back."""
    told = asked.path.partition("/")[2] or str(asked.given("id") or "")
    response = _find(asked, told)
    before = shapes.responses(asked.project, [response], expand=set())[0]
    try:
        _change_words(asked, response, before)
    except AnswerRefused as refusal:
        raise unprocessable("score", refusal.reason.value.replace("_", " ")) from None
    _change_rest(asked, response, before)
    if isinstance(asked.given("notes"), list):
        _keep_notes(asked, response)
    return _shown(asked, _find(asked, str(response.pk)))


def _change_words(asked: Asked, response: Response, before: Mapping[str, Any]) -> None:
    house = asked.project.organisation
    if asked.given("score") is not None and (score := _score_in(asked)) != before["score"]:
        records.correct_answer(
            house, response.public_id, position=RATING_POSITION, rating=score, now=asked.now
        )
    if "comment" in asked.parameters:
        comment = text(asked.parameters, "comment", most=VERBATIM_LIMIT) or ""
        if comment != (before["comment"] or ""):
            records.correct_answer(
                house, response.public_id, position=OPEN_POSITION, verbatim=comment, now=asked.now
            )


def _change_rest(asked: Asked, response: Response, before: Mapping[str, Any]) -> None:
    changed: dict[str, Any] = {}
    if asked.given("person") is not None:
        person = _person_in(asked)
        if str(person.pk) != before["person"]:
            changed["person"] = person
    if "person_properties" in asked.parameters:
        properties = read_properties(asked.parameters["person_properties"])
        properties.pop(shapes.SOURCE, None)
        if properties != response.attributes:
            changed["attributes"] = properties
    tags = asked.parameters.get("tags")
    if isinstance(tags, list):
        plain = [str(tag)[:60] for tag in tags[:50]]
        if plain != response.tags:
            changed["tags"] = plain
    if changed:
        records.change_context(response, now=asked.now, **changed)


def _keep_notes(asked: Asked, response: Response) -> None:
    """Notes that are new are added; those that were sent back with their id stay as they are."""
    known = {str(note.pk) for note in response.delighted_notes.all()}
    for note in asked.parameters["notes"][:MOST_NOTES]:
        told = note if isinstance(note, Mapping) else {"text": note}
        words = str(told.get("text") or "").strip()[:5_000]
        if words and str(told.get("id", "")) not in known:
            Note.objects.create(
                response=response,
                text=words,
                user_email=str(told.get("user_email") or "")[:254],
                created_at=read_unix_or(told.get("created_at"), asked),
            )


def read_unix_or(value: Any, asked: Asked) -> Any:
    """The moment that was told, or now."""
    try:
        return read_unix(value) or asked.now
    except ValueError:
        return asked.now


def _filtered(asked: Asked) -> QuerySet[Response]:
    rows = within(
        _responses(asked.project), asked.moment("since"), asked.moment("until"), "responded_at"
    )
    if (trend := trend_in(asked)) is not None:
        rows = within_trend(rows, asked.project, trend)
    since, until = asked.moment("updated_since"), asked.moment("updated_until")
    if since is not None or until is not None:
        never = rows.filter(updated_at=F("recorded_at"))
        changed = rows.exclude(updated_at=F("recorded_at"))
        rows = rows.filter(
            Q(pk__in=within(never, since, until, "responded_at").values("pk"))
            | Q(pk__in=within(changed, since, until, "updated_at").values("pk"))
        )
    if asked.given("person_id") is not None:
        rows = rows.filter(person=_known(find_by_id(asked.project, asked.given("person_id"))))
    if asked.given("person_email") is not None:
        address = str(asked.given("person_email"))
        rows = rows.filter(person=_known(find_by_address(asked.project, address)))
    return rows


def _known(person: Person | None) -> Person:
    if person is None:
        raise Refused(404)
    return person


def _ordered(rows: QuerySet[Response], order: str) -> QuerySet[Response]:
    if order not in ORDERS:
        raise unprocessable("order", "is not included in the list")
    sign = "-" if order.startswith("desc") else ""
    column = "updated_at" if order.endswith("updated_at") else "responded_at"
    return rows.order_by(f"{sign}{column}", f"{sign}pk")


def _responses(project: Project) -> QuerySet[Response]:
    rows = Response.objects.filter(survey=project.survey, withdrawn_at=None, is_suspicious=False)
    return rows.select_related("person").prefetch_related(
        "answers__question__wordings", "delighted_notes"
    )


def _find(asked: Asked, told: str) -> Response:
    if not (told.isascii() and told.isdigit() and len(told) < 19):
        raise Refused(404)
    response = _responses(asked.project).filter(pk=int(told)).first()
    if response is None:
        raise Refused(404)
    return response


def _shown(asked: Asked, response: Response) -> Reply:
    expand = names_in(asked.parameters.get("expand"))
    return Reply(shapes.responses(asked.project, [response], expand=expand)[0])


def _person_in(asked: Asked) -> Person:
    told = asked.given("person")
    if isinstance(told, Mapping):
        told = told.get("id")
    if told is None:
        raise unprocessable("person", "can't be blank")
    person = find_by_id(asked.project, told)
    if person is None:
        raise unprocessable("person", "does not exist")
    return person


def _score_in(asked: Asked) -> int:
    try:
        return read_score(asked.parameters.get("score"), TYPES[asked.project.survey_type])
    except ValueError as problem:
        raise unprocessable("score", str(problem)) from None


def _data_of(person: Person) -> PersonData:
    return PersonData(external_id=person.external_id or "", email=person.email)
