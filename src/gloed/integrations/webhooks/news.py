"""From the journal to endpoints: what happened, told in the words of the API."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from gloed.base.models import JournalEntry
from gloed.integrations.webhooks import operations
from gloed.integrations.webhooks.models import Endpoint
from gloed.integrations.webhooks.rules import News, Told
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys.rules import RATING_POSITION, Metric, band_of

OF_RESPONSES = {
    "response.recorded": News.RESPONSE_CREATED,
    "response.updated": News.RESPONSE_UPDATED,
    "response.withdrawn": News.RESPONSE_DELETED,
}
OF_PERSONS = {
    "person.opted_out": News.PERSON_UNSUBSCRIBED,
    "person.erased": News.PERSON_ERASED,
}
KINDS = (*OF_RESPONSES, *OF_PERSONS, "import.finished")


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
    message_id = f"msg_{entry.pk}"
    now = timezone.now()
    if entry.kind in OF_RESPONSES:
        _tell_response(entry, endpoints, message_id)
    elif entry.kind in OF_PERSONS:
        news = OF_PERSONS[entry.kind]
        data = _person_data(entry) if news is News.PERSON_UNSUBSCRIBED else {"id": _id(entry)}
        told = Told(news.value, entry.at, data)
        wanting = [one for one in endpoints if operations.wish_of(one).covers(news.value)]
        operations.put_down(wanting, told, message_id, now=now)
    else:
        news = News.IMPORT_FINISHED
        told = Told(news.value, entry.at, {"id": entry.subject, **entry.payload})
        wanting = [one for one in endpoints if operations.wish_of(one).covers(news.value)]
        operations.put_down(wanting, told, message_id, now=now)


def _tell_response(entry: JournalEntry, endpoints: list[Endpoint], message_id: str) -> None:
    news = OF_RESPONSES[entry.kind].value
    if not any(operations.wish_of(one).covers(news) for one in endpoints):
        return
    response = _find(entry)
    if response is None or response.is_suspicious:
        return
    band, survey = _band(response), str(response.survey.public_id)
    for endpoint in endpoints:
        if operations.wish_of(endpoint).covers(news, band=band, survey=survey):
            data = response_data(response, with_person=endpoint.with_person)
            told = Told(news, entry.at, {**data, "group": band})
            operations.put_down([endpoint], told, message_id, now=timezone.now())


def response_data(response: Response, *, with_person: bool) -> dict[str, Any]:
    """A response as the API shows it; who it was only where the endpoint may know."""
    # the schemas of the API are loaded where news is told, not in every process
    from gloed.integrations.api.resources.answers import shown  # noqa: PLC0415

    data = shown(response)
    for name in ("answered_at", "recorded_at", "updated_at", "withdrawn_at"):
        moment = data[name]
        data[name] = moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
    person = response.person
    if not with_person:
        data.pop("person")
        data["attributes"] = {}
    elif person is not None:
        data["person"] = {
            "id": data["person"],
            "name": person.name,
            "email": person.email,
            "phone": person.phone,
        }
    return data


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
