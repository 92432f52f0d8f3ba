"""From the journal to endpoints: what happened, told in the words of the API."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from gloed.base.models import JournalEntry
from gloed.fieldwork.models import Invitation
from gloed.integrations.webhooks import operations
from gloed.integrations.webhooks.models import Endpoint
from gloed.integrations.webhooks.rules import News, Told
from gloed.loop.cases.models import Case
from gloed.loop.cases.queries import RELATED
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys.rules import RATING_POSITION, Metric, band_of

OF_RESPONSES = {
    "response.recorded": News.RESPONSE_CREATED,
    "response.updated": News.RESPONSE_UPDATED,
    "response.withdrawn": News.RESPONSE_DELETED,
}
OF_INVITATIONS = {
    "invitation.sent": News.INVITATION_SENT,
    "invitation.bounced": News.INVITATION_BOUNCED,
}
OF_PERSONS = {
    "person.opted_out": News.PERSON_UNSUBSCRIBED,
    "person.erased": News.PERSON_ERASED,
}
OF_CASES = {
    "case.opened": News.CASE_OPENED,
    "case.overdue": News.CASE_OVERDUE,
    "case.closed": News.CASE_CLOSED,
}
OF_WORK = {"import.finished": News.IMPORT_FINISHED, "alarm.raised": News.ALERT_RAISED}
NEWS = {**OF_RESPONSES, **OF_INVITATIONS, **OF_PERSONS, **OF_CASES, **OF_WORK}
KINDS = tuple(NEWS)


@dataclass(frozen=True, slots=True)
class Tidings:
    """One entry of the journal as it can be told: what, about whom, and the data for a reader.

    `data` is asked with True where the reader may know who it was.
    """

    news: str
    at: datetime
    data: Callable[[bool], dict[str, Any]]
    band: str = ""
    survey: str = ""
    path: str = ""
    """Where a colleague looks."""


def hear(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal: put news down for the endpoints that want it."""
    houses = {entry.organisation_id for entry in entries}
    living = Endpoint.objects.filter(organisation__in=houses, is_active=True, deleted_at=None)
    by_house: dict[int, list[Endpoint]] = {}
    for endpoint in living.select_related("organisation"):
        by_house.setdefault(endpoint.organisation_id, []).append(endpoint)
    for entry in entries:
        if endpoints := by_house.get(entry.organisation_id):
            _tell(entry, endpoints)


def _tell(entry: JournalEntry, endpoints: list[Endpoint]) -> None:
    wishes = [(endpoint, operations.wish_of(endpoint)) for endpoint in endpoints]
    wishes = [(endpoint, wish) for endpoint, wish in wishes if wish.covers(NEWS[entry.kind].value)]
    tidings = tidings_of(entry) if wishes else None
    if tidings is None:
        return
    for endpoint, wish in wishes:
        if wish.covers(tidings.news, band=tidings.band, survey=tidings.survey):
            told = Told(tidings.news, tidings.at, tidings.data(endpoint.with_person))
            operations.put_down([endpoint], told, f"msg_{entry.pk}", now=timezone.now())


def tidings_of(entry: JournalEntry) -> Tidings | None:
    """What an entry means to others now; None for what is gone meanwhile or set apart."""
    if entry.kind in OF_RESPONSES:
        return _of_response(entry)
    if entry.kind in OF_INVITATIONS:
        return _of_invitation(entry)
    if entry.kind in OF_CASES:
        return _of_case(entry)
    news = NEWS[entry.kind]
    if news is News.PERSON_UNSUBSCRIBED:
        return Tidings(news.value, entry.at, lambda _with_person: _person_data(entry))
    if news is News.PERSON_ERASED:
        return Tidings(news.value, entry.at, lambda _with_person: {"id": _id(entry)})
    path = str(entry.payload.get("path", ""))
    if news is News.IMPORT_FINISHED:
        path = f"/import/{entry.subject}/"
    return Tidings(
        news.value,
        entry.at,
        lambda _with_person: {"id": entry.subject, **entry.payload},
        path=path,
    )


def _of_response(entry: JournalEntry) -> Tidings | None:
    response = _find(entry)
    if response is None or response.is_suspicious:
        return None
    band = _band(response)
    return Tidings(
        OF_RESPONSES[entry.kind].value,
        entry.at,
        lambda with_person: {**response_data(response, with_person=with_person), "group": band},
        band=band,
        survey=str(response.survey.public_id),
        path=f"/people/{response.person.public_id}/"
        if response.person
        else f"/scores/{response.survey.public_id}/",
    )


def _of_invitation(entry: JournalEntry) -> Tidings | None:
    found = Invitation.objects.filter(organisation=entry.organisation_id, public_id=entry.subject)
    line = found.select_related("survey", "person").first()
    if line is None:
        return None
    return Tidings(
        OF_INVITATIONS[entry.kind].value,
        entry.at,
        lambda with_person: _invitation_data(line, with_person=with_person),
        survey=str(line.survey.public_id),
    )


def _of_case(entry: JournalEntry) -> Tidings | None:
    found = Case.objects.filter(organisation=entry.organisation_id, public_id=entry.subject)
    case = found.select_related(*RELATED).first()
    if case is None or case.erased_at is not None:
        return None
    return Tidings(
        OF_CASES[entry.kind].value,
        entry.at,
        lambda with_person: case_data(case, with_person=with_person),
        survey=str(case.survey.public_id) if case.survey else "",
        path=f"/cases/{case.public_id}/",
    )


def case_data(case: Case, *, with_person: bool) -> dict[str, Any]:
    """A case as the API shows it; words and names only where the endpoint may know."""
    # the schemas of the API are loaded where news is told, not in every process
    from gloed.integrations.api.resources.cases import shown  # noqa: PLC0415

    data = shown(case)
    for name in ("opened_at", "due_at", "contacted_at", "closed_at"):
        data[name] = _moment(data[name])
    if not with_person:
        for name in ("person", "cause_words", "done", "told"):
            data.pop(name)
    elif case.person is not None:
        data["person"] = _shown(case.person)
    return data


def _invitation_data(line: Invitation, *, with_person: bool) -> dict[str, Any]:
    """A line of the ledger, without its link: who holds that may answer."""
    data: dict[str, Any] = {
        "id": f"inv_{line.public_id.hex}",
        "survey": f"srv_{line.survey.public_id.hex}",
        "channel": line.channel,
        "disposition": line.disposition,
        "sent_at": _moment(line.sent_at),
        "bounced_at": _moment(line.bounced_at),
    }
    if with_person and line.person is not None:
        data["person"] = _shown(line.person)
    return data


def response_data(response: Response, *, with_person: bool) -> dict[str, Any]:
    """A response as the API shows it; who it was only where the endpoint may know."""
    # the schemas of the API are loaded where news is told, not in every process
    from gloed.integrations.api.resources.answers import shown  # noqa: PLC0415

    data = shown(response)
    for name in ("answered_at", "recorded_at", "updated_at", "withdrawn_at"):
        data[name] = _moment(data[name])
    person = response.person
    if not with_person:
        data.pop("person")
        data["attributes"] = {}
    elif person is not None:
        data["person"] = _shown(person)
    return data


def _shown(person: Person) -> dict[str, str]:
    return {
        "id": f"per_{person.public_id.hex}",
        "external_id": person.external_id or "",
        "name": person.name,
        "email": person.email,
        "phone": person.phone,
    }


def _moment(at: datetime | None) -> str | None:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ") if at else None


def _find(entry: JournalEntry) -> Response | None:
    found = Response.objects.filter(organisation=entry.organisation_id, public_id=entry.subject)
    found = found.select_related("survey", "version", "person", "touchpoint", "team")
    return found.prefetch_related("answers__question").first()


def _band(response: Response) -> str:
    for answer in response.answers.all():
        question = answer.question
        if question.position == RATING_POSITION and answer.rating is not None:
            metric = Metric(response.survey.metric)
            return band_of(metric, question.scale, answer.rating).value
    return ""


def _person_data(entry: JournalEntry) -> dict[str, Any]:
    person = Person.objects.filter(
        organisation=entry.organisation_id, public_id=entry.subject
    ).first()
    return {
        "id": _id(entry),
        "email": person.email if person else "",
        "name": person.name if person else "",
        **entry.payload,
    }


def _id(entry: JournalEntry) -> str:
    return f"per_{entry.subject.replace('-', '')}"
