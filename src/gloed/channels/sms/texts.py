"""The words of a survey's message: for everybody, and filled in for one person."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from gloed.channels.sms.models import ALPHABET, CODE_LENGTH, TextWords
from gloed.fieldwork.rules import NO_WORDS, OwnWords
from gloed.surveys import queries
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import filled, names_in, values_of
from gloed.surveys.rules.piping import named_as

LINK, STOP = "link", "stop"
_ASKER, _OPENING = "organisation", "@opening"
EXAMPLE_CODE = ALPHABET[:CODE_LENGTH]


@dataclass(frozen=True, slots=True)
class Words:
    """The message and its reminder, still with the names in braces."""

    text: str
    reminder: str


def usual_words(language: str) -> Words:
    """What is said where nobody wrote other words."""
    with translation.override(language):
        return Words(
            text=_("{organisation}: how are we doing? One question, ten seconds: {link} {stop}"),
            reminder=_("{organisation}: your answer is still welcome: {link} {stop}"),
        )


def words_of(survey_id: int, language: str) -> Words:
    """The words of a survey in one language, with the usual ones where none were written."""
    usual = usual_words(language)
    own = TextWords.objects.filter(survey_id=survey_id, language=language).first()
    if own is None:
        return usual
    return Words(own.text.strip() or usual.text, own.reminder.strip() or usual.reminder)


def text_for(words: Words, own: OwnWords, organisation: str, *, is_reminder: bool) -> str:
    """The text for one person, still with the names in braces.

    Their own opening stands for a first message, behind the name of who asks unless it says it; a
    reminder keeps its words. Another name for who asks stands wherever the organisation's does.
    """
    if own.intro and not is_reminder:
        says_who = (own.asker or organisation).casefold() in own.intro.casefold()
        return f"{{{_OPENING}}}" if says_who else f"{{{_ASKER}}}: {{{_OPENING}}}"
    text = words.reminder if is_reminder else words.text
    return named_as(text, organisation, f"{{{_ASKER}}}") if own.asker else text


def complete(text: str) -> str:
    """The text with link and way out, wherever they were left out: nobody is asked without them."""
    names = names_in(text)
    for name in (LINK, STOP):
        if name not in names:
            text = f"{text.rstrip()} {{{name}}}"
    return text


def message(
    text: str,
    *,
    name: str,
    organisation: str,
    attributes: dict[str, object],
    code: str,
    language: str,
    takes_replies: bool,
    own: OwnWords = NO_WORDS,
) -> str:
    """What one person gets. `own` are words for them alone, in which nothing is filled in."""
    with translation.override(language):
        stop = (
            _("Reply STOP to get no more.")
            if takes_replies
            else _("No more: %(address)s") % {"address": short_address(code, "stop")}
        )
    values = values_of(name=name, organisation=organisation, attributes=attributes)
    told = {LINK: short_address(code), STOP: stop, _OPENING: own.intro}
    if own.asker:
        told[_ASKER] = own.asker
    return filled(complete(text), values | told)


def short_address(code: str, kind: str = "survey") -> str:
    """The short link to the survey, or to the way out."""
    return f"{settings.BASE_URL}{reverse(f'sms:{kind}_link', args=[code])}"


def example(survey: AskedSurvey, text: str, language: str, *, takes_replies: bool) -> str:
    """The message as somebody with a name of usual length would get it."""
    return message(
        text,
        name="Noor de Vries",
        organisation=survey.organisation_name,
        attributes={},
        code=EXAMPLE_CODE,
        language=language,
        takes_replies=takes_replies,
    )


def language_of(person: str, available: tuple[str, ...]) -> str:
    """A person's own language where the survey is written in it, else the survey's main one."""
    short = person.lower().partition("-")[0]
    return short if short in available else available[0]


class Texts:
    """The words of one round: each survey and language is read when it is first needed."""

    def __init__(self) -> None:
        self._surveys: dict[int, tuple[AskedSurvey, tuple[str, ...]]] = {}
        self._words: dict[tuple[int, str], Words] = {}

    def words(self, survey_id: int, person_language: str) -> tuple[AskedSurvey, str, Words]:
        """The survey, the language for somebody who speaks this one, and the words."""
        if survey_id not in self._surveys:
            survey = queries.get_asked(survey_id)
            version = queries.get_version(survey.slug, survey.current or 0)
            self._surveys[survey_id] = survey, version.languages
        survey, languages = self._surveys[survey_id]
        language = language_of(person_language, languages)
        key = survey_id, language
        if key not in self._words:
            self._words[key] = words_of(survey_id, language)
        return survey, language, self._words[key]
