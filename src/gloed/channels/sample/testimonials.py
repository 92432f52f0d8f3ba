"""Testimonials of the sample: a wall of some, one on its way, one refused, one taken back."""

import re
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from gloed.base.models import Organisation
from gloed.channels.wall.models import Wall
from gloed.channels.wall.operations import keep_wall
from gloed.coding.models import Mention
from gloed.loop.testimonials import operations, reviews
from gloed.loop.testimonials.models import ReviewLinks, Testimonial
from gloed.loop.testimonials.operations import Wanted
from gloed.loop.testimonials.queries import words_of
from gloed.loop.testimonials.rules import Place, ReviewLink, Shown
from gloed.responses.models import Answer, Response
from gloed.surveys.rules import RATING_POSITION, Metric
from gloed.text.masking import mask

LOOKED_BACK = timedelta(days=120)
LOOKED_AT = 120
SHORTEST, LONGEST = 35, 260
COURSES = ("wall", "wall", "asked", "wall", "proposed", "wall", "site", "declined", "withdrawn")
NAMES = (Shown.FULL, Shown.INITIALS, Shown.FULL, Shown.FULL, Shown.ANONYMOUS)
DOUBTS = re.compile(r"(?i)\b(maar|puntje|alleen|graag|meer|nog|but|only|more|still|wish)\b")
"""Words with which praise turns into something else."""
SITES = (
    ReviewLink("Google", "https://example.org/google-reviews"),
    ReviewLink("Kiyoh", "https://example.org/kiyoh"),
)


@transaction.atomic
def add_testimonials(organisation: Organisation, *, now: datetime) -> int:
    """Quote customers with high scores, as far as they would have agreed; how many there are.

    Nobody is mailed. Running it again does the same again.
    """
    Testimonial.objects.filter(organisation=organisation).delete()
    Wall.objects.filter(organisation=organisation).delete()
    ReviewLinks.objects.filter(organisation=organisation).delete()
    found = _praise(organisation, now=now)
    for number, (course, (response, words)) in enumerate(zip(COURSES, found, strict=False)):
        _note(course, response, words, name=NAMES[number % len(NAMES)], now=now)
    keep_wall(organisation, is_on=True, by=None, now=now)
    reviews.keep_links(organisation, None, SITES, is_on=True, by=None, now=now)
    return min(len(COURSES), len(found))


def _note(course: str, response: Response, words: str, *, name: Shown, now: datetime) -> None:
    if response.person is None:
        return
    at = (response.responded_at or now) + timedelta(days=2)
    one = operations.propose(
        response.person,
        Wanted(words, name, (Place.WALL, Place.SITE, Place.BROCHURE)),
        response=response,
        original=words,
        language=response.language,
        by=None,
        now=min(at, now),
    )
    if course == "proposed":
        return
    operations.ask(one, by_mail=False, by=None, now=min(at, now))
    if course == "asked":
        return
    said = min(at + timedelta(days=1), now)
    if course == "declined":
        operations.decline(one, now=said)
        return
    one.refresh_from_db()
    operations.agree(
        one,
        version=one.version,
        words=words,
        shown=Shown(one.shown),
        places=[Place.SITE] if course == "site" else [Place.WALL, Place.SITE],
        signed_name=response.person.name,
        language=response.language,
        now=said,
    )
    if course == "withdrawn":
        operations.withdraw(one, now=min(said + timedelta(days=9), now))
    elif course == "wall":
        operations.put_on_wall(one, by=None, now=said)


def _praise(organisation: Organisation, *, now: datetime) -> list[tuple[Response, str]]:
    """Answers with a nine or a ten and words that stand well by themselves, newest first."""
    high = Answer.objects.filter(
        response=OuterRef("pk"), question__position=RATING_POSITION, rating__gte=9
    )
    worded = Answer.objects.filter(response=OuterRef("pk")).exclude(verbatim="")
    critical = Mention.objects.filter(answer__response=OuterRef("pk"), polarity_text__lt=0)
    responses = list(
        Response.objects.filter(
            Exists(high),
            Exists(worded),
            ~Exists(critical),
            organisation=organisation,
            survey__metric=Metric.NPS,
            person__isnull=False,
            withdrawn_at=None,
            is_suspicious=False,
            responded_at__gte=now - LOOKED_BACK,
            language__in=("nl", "en"),
        )
        .select_related("person__account", "team")
        .order_by("-responded_at", "-pk")[:LOOKED_AT]
    )
    words = words_of([one.pk for one in responses])
    told: dict[str, Response] = {}
    for one in responses:
        text = words[one.pk]
        is_fit = text[:1].isupper() and not DOUBTS.search(text) and mask(text).text == text
        is_fit = is_fit and SHORTEST <= len(text) <= LONGEST
        if is_fit and one.person_id not in {other.person_id for other in told.values()}:
            told.setdefault(text, one)
    return [(one, text) for text, one in told.items()]
