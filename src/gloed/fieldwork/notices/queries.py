"""Reading messages that ask nothing."""

from django.db.models import QuerySet

from gloed.base.models import Organisation
from gloed.fieldwork.notices.models import Notice
from gloed.people.models import Person


def list_notices(
    organisation: Organisation, *, became: str = "", person: Person | None = None
) -> QuerySet[Notice]:
    """All of an organisation, newest first."""
    found = Notice.objects.filter(organisation=organisation).select_related("person")
    if became:
        found = found.filter(became=became)
    return found if person is None else found.filter(person=person)
