"""The sample's journey: its phases, what customers expect, who answers for it and its lines."""

from datetime import datetime

from gloed.base.models import Membership, Organisation
from gloed.channels.sample import values
from gloed.surveys.models import Touchpoint
from gloed.surveys.models.journey import Journey, Phase
from gloed.surveys.rules import SCALES, Metric

NAME = values.Text("Particuliere klanten", "Private customers")


def draw_journey(
    organisation: Organisation,
    sample: values.SampleOrganisation,
    *,
    language: str,
    now: datetime,
) -> None:
    """One journey with every touchpoint of the sample in its phase."""
    journey = Journey.objects.create(
        organisation=organisation, name=_in(NAME, language), created_at=now
    )
    names = list(dict.fromkeys(_in(point.phase, language) for point in sample.touchpoints))
    phases = {
        name: Phase.objects.create(journey=journey, name=name, position=place)
        for place, name in enumerate(names)
    }
    Touchpoint.objects.bulk_create(
        Touchpoint(
            organisation=organisation,
            phase=phases[_in(point.phase, language)],
            name=_in(point.name, language),
            position=point.order,
            metric=point.metric,
            expectation=_in(point.expectation, language),
            good_enough=point.good_enough,
            line_top=SCALES[Metric.CES][0].maximum if Metric(point.metric) is Metric.CES else None,
        )
        for point in sample.touchpoints
    )


def give_owners(organisation: Organisation, sample: values.SampleOrganisation) -> None:
    """Each touchpoint to a colleague of the team that answers for it, else to the first here."""
    members = list(
        Membership.objects.filter(organisation=organisation, deactivated_at=None)
        .select_related("staff")
        .order_by("pk")
    )
    if not members:
        return
    by_team = {person.team: person.email for person in sample.staff if person.team}
    by_address = {member.staff.email: member for member in members}
    owners = {point.order: by_team.get(point.owner_team, "") for point in sample.touchpoints}
    for touchpoint in Touchpoint.objects.filter(organisation=organisation):
        touchpoint.owner = by_address.get(owners.get(touchpoint.position, ""), members[0])
        touchpoint.save(update_fields=["owner"])


def _in(text: values.Text, language: str) -> str:
    return text.nl if language == "nl" else text.en
