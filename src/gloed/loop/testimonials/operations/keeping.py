"""What every step of a testimonial needs: holding it, its moments, its mail, the trail."""

from datetime import datetime

from gloed.base import audit
from gloed.base.models import Staff
from gloed.fieldwork.notices.models import Notice
from gloed.loop.testimonials.models import Moment, Testimonial
from gloed.loop.testimonials.rules import Ended, Happened

TAKEN_BACK = "taken back"


class Refused(Exception):
    """Nothing happened; `reason` is a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def locked(testimonial: Testimonial) -> Testimonial:
    """As it is now, held until the end of the transaction; a person who is gone is None."""
    return (
        Testimonial.objects.select_for_update(of=("self",))
        .select_related("organisation", "person__account", "notice")
        .get(pk=testimonial.pk)
    )


def end_agreement(one: Testimonial, because: Ended, *, now: datetime) -> None:
    one.agreements.filter(ended_at=None).update(ended_at=now, ended_because=because)


def stop_mail(one: Testimonial) -> None:
    if one.notice_id is not None:
        Notice.objects.filter(pk=one.notice_id, became=Notice.Became.WAITING).update(
            became=Notice.Became.FAILED, problem=TAKEN_BACK, leased_until=None
        )


def wait_again(notice: Notice | None, *, now: datetime) -> None:
    """A mail that we had stopped ourselves, and that never left, waits once more."""
    if notice is not None and notice.problem == TAKEN_BACK:
        Notice.objects.filter(pk=notice.pk, handed_at=None).update(
            became=Notice.Became.WAITING, problem="", due_at=now
        )


def note_moment(
    one: Testimonial, kind: Happened, *, by: Staff | None = None, now: datetime
) -> None:
    Moment.objects.create(testimonial=one, kind=kind, staff=by, at=now)


def tell_trail(
    one: Testimonial,
    action: str,
    *,
    by: Staff | None,
    now: datetime,
    detail: dict[str, object] | None = None,
) -> None:
    audit.record(by, action, one.public_id, detail, organisation=one.organisation, at=now)
