"""Everything one person answered at one moment, beside the questions as they were put."""

from dataclasses import dataclass

from gloed.responses import dossier
from gloed.responses.models import Answer, Consent, ContactDetails, Response
from gloed.surveys import queries as surveys
from gloed.surveys.models import Question
from gloed.surveys.rules import (
    RATING_POSITION,
    PublishedVersion,
    QuestionWords,
    Scale,
    band_of,
    filled,
    values_of,
)


@dataclass(frozen=True, slots=True)
class Given:
    """One answer: the question in the words that were read, and what was told.

    `chosen` are the options in their words; a consent that was given has its purpose in `consent`.
    """

    position: int
    question: str
    language: str
    kind: str
    scale: Scale | None
    rating: int | None
    raw: str
    verbatim: str
    chosen: tuple[str, ...] = ()
    consent: Consent | None = None

    @property
    def values(self) -> tuple[int, ...]:
        """The ratings it can be set right to."""
        return self.scale.values if self.scale else ()


def given_in(response: Response) -> list[Given]:
    """The answers of a response in the order they were asked.

    Words that stood for what is known of the person are shown with their fallback.
    """
    version = surveys.read_version(response.version)
    rows = Answer.objects.filter(response=response).select_related("question")
    answers = list(rows.order_by("question__position"))
    consents = {one.question_id: one for one in Consent.objects.filter(response=response)}
    rating = next((a.rating for a in answers if a.question.position == RATING_POSITION), None)
    found = []
    for answer in answers:
        language, words = _words(version, answer.question, response.language, rating)
        question = answer.question
        found.append(
            Given(
                position=question.position,
                question=filled(words.text, values_of(attributes=response.attributes)),
                language=language,
                kind=question.kind,
                scale=question.scale if question.is_rating else None,
                rating=answer.rating,
                raw=answer.raw,
                verbatim=answer.verbatim,
                chosen=_chosen(version, answer, response.language),
                consent=consents.get(question.pk),
            )
        )
    return found


def _chosen(version: PublishedVersion, answer: Answer, language: str) -> tuple[str, ...]:
    if answer.question.kind == Question.Kind.CONSENT:
        return ()
    return tuple(dossier.chosen_words(version, answer, language))


def contact_in(response: Response) -> ContactDetails | None:
    """How somebody wants to be reached about an answer, while they allow it."""
    return ContactDetails.objects.filter(response=response).first()


def _words(
    version: PublishedVersion, question: Question, language: str, rating: int | None
) -> tuple[str, QuestionWords]:
    """The words in the language they were read in, for the band of the rating if it has its own."""
    scale, band = version.rating.scale, ""
    if scale is not None and rating is not None and rating in scale:
        band = band_of(version.metric, scale, rating).value
    for code in dict.fromkeys([language, *version.languages]):
        for wanted in (band, ""):
            if words := version.words.get((question.position, code, wanted)):
                return code, words
    return "", QuestionWords("")
