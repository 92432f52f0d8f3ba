"""The letter: rendered once per survey version, language and kind, then only filled in.

What differs from one person to the next is a handful of marks (`@@token@@`), so that a mail costs a
few string replacements.
"""

from dataclasses import dataclass, replace
from html import escape

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from gloed.channels.email import look
from gloed.channels.email.models import MailWords
from gloed.channels.email.rules import one_line
from gloed.surveys import queries
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import RATING_POSITION, PublishedVersion, QuestionWords, Scale

TOKEN, GREETING = "@@token@@", "@@greeting@@"


@dataclass(frozen=True, slots=True)
class Words:
    """Everything a mail says besides the question itself."""

    sender_name: str
    reply_to: str
    subject: str
    preheader: str
    opening: str
    closing: str
    reminder_subject: str
    reminder_opening: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail to everybody who is asked the same: HTML and text still hold the marks."""

    organisation_id: int
    slug: str
    language: str
    sender_name: str
    reply_to: str
    subject: str
    html: str
    text: str
    hello: str
    hello_somebody: str


@dataclass(frozen=True, slots=True)
class Filled:
    """The two bodies of one person's mail."""

    html: str
    text: str


def usual_words(organisation: str, language: str) -> Words:
    """What a mail says where nobody wrote other words."""
    with translation.override(language):
        name = {"organisation": organisation}
        return Words(
            sender_name=organisation,
            reply_to="",
            subject=_("One question from %(organisation)s") % name,
            preheader=_("One number, and a few words if you like."),
            opening=_(
                "We would like to know how we are doing. Choose a number below; a page opens where "
                "you can add a few words."
            ),
            closing=_("Thank you!") + "\n" + organisation,
            reminder_subject=_("Still welcome: your answer to %(organisation)s") % name,
            reminder_opening=_(
                "We sent you this question a while ago. Perhaps it slipped by, so here it is once "
                "more. If you would rather not answer, you need not do anything."
            ),
        )


def words_of(survey: AskedSurvey, language: str) -> Words:
    """The words of a survey's mail in one language, with the usual ones where none were written."""
    usual = usual_words(survey.organisation_name, language)
    own = MailWords.objects.filter(survey_id=survey.id, language=language).first()
    if own is None:
        return usual
    written = {name: getattr(own, name).strip() for name in Words.__dataclass_fields__}
    return replace(usual, **{name: text for name, text in written.items() if text})


def write_letter(
    survey: AskedSurvey,
    version: PublishedVersion,
    language: str,
    *,
    is_reminder: bool = False,
    scale_address: str = "",
) -> Letter:
    """Write the mail of a survey. `scale_address` is where the scale leads, by default the survey.

    The rating is added to it as `?rating=`.
    """
    words = words_of(survey, language)
    address = scale_address or f"{settings.BASE_URL}/s/{survey.slug}/{TOKEN}/"
    leave = settings.BASE_URL + reverse("own_page:home", args=[TOKEN])
    question = version.words[RATING_POSITION, language, ""]
    scale = version.by_position[RATING_POSITION].scale or Scale(0, 10)
    steps = [_step(scale, question, value, address) for value in scale.values]
    context = {
        "language": language,
        "organisation": survey.organisation_name,
        "words": words,
        "opening": words.reminder_opening if is_reminder else words.opening,
        "subject": one_line(words.reminder_subject if is_reminder else words.subject),
        "question": question,
        "steps": steps,
        "is_words": len(steps) == 2,
        "low": scale.minimum,
        "high": scale.maximum,
        "page": address,
        "leave": leave,
        "greeting": GREETING,
        "width": look.WIDTH,
        "s": look.styles(),
        "dark": mark_safe(look.dark_sheet()),  # noqa: S308 - made of our own tokens
    }
    with translation.override(language):
        html = render_to_string("email/letter.html", context)
        text = render_to_string("email/letter.txt", context)
        hello, hello_somebody = _("Hello %(name)s,"), _("Hello,")
    return Letter(
        organisation_id=survey.organisation_id,
        slug=survey.slug,
        language=language,
        sender_name=one_line(words.sender_name),
        reply_to=words.reply_to,
        subject=str(context["subject"]),
        html=_tight(html),
        text=_trim(text),
        hello=hello,
        hello_somebody=hello_somebody,
    )


def fill(letter: Letter, *, token: str, name: str) -> Filled:
    """The bodies for one person."""
    named = one_line(name)
    greeting = letter.hello % {"name": named} if named else letter.hello_somebody
    return Filled(
        html=letter.html.replace(TOKEN, token).replace(GREETING, escape(greeting)),
        text=letter.text.replace(TOKEN, token).replace(GREETING, greeting),
    )


def example_letter(
    survey: AskedSurvey, version: PublishedVersion, language: str, *, is_reminder: bool = False
) -> Letter:
    """A letter to look at: its scale leads to the preview of the survey, which records nothing."""
    address = settings.BASE_URL + reverse("link:preview", args=[survey.public_id])
    return write_letter(survey, version, language, is_reminder=is_reminder, scale_address=address)


def language_of(person: str, available: tuple[str, ...]) -> str:
    """A person's own language where the survey is written in it, else the survey's main one."""
    short = person.lower().partition("-")[0]
    return short if short in available else available[0]


class Letters:
    """The letters of one round: each is written when it is first needed."""

    def __init__(self) -> None:
        self._surveys: dict[int, tuple[AskedSurvey, PublishedVersion]] = {}
        self._written: dict[tuple[int, str, bool], Letter] = {}

    def letter(self, survey_id: int, person_language: str, *, is_reminder: bool) -> Letter:
        """The letter of a survey for somebody who speaks this language."""
        if survey_id not in self._surveys:
            survey = queries.get_asked(survey_id)
            version = queries.get_version(survey.slug, survey.current or 0)
            self._surveys[survey_id] = survey, version
        survey, version = self._surveys[survey_id]
        key = survey_id, language_of(person_language, version.languages), is_reminder
        if key not in self._written:
            self._written[key] = write_letter(survey, version, key[1], is_reminder=is_reminder)
        return self._written[key]


def _step(scale: Scale, question: QuestionWords, value: int, address: str) -> dict[str, str | int]:
    ends = {scale.minimum: question.low_label, scale.maximum: question.high_label}
    sign = "&" if "?" in address else "?"
    label = ends.get(value, "")
    return {
        "value": value,
        "label": label,
        "said": f"{value}: {label}" if label else str(value),
        "address": f"{address}{sign}rating={value}",
    }


def _tight(html: str) -> str:
    """Without indentation and empty lines: no line of a mail may be long."""
    return "\n".join(line.strip() for line in html.splitlines() if line.strip()) + "\n"


def _trim(text: str) -> str:
    """At most one empty line in a row."""
    kept: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (kept and kept[-1]):
            kept.append(line.rstrip())
    return "\n".join(kept) + "\n"
