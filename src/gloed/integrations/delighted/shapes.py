"""What the old API sends back: persons, responses, memberships, with every key each time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Q

from gloed.fieldwork.models import Invitation
from gloed.integrations.delighted.models import Project
from gloed.integrations.delighted.rules import unix
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys.rules import OPEN_POSITION, RATING_POSITION

SOURCES = {
    "email": "Email",
    "sms": "SMS",
    "link": "Link",
    "widget": "Web",
    "kiosk": "Kiosk",
}
SOURCE = "Delighted Source"


def persons(project: Project, found: Sequence[Person]) -> list[dict[str, Any]]:
    """Persons as a list shows them."""
    asked = _asked(project, [person.pk for person in found])
    answered = dict(
        Response.objects.filter(survey=project.survey, person__in=found, withdrawn_at=None)
        .values_list("person_id")
        .annotate(Max("responded_at"))
        .order_by()
    )
    return [
        {
            **expanded(person),
            "last_sent_at": unix(asked[person.pk][0]),
            "last_responded_at": unix(answered.get(person.pk)),
            "next_survey_scheduled_at": unix(asked[person.pk][1]),
        }
        for person in found
    ]


def expanded(person: Person) -> dict[str, Any]:
    """A person inside something else."""
    return {
        "id": str(person.pk),
        "name": person.name or None,
        "email": person.email or None,
        "created_at": unix(person.created_at),
        "phone_number": person.phone or None,
    }


def _asked(
    project: Project, keys: Sequence[int]
) -> Mapping[int, tuple[datetime | None, datetime | None]]:
    """Per person when they were asked last, and when they will be next."""
    found: dict[int, tuple[datetime | None, datetime | None]] = defaultdict(lambda: (None, None))
    lines = Invitation.objects.filter(survey=project.survey, person__in=keys)
    waiting = Q(is_open=True, sent_at=None)
    rows = lines.values_list("person_id").annotate(
        last=Max("sent_at"), next=Min("due_at", filter=waiting)
    )
    for key, sent, due in rows.order_by():
        found[key] = (sent, due)
    return found


def responses(
    project: Project, found: Sequence[Response], *, expand: set[str]
) -> list[dict[str, Any]]:
    """Responses with all their keys."""
    return [_response(project, one, is_expanded="person" in expand) for one in found]


def _response(project: Project, response: Response, *, is_expanded: bool) -> dict[str, Any]:
    by_position = {answer.question.position: answer for answer in response.answers.all()}
    rated, said = by_position.get(RATING_POSITION), by_position.get(OPEN_POSITION)
    further = [a for position, a in sorted(by_position.items()) if position > OPEN_POSITION]
    person: Any = None
    if response.person is not None:
        person = expanded(response.person) if is_expanded else str(response.person.pk)
    base = settings.BASE_URL.rstrip("/")
    return {
        "id": str(response.pk),
        "person": person,
        "survey_type": project.survey_type,
        "score": rated.rating if rated else None,
        "comment": (said.verbatim if said else "") or None,
        "permalink": f"{base}/r/{response.public_id.hex}",
        "created_at": unix(created_at(response)),
        "updated_at": unix(updated_at(response)),
        "person_properties": _properties(response),
        "notes": [
            {
                "id": str(note.pk),
                "text": note.text,
                "user_email": note.user_email or None,
                "created_at": unix(note.created_at),
            }
            for note in response.delighted_notes.all()
        ],
        "tags": list(response.tags),
        "additional_answers": [_additional(answer) for answer in further],
    }


def created_at(response: Response) -> datetime:
    """When the score was given."""
    return response.responded_at or response.recorded_at


def updated_at(response: Response) -> datetime:
    """When it was changed; of one that never was, when it was given."""
    if response.updated_at == response.recorded_at:
        return created_at(response)
    return response.updated_at


def _properties(response: Response) -> dict[str, Any] | None:
    told = dict(response.attributes)
    if response.channel in SOURCES and response.source != "delighted":
        told[SOURCE] = SOURCES[response.channel]
    return told or None


def _additional(answer: Any) -> dict[str, Any]:
    question = answer.question
    words = {w.language: w for w in question.wordings.all()}
    asked = next((w for language, w in words.items() if language == "en"), None)
    asked = asked or next(iter(words.values()), None)
    value: dict[str, Any] = dict.fromkeys(("free_response", "scale", "select_one", "select_many"))
    chosen = [{"id": key, "text": key} for key in answer.chosen]
    if answer.rating is not None:
        kind, value["scale"] = "scale", answer.rating
    elif question.kind == "single":
        kind, value["select_one"] = "select_one", chosen[0] if chosen else None
    elif chosen:
        kind, value["select_many"] = "select_many", chosen
    else:
        kind, value["free_response"] = "free_response", answer.verbatim
    return {
        "id": str(answer.pk),
        "value": value,
        "question": {
            "id": question.key or f"question_{question.pk}",
            "type": kind,
            "text": asked.text if asked else "",
        },
    }
