"""The short list of root causes."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from gloed.base import audit
from gloed.base.models import Organisation, Staff
from gloed.loop.cases.models import Cause
from gloed.loop.cases.operations.story import Refused

USUAL_CAUSES = (
    _("Took too long"),
    _("Communication"),
    _("A mistake of ours"),
    _("Price or invoice"),
    _("Product or service"),
    _("Our own rules"),
    _("Somebody else’s part"),
)


def make_usual_causes(organisation: Organisation) -> None:
    """The causes an organisation begins with; it edits them. Nothing where there ever were any."""
    if Cause.objects.filter(organisation=organisation).exists():
        return
    with translation.override(organisation.language):
        rows = [
            Cause(organisation=organisation, name=str(name), position=number)
            for number, name in enumerate(USUAL_CAUSES)
        ]
    Cause.objects.bulk_create(rows, ignore_conflicts=True)


def keep_cause(
    organisation: Organisation,
    name: str,
    *,
    cause: Cause | None = None,
    staff: Staff | None,
    now: datetime,
) -> Cause:
    """Add a cause or give one another name; the name of a removed one brings that back.

    Raises Refused "empty", or "name_taken" when another cause has the name.
    """
    wanted = " ".join(name.split())[:80]
    if not wanted:
        raise Refused("empty")
    namesake = Cause.objects.filter(organisation=organisation, name__iexact=wanted).first()
    if namesake is not None and namesake != cause:
        if cause is not None or namesake.removed_at is None:
            raise Refused("name_taken")
        cause = namesake
    last = Cause.objects.filter(organisation=organisation).aggregate(last=Max("position"))["last"]
    kept = cause or Cause(organisation=organisation, position=(last or 0) + 1)
    kept.name, kept.removed_at = wanted, None
    try:
        with transaction.atomic():
            kept.save()
            _record(organisation, staff, "case_causes.changed", wanted, now)
    except IntegrityError:  # somebody was faster
        raise Refused("name_taken") from None
    return kept


@transaction.atomic
def remove_cause(
    cause: Cause, *, is_back: bool = False, staff: Staff | None, now: datetime
) -> None:
    """Take a cause off the list, or put it back; cases that have it keep it."""
    cause.removed_at = None if is_back else now
    cause.save(update_fields=["removed_at"])
    _record(cause.organisation, staff, "case_causes.changed", cause.name, now)


def _record(
    organisation: Organisation, staff: Staff | None, action: str, subject: object, now: datetime
) -> None:
    audit.record(staff, action, subject, organisation=organisation, at=now)
