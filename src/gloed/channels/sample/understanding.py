"""What makes the pages of understanding alive: how many people there are, and goals."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from gloed.analysis.coverage.models import PopulationTable
from gloed.analysis.goals.models import Goal
from gloed.analysis.schema import ATTRIBUTE
from gloed.base.models import Organisation
from gloed.channels.sample import values
from gloed.surveys.models import Survey

CONTRACT = {"nl": "Contract", "en": "Contract"}
GOALS = {
    "nl": ("Klanten raden ons aan", "Een rekening die klopt"),
    "en": ("Customers recommend us", "A bill that is right"),
}


def add_understanding(
    organisation: Organisation,
    sample: values.SampleOrganisation,
    *,
    surveys: Mapping[str, Survey],
    language: str,
    now: datetime,
) -> None:
    """A table of all customers by contract, and two goals set two months ago."""
    chosen = "nl" if language == "nl" else "en"
    held = Counter(dict(person.attributes)["contract"] for person in sample.persons)
    PopulationTable.objects.create(
        organisation=organisation,
        column=ATTRIBUTE + CONTRACT[chosen],
        number=1,
        sizes=dict(held),
        created_at=now,
    )
    today = timezone.localdate(now)
    recommend, bill = GOALS[chosen]
    for name, survey, value, days in (
        (recommend, surveys["relationship"], 20.0, 180),
        (bill, surveys["bill"], 0.70, 90),
    ):
        Goal.objects.create(
            organisation=organisation,
            name=name,
            about=str(survey.public_id),
            value=value,
            days=days,
            set_on=today - timedelta(days=60),
            due_on=today + timedelta(days=180),
            created_at=now - timedelta(days=60),
        )


def clear_understanding(organisation: Organisation) -> None:
    """Take both out again, so that the sample may be loaded anew."""
    PopulationTable.objects.filter(organisation=organisation).delete()
    Goal.objects.filter(organisation=organisation).delete()
