"""Everything that is held of one person: for their right to see it, and before it is erased."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.forms.models import model_to_dict

from gloed.base.models import AuditEntry
from gloed.fieldwork.models import Invitation, Preference
from gloed.people import queries as people
from gloed.people.models import Person
from gloed.responses.models import Answer, Consent, ContactDetails, Response
from gloed.surveys import queries as surveys
from gloed.surveys.models import SurveyVersion
from gloed.surveys.rules import OTHER, YES, Band, PublishedVersion, QuestionWords, band_of

FORMAT = "gloed person 1"
_ASKED = (
    "channel", "disposition", "skip", "attributes", "own_words", "created_at", "due_at", "sent_at",
    "delivered_at", "bounced_at", "opened_at", "started_at", "answered_at", "opted_out_at",
    "reminders", "reminded_at", "expires_at", "send_before", "problem",
)  # fmt: skip
_ANSWERED = (
    "source", "responded_at", "responded_precision", "written_zone", "recorded_at", "updated_at",
    "withdrawn_at", "corrected_at", "status", "language", "channel", "device", "attributes", "tags",
    "seconds", "signals", "is_suspicious", "judged_real_at",
)  # fmt: skip

_TOLD = ("kind", "key", "properties", "source", "occurred_at", "received_at")
_CONSENTED = ("purpose", "words", "language", "given_at", "withdrawn_at")
_REACHED = ("name", "email", "phone", "given_at")
Chapter = Callable[[Person], Any]
_chapters: dict[str, Chapter] = {}


def add_chapter(name: str, read: Chapter) -> None:
    """Let a higher room tell what it holds of a person, as plain values; from its AppConfig."""
    _chapters[name] = read


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is held of a person."""

    responses: int
    verbatims: int
    invitations: int


def extent_of(person: Person) -> Extent:
    """What would be touched if they were erased."""
    answers = Answer.objects.filter(response__person=person).exclude(verbatim="")
    return Extent(
        responses=Response.objects.filter(person=person).count(),
        verbatims=answers.count(),
        invitations=Invitation.objects.filter(person=person).count(),
    )


def dossier_of(person: Person, *, now: datetime) -> dict[str, Any]:
    """All of it as plain values and moments, ready for JSON.

    Who they are, their wishes, every ask or reason not to, every event that was told of them,
    every answer with the question as it was put, and what colleagues did with it. Left out:
    internal keys, and the token of a link.
    """
    responses = responses_of(person)
    return {
        "format": FORMAT,
        "made_at": now,
        "organisation": person.organisation.name,
        **people.everything_about(person),
        "wishes": _wishes(person),
        "invitations": [_asked(one) for one in _invitations(person)],
        "events": list(person.events.order_by("pk").values(*_TOLD)),
        "responses": _answered(responses),
        "done_with_it": _deeds(person, [str(one.public_id) for one in responses]),
        **{name: read(person) for name, read in _chapters.items()},
    }


def responses_of(person: Person) -> QuerySet[Response]:
    """Their responses, newest first and the undated last, withdrawn ones included."""
    related = ("survey", "version", "touchpoint", "team")
    return (
        Response.objects.filter(organisation=person.organisation_id, person=person)
        .select_related(*related)
        .order_by(F("responded_at").desc(nulls_last=True), "-pk")
    )


def answers_of(responses: list[Response]) -> dict[int, list[Answer]]:
    """By the response's key: its answers in the order of the questions."""
    found: dict[int, list[Answer]] = defaultdict(list)
    rows = Answer.objects.filter(response__in=[one.pk for one in responses])
    for answer in rows.select_related("question").order_by("question__position"):
        found[answer.response_id].append(answer)
    return found


def _wishes(person: Person) -> dict[str, Any]:
    wishes = Preference.objects.filter(person=person).first()
    return model_to_dict(wishes, exclude=["person"]) if wishes else {}


def _invitations(person: Person) -> QuerySet[Invitation]:
    return Invitation.objects.filter(person=person).select_related("survey").order_by("pk")


def _asked(invitation: Invitation) -> dict[str, Any]:
    return {
        "id": str(invitation.public_id),
        "survey": invitation.survey.title,
        **{name: getattr(invitation, name) for name in _ASKED},
    }


def _answered(responses: QuerySet[Response]) -> list[dict[str, Any]]:
    listed = list(responses)
    answers = answers_of(listed)
    consents, contacts = consents_of(listed), contacts_of(listed)
    versions: dict[int, PublishedVersion] = {}
    found = []
    for response in listed:
        version = versions.get(response.version_id) or _read(response.version)
        versions[response.version_id] = version
        own = answers.get(response.pk, [])
        rating = next((answer.rating for answer in own if answer.question.is_rating), None)
        found.append(
            {
                "id": str(response.public_id),
                "survey": response.survey.title,
                "touchpoint": str(response.touchpoint or ""),
                "team": str(response.team or ""),
                **{name: getattr(response, name) for name in _ANSWERED},
                "answers": [
                    {
                        "question": _words(version, answer, response.language, rating),
                        "rating": answer.rating,
                        "words": answer.verbatim,
                        "as_written": answer.raw,
                        "chosen": chosen_words(version, answer, response.language),
                    }
                    for answer in own
                ],
                "consents": consents.get(response.pk, []),
                "contact": contacts.get(response.pk, {}),
            }
        )
    return found


def consents_of(responses: list[Response]) -> dict[int, list[dict[str, Any]]]:
    """By the response's key: what was consented to, in which words, when, and until when."""
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    rows = Consent.objects.filter(response__in=[one.pk for one in responses]).order_by("pk")
    for one in rows.values("response_id", *_CONSENTED):
        found[one.pop("response_id")].append(dict(one))
    return found


def contacts_of(responses: list[Response]) -> dict[int, dict[str, Any]]:
    """By the response's key: how somebody wants to be reached about it."""
    rows = ContactDetails.objects.filter(response__in=[one.pk for one in responses])
    return {one.pop("response_id"): dict(one) for one in rows.values("response_id", *_REACHED)}


def chosen_words(version: PublishedVersion, answer: Answer, language: str) -> list[str]:
    """The options chosen in the words they had, in the order they were offered."""
    question = version.by_position.get(answer.question.position)
    if question is None or question.further is None or not answer.choices:
        return []
    words = next(
        (
            found
            for code in (language, *version.languages)
            if (found := version.words.get((question.position, code, "")))
        ),
        QuestionWords(""),
    )
    named = {**words.options, OTHER: words.other, YES: words.options.get(YES, YES)}
    order = [option.key for option in question.further.options]
    chosen = sorted(answer.chosen, key=lambda key: order.index(key) if key in order else len(order))
    return [named.get(key) or key for key in chosen]


def _read(version: SurveyVersion) -> PublishedVersion:
    return surveys.read_version(version)


def _words(version: PublishedVersion, answer: Answer, language: str, rating: int | None) -> str:
    """The question as it was put: in the language and for the band it was read in."""
    position = answer.question.position
    band: Band | str = ""
    asked = next((one for one in version.questions if one.scale), None)
    if asked and asked.scale and rating is not None and rating in asked.scale:
        band = band_of(version.metric, asked.scale, rating)
    for code in dict.fromkeys([language, *version.languages]):
        for wanted in (band, ""):
            if words := version.words.get((position, code, str(wanted))):
                return words.text
    return ""


def _deeds(person: Person, responses: list[str]) -> list[dict[str, Any]]:
    entries = AuditEntry.objects.filter(
        organisation=person.organisation_id, subject__in=[str(person.public_id), *responses]
    )
    return [dict(entry) for entry in entries.order_by("pk").values("action", "detail", "at")]
