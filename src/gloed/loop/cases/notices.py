"""Mails to colleagues about a case. What the customer wrote stays behind the log-in."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from gloed.base import mails
from gloed.base.links import absolute_url
from gloed.base.models import Staff
from gloed.loop.cases import queries
from gloed.loop.cases.models import Case, CaseEvent

KINDS = ("assigned", "reminded", "escalated", "mentioned")


class NotSent(Exception):
    """The mail server does not take mail now; the job is tried again."""


def send(payload: Mapping[str, Any]) -> bool:
    """Send one notice, as a job was told to; False: there is nothing to tell any more.

    Nobody is told of a case that was closed or given to somebody else while the mail waited.
    """
    what = str(payload["what"])
    case = Case.objects.select_related(*queries.RELATED).filter(pk=payload["case"]).first()
    staff = Staff.objects.filter(pk=payload["staff"], is_active=True).first()
    if case is None or staff is None or what not in KINDS or not _is_wanted(case, staff, what):
        return False
    if case.organisation.is_sample:  # nobody is mailed about customers that were made up
        return False
    event = CaseEvent.objects.filter(pk=payload.get("event") or 0).select_related("staff").first()
    context = {
        "case": case,
        "organisation": case.organisation,
        "what": what,
        "by": str(event.staff) if event and event.staff else "",
        "url": absolute_url("cases:card", case.public_id),
    }
    language = staff.language or case.organisation.language
    with timezone.override(case.organisation.time_zone):
        if not mails.send("cases/mail/notice", staff.email, context, language=language):
            raise NotSent
    return True


def _is_wanted(case: Case, staff: Staff, what: str) -> bool:
    if what == "mentioned":
        return True
    if not case.is_open:
        return False
    return what == "escalated" or case.owner_id == staff.pk
