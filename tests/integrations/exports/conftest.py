"""An organisation with a row of every difficult kind."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from gloed.analysis import projection
from gloed.analysis.models import Mark
from gloed.analysis.projection import Changes
from gloed.base import audit
from gloed.base.models import Team
from gloed.fieldwork.models import (
    ContactPolicy,
    Invitation,
    Preference,
    Reaction,
    ReceivedEvent,
    Trigger,
    Wave,
)
from gloed.people.models import Account, Person, Suppression
from gloed.responses.models import Answer, Consent, Response
from gloed.surveys.models import (
    Look,
    Option,
    OptionWording,
    Question,
    Survey,
    SurveyVersion,
    Touchpoint,
    Wording,
)
from gloed.surveys.models.journey import Journey, Phase

NOW = datetime(2026, 3, 2, 9, 30, 12, 345678, tzinfo=UTC)
WORDS = ("=Zoë & “Søn”", "line\nbreak\u2028end", "🔥 \\ ' \" %s", "", "+31 6")


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA = tmp_path
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def rich(organisation, alice):
    """Thirty answers to a survey with every shape of question, and all that hangs on them."""
    house = organisation
    team = Team.objects.create(organisation=house, name="Zuid")
    member = house.memberships.get()
    member.teams.set([team])
    journey = Journey.objects.create(organisation=house, name="Klant", created_at=NOW)
    phase = Phase.objects.create(journey=journey, name="Gebruik")
    bill = Touchpoint.objects.create(
        organisation=house, name="Rekening", phase=phase, owner=member, good_enough=8
    )
    Survey.objects.create(
        organisation=house, title="Thrown away", metric="csat", created_at=NOW, deleted_at=NOW
    )
    survey = Survey.objects.create(
        organisation=house, title="Relatie", metric="nps", state="open", touchpoint=bill,
        languages=["nl"], created_at=NOW, opened_at=NOW,
    )  # fmt: skip
    version = SurveyVersion.objects.create(survey=survey, number=1, published_at=NOW)
    survey.current = version
    survey.save()
    asked = [
        Question.objects.create(
            version=version, position=1, kind="nps", scale_minimum=0, scale_maximum=10
        ),
        Question.objects.create(version=version, position=2, kind="open"),
        Question.objects.create(version=version, position=3, kind="single", key="why"),
        Question.objects.create(version=version, position=4, kind="multiple", key="which"),
        Question.objects.create(
            version=version, position=5, kind="rating", key="wait", scale_minimum=1,
            scale_maximum=5,
        ),
        Question.objects.create(
            version=version, position=6, kind="consent", key="ok", purpose="contact"
        ),
    ]  # fmt: skip
    for question in asked:
        Wording.objects.create(question=question, language="nl", text=f"Vraag {question.position}")
    for question in asked[2:4]:
        for place, key in enumerate(("price", "speed"), 1):
            option = Option.objects.create(question=question, position=place, key=key)
            OptionWording.objects.create(option=option, language="nl", text=key.title())
    Look.objects.create(organisation=house, accent="#aa3300", logo=bytes(range(256)))
    ContactPolicy.objects.create(
        organisation=house, exemptions=[{"id": str(uuid4()), "survey": survey.pk, "never": True}]
    )
    wave = Wave.objects.create(
        organisation=house, survey=survey, name="Maart", channel="email", state="running",
        created_at=NOW,
    )  # fmt: skip
    trigger = Trigger.objects.create(
        organisation=house, survey=survey, name="Na", kind="call", channel="email", is_on=True,
        created_at=NOW,
    )  # fmt: skip
    firm = Account.objects.create(organisation=house, name="Bakkerij")
    Suppression.objects.create(
        organisation=house, key="no@example.org", reason="opt_out", source="page", at=NOW
    )
    for number in range(30):
        at = NOW - timedelta(days=number, microseconds=number)
        person = Person.objects.create(
            organisation=house, name=WORDS[number % 5], email=f"P{number}@example.org",
            email_key=f"p{number}@example.org", account=firm, external_id=f"K{number}",
            attributes={"region": ("N", "Z")[number % 2], "nested": {"a": [1, 2.5, None]}},
            created_at=at,
        )  # fmt: skip
        line = Invitation.objects.create(
            organisation=house, survey=survey, person=person, channel="email", created_at=at,
            wave=wave, disposition="complete", sent_at=at, answered_at=at,
        )  # fmt: skip
        response = Response.objects.create(
            organisation=house, survey=survey, version=version, person=person, invitation=line,
            team=team, key=f"invitation:{line.pk}", source="link", responded_at=at, language="nl",
            recorded_at=at, updated_at=at, attributes=person.attributes, channel="email",
        )  # fmt: skip
        Answer.objects.bulk_create(
            [
                Answer(response=response, question=asked[0], rating=number % 11),
                Answer(response=response, question=asked[1], verbatim=WORDS[number % 5]),
                Answer(response=response, question=asked[2], choices="price"),
                Answer(response=response, question=asked[3], choices="price speed"),
                Answer(response=response, question=asked[4], rating=1 + number % 5),
                Answer(response=response, question=asked[5], choices="yes"),
            ]
        )
        Consent.objects.create(
            response=response, question=asked[5], purpose="contact", words="Mag dat?",
            language="nl", given_at=at,
        )  # fmt: skip
    Preference.objects.create(person=person, rhythm_days=90, changed_at=NOW)
    event = ReceivedEvent.objects.create(
        organisation=house, kind="call", key="1", person=person, occurred_at=NOW, received_at=NOW
    )
    waiting = Invitation.objects.create(
        organisation=house, survey=survey, person=person, channel="email", created_at=NOW,
        trigger=trigger, is_open=True, due_at=NOW, event=f"{event.public_id.hex} {trigger.pk}",
    )  # fmt: skip
    Reaction.objects.create(event=event, trigger=trigger, became="asked", invitation=waiting)
    audit.record(member.staff, "staff.invited", "x", organisation=house, at=NOW)
    project(house)
    return house


def project(house):
    """Do the worker's part of the work."""
    projection.project(house, Changes(everything=True), now=NOW)
    Mark.objects.filter(organisation=house).delete()
