"""Who stands behind a token, what they wish and what they answered: reading only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from gloed.base.models import Organisation
from gloed.channels.own_page.models import PersonRequest
from gloed.channels.own_page.rules import EXAMPLE, Wishes, shows_answers
from gloed.fieldwork.models import Invitation, Preference
from gloed.people import queries as people
from gloed.people.models import Person, Suppression
from gloed.responses import dossier
from gloed.responses.models import Answer, Response
from gloed.surveys import queries as surveys
from gloed.surveys.rules import (
    OTHER,
    YES,
    Band,
    Kind,
    PublishedVersion,
    QuestionWords,
    Scale,
    band_of,
)

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Guest:
    """Whoever opened the page: the person behind a token, and about what they were asked."""

    token: str
    organisation: Organisation
    kind: str
    language: str
    person: Person | None
    sees_answers: bool

    @property
    def is_example(self) -> bool:
        """Whether nothing that is done here is kept."""
        return self.token == EXAMPLE


@dataclass(frozen=True, slots=True)
class OwnAnswer:
    """The answer to one question, with the question as it was put."""

    position: int
    question: str
    rating: int | None
    scale: Scale | None
    words: str
    low_label: str = ""
    high_label: str = ""
    chosen: tuple[str, ...] = ()
    is_consent: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it was answered in own words."""
        return self.scale is None and not self.chosen


@dataclass(frozen=True, slots=True)
class OwnResponse:
    """What somebody answered at one moment."""

    public_id: UUID
    title: str
    at: datetime | None
    withdrawn_at: datetime | None
    answers: tuple[OwnAnswer, ...]


def find_guest(token: str, *, now: datetime) -> Guest | None:
    """The guest of a token; None where nobody was ever asked with it."""
    if token == EXAMPLE:
        return Guest(token, Organisation(name="Gloed"), "relationship", "", None, False)
    line = (
        Invitation.objects.select_related("organisation", "person", "survey")
        .exclude(disposition=Invitation.Disposition.SKIPPED)
        .filter(token=token)
        .first()
    )
    if line is None:
        return None
    asked_at = line.sent_at or line.due_at or line.created_at
    return Guest(
        token=token,
        organisation=line.organisation,
        kind=line.survey.kind,
        language=line.person.language if line.person else "",
        person=line.person,
        sees_answers=shows_answers(asked_at, now=now),
    )


def wishes_of(person: Person | None, *, now: datetime) -> Wishes:
    """How a person wants to be asked, as far as it still holds."""
    if person is None:
        return Wishes()
    stopped = people.suppressions_of(person.organisation, [person])[person.pk]
    kept = Preference.objects.filter(person=person).first() or Preference()
    is_paused = kept.pause_until is not None and kept.pause_until > now
    return Wishes(
        is_opted_out=kept.is_opted_out
        or any(one.reason == Suppression.Reason.OPT_OUT for one in stopped),
        refused=frozenset(kept.kinds_opted_out),
        rhythm_days=kept.rhythm_days,
        pause_until=kept.pause_until if is_paused else None,
    )


def open_requests(person: Person | None) -> dict[str, PersonRequest]:
    """What a person asked for and did not get yet, by its kind."""
    if person is None:
        return {}
    return {one.kind: one for one in PersonRequest.objects.filter(person=person, done_at=None)}


def own_responses(guest: Guest, language: str) -> list[OwnResponse]:
    """What the guest answered, newest first, in the words it was asked in."""
    if guest.person is None or not guest.sees_answers:
        return []
    listed = list(dossier.responses_of(guest.person)[:MOST_SHOWN])
    return _read(listed, language)


def own_response(guest: Guest, public_id: UUID, language: str) -> OwnResponse | None:
    """One of them, or nothing."""
    if guest.person is None or not guest.sees_answers:
        return None
    found = dossier.responses_of(guest.person).filter(public_id=public_id)
    return next(iter(_read(list(found), language)), None)


def _read(listed: Sequence[Response], language: str) -> list[OwnResponse]:
    answers = dossier.answers_of(list(listed))
    versions: dict[int, PublishedVersion] = {}
    found = []
    for response in listed:
        if response.version_id not in versions:
            versions[response.version_id] = surveys.read_version(response.version)
        version = versions[response.version_id]
        own = answers.get(response.pk, [])
        given = next((one.rating for one in own if one.question.position == 1), None)
        wanted = [response.language, language]
        found.append(
            OwnResponse(
                public_id=response.public_id,
                title=response.survey.title,
                at=response.responded_at,
                withdrawn_at=response.withdrawn_at,
                answers=tuple(_own_answer(one, version, wanted, given) for one in own),
            )
        )
    return found


def _own_answer(
    answer: Answer, version: PublishedVersion, languages: Sequence[str], given: int | None
) -> OwnAnswer:
    position = answer.question.position
    words = _words(version, position, languages, given)
    return OwnAnswer(
        position=position,
        question=words.text if words else "",
        rating=answer.rating,
        scale=answer.question.scale if answer.question.scale_minimum is not None else None,
        words=answer.verbatim or answer.raw,
        low_label=words.low_label if words else "",
        high_label=words.high_label if words else "",
        chosen=tuple(_option(key, words) for key in answer.chosen),
        is_consent=answer.question.kind == Kind.CONSENT,
    )


def _option(key: str, words: QuestionWords | None) -> str:
    """What was chosen, in the words it had."""
    if words is None:
        return key
    if key == OTHER:
        return words.other or key
    return words.options.get(key) or (gettext("Yes") if key == YES else key)


def _words(
    version: PublishedVersion, position: int, languages: Sequence[str], given: int | None
) -> QuestionWords | None:
    """The words a question was put in: of the language and the band it was read in."""
    scale = version.by_position[1].scale if 1 in version.by_position else None
    band: Band | str = ""
    if scale is not None and given is not None and given in scale:
        band = band_of(version.metric, scale, given)
    for language in dict.fromkeys([*languages, *version.languages]):
        for wanted in (band, ""):
            if words := version.words.get((position, language, str(wanted))):
                return words
        question = version.by_position.get(position)
        if question and question.further and language in question.further.words:
            return question.further.words[language]
    return None
