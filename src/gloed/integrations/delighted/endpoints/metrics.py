"""The metrics of a project, as the old service rounded them."""

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from gloed.analysis.explorer.asked import ExploreAsked
from gloed.fieldwork.models import Invitation
from gloed.integrations.delighted.endpoints.asked import Asked, Reply
from gloed.integrations.delighted.endpoints.people import within
from gloed.integrations.delighted.endpoints.trends import trend_in
from gloed.integrations.delighted.models import Project
from gloed.integrations.delighted.requests import names_in, unprocessable
from gloed.integrations.delighted.rules import TYPES, metrics_of, round_half_up
from gloed.integrations.delighted.trends import within_trend
from gloed.responses.models import Answer, Response
from gloed.surveys.rules import RATING_POSITION

GROUPS = {
    "core": "",
    "email": "email",
    "kiosk": "kiosk",
    "link": "link",
    "sms": "sms",
    "web": "widget",
}
USUAL = timedelta(days=30)


def show(asked: Asked) -> Reply:
    """Core metrics of a time, by default of the 30 days up to the last response; others on top.

    A trend narrows the core metrics; how asking went knows none.
    """
    trend = trend_in(asked)
    wanted = names_in(asked.parameters.get("groups")) or {"core"}
    if not wanted <= GROUPS.keys():
        raise unprocessable("groups", "is not included in the list")
    since, until = asked.moment("since"), asked.moment("until")
    counted = _counted(asked.project, trend)
    if since is None and until is None and (last := _last(counted)):
        since, until = last - USUAL, last
    told: dict[str, Any] = {}
    if "core" in wanted:
        told |= metrics_of(TYPES[asked.project.survey_type], _counts(counted, since, until))
    for name in sorted(wanted - {"core"}):
        told |= _delivery(asked.project, name, GROUPS[name], since, until)
    return Reply(told)


def _counted(project: Project, trend: ExploreAsked | None) -> QuerySet[Response]:
    rows = Response.objects.filter(survey=project.survey, withdrawn_at=None, is_suspicious=False)
    return rows if trend is None else within_trend(rows, project, trend)


def _last(counted: QuerySet[Response]) -> Any:
    answered = counted.filter(responded_at__isnull=False)
    return answered.order_by("-responded_at").values_list("responded_at", flat=True).first()


def _counts(counted: QuerySet[Response], since: Any, until: Any) -> dict[int, int]:
    rated = Answer.objects.filter(
        response__in=within(counted, since, until, "responded_at").values("pk"),
        question__position=RATING_POSITION,
        rating__isnull=False,
    )
    return dict(rated.values_list("rating").annotate(Count("pk")).order_by())


def _delivery(
    project: Project, name: str, channel: str, since: Any, until: Any
) -> dict[str, int | None]:
    """How asking over one channel went: an extension, the old names are unknown."""
    lines = within(
        Invitation.objects.filter(survey=project.survey, channel=channel, sent_at__isnull=False),
        since,
        until,
        "sent_at",
    )
    told: dict[str, int] = lines.aggregate(
        sent=Count("pk"),
        delivered=Count("pk", filter=Q(bounced_at=None)),
        opened=Count("pk", filter=Q(opened_at__isnull=False)),
        bounced=Count("pk", filter=Q(bounced_at__isnull=False)),
        unsubscribed=Count("pk", filter=Q(opted_out_at__isnull=False)),
    )
    answered = within(
        Response.objects.filter(survey=project.survey, channel=channel, withdrawn_at=None),
        since,
        until,
        "responded_at",
    ).count()
    shown: dict[str, int | None] = {f"{name}_{what}_count": n for what, n in told.items()}
    shown[f"{name}_response_count"] = answered
    sent = told["sent"]
    shown[f"{name}_response_rate"] = round_half_up(100 * answered / sent) if sent else None
    return shown
