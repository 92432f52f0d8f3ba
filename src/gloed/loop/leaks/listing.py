"""One row of a list behind a number: what it is, where it leads, and since when it waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from gloed.base.links import page_url
from gloed.fieldwork.models import Invitation
from gloed.loop.cases.models import Case
from gloed.loop.improvements.models import Improvement
from gloed.loop.leaks.rules import age_of
from gloed.responses.models import Answer, Response
from gloed.surveys.rules import RATING_POSITION


@dataclass(frozen=True, slots=True)
class Line:
    """What a list shows of one thing; `url` is empty where there is no page for it."""

    label: str
    url: str
    about: str
    team: str
    since: datetime | None
    days: int | None


RELATED = {
    Invitation: ("survey", "person"),
    Response: ("survey", "team", "person"),
    Case: ("person", "team", "touchpoint", "owner"),
    Improvement: ("team", "owner__staff"),
}


def lines_of(rows: Sequence[Any], since: str, *, now: datetime, may_see_people: bool) -> list[Line]:
    """The rows of one page of a list, with a fixed number of queries."""
    ratings = _ratings([one.pk for one in rows if isinstance(one, Response)])
    found = []
    for row in rows:
        moment = getattr(row, since)
        label, url, about = _what(row, ratings, may_see_people=may_see_people)
        team = getattr(row, "team", None)
        days = age_of(moment, now=now)
        found.append(Line(label, url, about, str(team or ""), moment, days))
    return found


def _ratings(responses: Sequence[int]) -> dict[int, int]:
    if not responses:
        return {}
    rows = Answer.objects.filter(response__in=responses, question__position=RATING_POSITION)
    found = rows.values_list("response_id", "rating")
    return {response: rating for response, rating in found if rating is not None}


def _what(row: Any, ratings: dict[int, int], *, may_see_people: bool) -> tuple[str, str, str]:
    """Label, address and a few more words of one thing."""
    if isinstance(row, Invitation):
        person = row.person if may_see_people else None
        url = page_url("people:detail", person.public_id) if person else ""
        about = f"{row.survey.title} · {row.get_disposition_display()}"
        return str(person or _("somebody")), url, about
    if isinstance(row, Response):
        rating = ratings.get(row.pk)
        name = row.survey.title
        label = name if rating is None else f"{rating} · {name}"
        who = str(row.person or "") if may_see_people else ""
        return label, page_url("analysis:answer", row.public_id), who
    if isinstance(row, Case):
        who = f" {row.person}" if row.person and may_see_people else ""
        about = " · ".join(
            filter(None, [str(row.touchpoint or ""), str(row.owner or _("with nobody yet"))])
        )
        return f"{row}{who}", page_url("cases:card", row.public_id), about
    owner = str(row.owner) if row.owner else _("without an owner")
    return row.title, page_url("improvements:detail", row.public_id), owner
