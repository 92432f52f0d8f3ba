"""Answers as the part gloed/parts/answer.html shows them, read for many at once."""

from collections.abc import Collection, Sequence
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from gloed.base.links import page_url
from gloed.base.models import Membership
from gloed.base.queries import visible_teams
from gloed.responses.models import Answer, Response
from gloed.surveys.rules import RATING_POSITION

MOST = 20


def shown_answers(
    responses: Sequence[Response], membership: Membership, *, has_who: bool = False
) -> list[dict[str, Any]]:
    """These answers in the order given; those of other teams without a way to their own page."""
    ratings, words = contents_of([one.pk for one in responses])
    teams = visible_teams(membership)
    return [
        {
            "id": one.public_id,
            "rating": ratings.get(one.pk, ("–", 10))[0],
            "scale_high": ratings.get(one.pk, ("–", 10))[1],
            "verbatim": words.get(one.pk, ""),
            "note": _taken_back(one),
            "who": str(one.person or "") if has_who else "",
            "at": one.responded_at,
            "about": _about(one),
            "team": "",
            "language": one.language,
            "url": page_url("analysis:answer", one.public_id) if _sees(one, teams) else "",
        }
        for one in responses
    ]


def contents_of(
    keys: Collection[int],
) -> tuple[dict[int, tuple[int | str, int]], dict[int, str]]:
    """By the key of a response: the rating with the top of its scale, and every word written.

    Of an answer that was taken back there is nothing.
    """
    ratings: dict[int, tuple[int | str, int]] = {}
    words: dict[int, list[str]] = {}
    rows = Answer.objects.filter(response__in=keys, response__withdrawn_at=None).values_list(
        "response_id", "question__position", "rating", "question__scale_maximum", "verbatim"
    )
    for response, position, rating, top, verbatim in rows.order_by("question__position"):
        if position == RATING_POSITION and rating is not None:
            ratings[response] = (rating, top or 10)
        if verbatim:
            words.setdefault(response, []).append(verbatim)
    return ratings, {response: "\n\n".join(texts) for response, texts in words.items()}


def history_of(membership: Membership, person: int, *, without: Collection[int]) -> list[Response]:
    """What somebody answered at other times, newest first, as far as the colleague may read it."""
    responses = Response.objects.filter(person=person, withdrawn_at=None).exclude(pk__in=without)
    teams = visible_teams(membership)
    if teams is not None:
        responses = responses.filter(team__in=teams)
    responses = responses.select_related("survey", "touchpoint", "survey__touchpoint", "person")
    return list(responses.order_by("-responded_at", "-pk")[:MOST])


def _taken_back(response: Response) -> str:
    """What stands in place of an answer that was taken back."""
    if response.withdrawn_at is None:
        return ""
    day = date_format(timezone.localtime(response.withdrawn_at))
    return _("This answer was taken back on %(day)s; its words are not shown any more.") % {
        "day": day
    }


def _about(response: Response) -> str:
    touchpoint = response.touchpoint or response.survey.touchpoint
    return f"{response.survey.title} · {touchpoint}" if touchpoint else response.survey.title


def _sees(response: Response, teams: frozenset[int] | None) -> bool:
    return teams is None or response.team_id in teams
