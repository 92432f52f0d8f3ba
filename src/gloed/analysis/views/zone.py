"""Days and moments on a page are those of the organisation, wherever the reader is."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponseBase
from django.utils import timezone

from gloed.base.policy import StaffRequest

View = Callable[..., HttpResponseBase]


def in_own_zone(view: View) -> View:
    """Run a staff view in the time zone of the present organisation."""

    @wraps(view)
    def zoned(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with timezone.override(ZoneInfo(request.organisation.time_zone)):
            return view(request, *args, **kwargs)

    return zoned
