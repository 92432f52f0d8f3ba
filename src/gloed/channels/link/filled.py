"""What a page is filled with: what is known of the person, how the survey looks, how long it takes.

Looked up only where a survey's words or rules ask for it: the plain survey must stay fast.
"""

import secrets
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from django.urls import reverse

from gloed.channels.link.flow import Kept, Told, asks_for_person, standing
from gloed.channels.link.pages import Filling
from gloed.channels.link.rules import Submission
from gloed.fieldwork.queries import AskedPerson, find_invitation
from gloed.fieldwork.rules import NO_WORDS
from gloed.loop.testimonials.reviews import shown_links
from gloed.loop.testimonials.rules import ReviewLink
from gloed.people.models import Person
from gloed.responses.queries import typical_duration
from gloed.surveys.looks import ShownLook, look_of
from gloed.surveys.queries import AskedSurvey
from gloed.surveys.rules import Duration, PublishedVersion, values_of

LOOK_AGE, DURATION_AGE = 10, 600
"""Seconds after which a look, and a measured duration, are read again."""


def filling_of(
    survey: AskedSurvey,
    version: PublishedVersion,
    told: Told,
    *,
    token: str,
    invitation: AskedPerson | None = None,
    sent: Submission | None = None,
    now: datetime,
) -> Filling:
    """What a respondent's page is filled with, from what was sent or as a first look."""
    key = (sent.key if sent else "") or secrets.token_urlsafe(16)
    moment = milliseconds(now)
    values, attributes = _known(survey, version, token, invitation)
    is_back = sent is None or sent.step == "back" or sent.at == "all"
    return Filling(
        action=address_of(survey, token),
        key=key,
        moment=moment,
        told=standing(version, told, attributes),
        began=(sent.began if sent else None) or moment,
        is_chosen=is_back and told.rating is not None,
        seed=token or key,
        values=values,
        attributes=attributes,
        shown=shown_look(survey, now=now),
        own=invitation.own_words if invitation else NO_WORDS,
        reviews=shown_reviews(survey, now=now),
    )


def with_own_words(filling: Filling, survey: AskedSurvey, token: str) -> Filling:
    """The same with the words that came with the ask, for a page that follows on no answer."""
    invitation = find_invitation(token) if token else None
    if invitation is None or invitation.survey_id != survey.id:
        return filling
    return replace(filling, own=invitation.own_words)


def _known(
    survey: AskedSurvey, version: PublishedVersion, token: str, invitation: AskedPerson | None
) -> tuple[dict[str, str], dict[str, str]]:
    """What is known of the person: for the words, and for the rules."""
    if not asks_for_person(version):
        return {}, {}
    if invitation is None and token:
        invitation = find_invitation(token)
    if invitation is None:
        return values_of(organisation=survey.organisation_name), {}
    values = values_of(
        name=_name_of(invitation.person_id),
        organisation=survey.organisation_name,
        attributes=invitation.attributes,
    )
    return values, values_of(attributes=invitation.attributes)


def _name_of(person: int | None) -> str:
    if person is None:
        return ""
    return Person.objects.filter(pk=person).values_list("name", flat=True).first() or ""


def shown_look(survey: AskedSurvey, *, now: datetime) -> ShownLook:
    """The look of a survey's pages, read again every ten seconds."""
    age = int(now.timestamp()) // LOOK_AGE
    return _look(survey.slug, survey.id, survey.organisation_id, survey.organisation_name, age)


@lru_cache(maxsize=256)
def _look(_slug: str, survey: int, organisation: int, name: str, _age: int) -> ShownLook:
    # kept by the slug too, which is never given out twice: a restored database numbers anew
    return look_of(survey, organisation, name=name)


def shown_reviews(survey: AskedSurvey, *, now: datetime) -> tuple[ReviewLink, ...]:
    """The review sites under a survey's thank-you, read again every ten seconds like its look.

    For everybody alike: nothing that was answered is asked for here.
    """
    age = int(now.timestamp()) // LOOK_AGE
    return _reviews(survey.slug, survey.id, survey.organisation_id, age)


@lru_cache(maxsize=256)
def _reviews(_slug: str, survey: int, organisation: int, _age: int) -> tuple[ReviewLink, ...]:
    return shown_links(survey, organisation)


def duration_of(
    survey: int, version: PublishedVersion, language: str, *, now: datetime
) -> Duration:
    """How long a survey takes, measured again every ten minutes."""
    return _duration(survey, Kept(version), language, int(now.timestamp()) // DURATION_AGE)


@lru_cache(maxsize=256)
def _duration(survey: int, kept: Kept, language: str, _age: int) -> Duration:
    return typical_duration(survey, kept.version, language)


def address_of(survey: AskedSurvey, token: str) -> str:
    """Where the form of a survey is sent, for everybody or for one invited person."""
    if token:
        return reverse("link:personal", args=[survey.slug, token])
    return reverse("link:answer", args=[survey.slug])


def milliseconds(now: datetime) -> int:
    """A moment as the page's script counts time."""
    return int(now.timestamp() * 1000)
