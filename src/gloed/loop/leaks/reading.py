"""The mark that an answer was read: whoever shows one to a colleague calls this."""

from collections.abc import Iterable
from datetime import datetime

from gloed.base.models import Organisation, Staff
from gloed.loop.leaks.models import ReadMark


def note_read(
    responses: Iterable[int], *, organisation: Organisation, staff: Staff | None, now: datetime
) -> int:
    """Somebody opened these answers, by primary key; how many were opened for the first time.

    The first opening counts; opening again writes nothing.
    """
    wanted = set(responses)
    known = ReadMark.objects.filter(response__in=wanted).values_list("response_id", flat=True)
    fresh = sorted(wanted - set(known))
    if not fresh:
        return 0
    ReadMark.objects.bulk_create(
        [
            ReadMark(organisation=organisation, response_id=pk, staff=staff, read_at=now)
            for pk in fresh
        ],
        ignore_conflicts=True,
    )
    return len(fresh)
