"""Reading kiosks."""

from collections.abc import Collection

from django.db.models import Count, QuerySet
from django.utils.translation import ngettext

from gloed.base.models import Organisation
from gloed.channels.kiosk.models import Kiosk


def list_kiosks(organisation: Organisation) -> QuerySet[Kiosk]:
    """The kiosks of an organisation by place."""
    return Kiosk.objects.filter(organisation=organisation, deleted_at=None).select_related(
        "survey", "touchpoint", "team"
    )


def find_kiosk(token: str) -> Kiosk | None:
    """The kiosk behind a tablet's link, or nothing."""
    found = Kiosk.objects.select_related("survey", "organisation", "touchpoint", "team")
    return found.filter(token=token, deleted_at=None).first()


def describe(surveys: Collection[int]) -> dict[int, str]:
    """How many kiosks ask each of these surveys, in words; nothing where there is none."""
    kiosks = Kiosk.objects.filter(survey__in=surveys, deleted_at=None).order_by()
    rows = kiosks.values_list("survey_id").annotate(n=Count("pk"))
    return {survey: ngettext("%(n)d kiosk", "%(n)d kiosks", n) % {"n": n} for survey, n in rows}
