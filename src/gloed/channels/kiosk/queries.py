"""Reading kiosks."""

from django.db.models import QuerySet
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


def describe(survey_id: int) -> str:
    """How many kiosks ask this survey, in words; empty where there is none."""
    n = Kiosk.objects.filter(survey_id=survey_id, deleted_at=None).count()
    return (ngettext("%(n)d kiosk", "%(n)d kiosks", n) % {"n": n}) if n else ""
