"""Who is left alone now, and why: the contact policy's quiet, open cases, and a rest of our own."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from gloed.base.models import Organisation
from gloed.fieldwork import candidates
from gloed.loop.cases.models import Case
from gloed.loop.cases.rules import Status
from gloed.loop.promoters.models import Ask, Programme
from gloed.loop.promoters.rules import (
    PUSHES,
    REST_DAYS,
    Quiet,
    Reason,
    Standing,
    reason_to_be_quiet,
)
from gloed.loop.testimonials.models import Testimonial


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether somebody may be asked now, and whether a mail would reach them."""

    quiet: Quiet | None
    has_mail: bool


def rest_of(organisation: Organisation | int) -> timedelta:
    """How long somebody is left alone after being asked for something."""
    days = Programme.objects.filter(organisation=organisation).values_list("rest_days", flat=True)
    return timedelta(days=next(iter(days), REST_DAYS))


def reaches(
    organisation: Organisation,
    people: Collection[int],
    *,
    now: datetime,
    besides: int | None = None,
) -> dict[int, Reach]:
    """By person: whether they may be asked, in few queries. Who is gone is left out.

    `besides` is a testimonial that is looked past: the one they are asked for once more.
    """
    known = candidates.read_these(people)
    policy = candidates.policy_of(organisation.pk)
    histories = candidates.histories(organisation.pk, known, policy=policy, now=now)
    helped = set(
        Case.objects.filter(organisation=organisation, person__in=people)
        .exclude(status=Status.CLOSED)
        .values_list("person_id", flat=True)
    )
    asked = _last_asked(people, besides=besides)
    rest = rest_of(organisation)
    found = {}
    for one in known:
        history = histories[one.id]
        standing = Standing(
            is_opted_out=history.is_opted_out or history.is_suppressed,
            has_open_case=one.id in helped,
            quarantine_until=history.quarantine_until,
            pause_until=history.pause_until,
            last_asked_at=asked.get(one.id),
        )
        quiet = reason_to_be_quiet(standing, rest=rest, now=now)
        found[one.id] = Reach(quiet, bool(one.email) and not history.is_bounced)
    return found


def _last_asked(people: Collection[int], *, besides: int | None) -> dict[int, datetime]:
    """By person: when they were last asked for anything, a testimonial included."""
    asked: dict[int, datetime] = dict(
        Ask.objects.filter(person__in=people, kind__in=PUSHES)
        .order_by()
        .values_list("person_id")
        .annotate(Max("at"))
    )
    quoted = Testimonial.objects.filter(person__in=people, asked_at__isnull=False).order_by()
    if besides is not None:
        quoted = quoted.exclude(pk=besides)
    for person, at in quoted.values_list("person_id").annotate(Max("asked_at")):
        if person is not None:
            asked[person] = max(at, asked.get(person, at))
    return asked


def reasons(
    organisation: Organisation, people: Collection[int], *, now: datetime
) -> dict[int, Quiet | None]:
    """By person: why they are not asked for anything now, None where they may be."""
    return {pk: one.quiet for pk, one in reaches(organisation, people, now=now).items()}


def why_not_quoted(testimonial: Testimonial, *, now: datetime) -> str:
    """Why somebody is not asked for a testimonial now, in words; empty when they may be.

    Only what a mail's own policy does not look at: an open case, and what they were asked lately.
    """
    person = testimonial.person_id
    if person is None:
        return ""
    found = reaches(testimonial.organisation, [person], now=now, besides=testimonial.pk)
    held = found[person].quiet if person in found else None
    if held is None or held.reason not in (Reason.OPEN_CASE, Reason.RESTING):
        return ""
    return _("Nothing was asked. %(why)s.") % {"why": words(held)}


def words(quiet: Quiet) -> str:
    """Why somebody is left alone, in words for a colleague."""
    said = {
        Reason.OPTED_OUT: _("Does not want to hear from us"),
        Reason.OPEN_CASE: _("Is being helped: first the case, then a question"),
        Reason.QUARANTINE: _("Was helped lately: left alone"),
        Reason.PAUSED: _("Asked for a pause"),
        Reason.RESTING: _("Was asked lately: left alone"),
    }[quiet.reason]
    if quiet.until is None:
        return said
    return _("%(why)s until %(day)s") % {
        "why": said,
        "day": date_format(localtime(quiet.until), "j F Y"),
    }
