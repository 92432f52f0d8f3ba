"""An open survey, people with telephones, and a provider on this machine."""

from datetime import timedelta

import pytest

from tests.channels.sms.gateway_double import NOW, FakeProvider


@pytest.fixture
def double(settings, monkeypatch):
    """A provider that is allowed, and whose silence is not waited for long."""
    from gloed.base.outward import Bounds
    from gloed.channels.sms import gateway

    made = FakeProvider()
    settings.OUTWARD_HOSTS = (f"127.0.0.1:{made.port}",)
    settings.BASE_URL = "https://vraag.example"
    monkeypatch.setattr(gateway, "BOUNDS", Bounds(connect=2.0, read=0.4, total=2.0))
    yield made
    made.close()


@pytest.fixture
def provider(double, organisation, make_staff):
    """The same, kept by the organisation."""
    from gloed.channels.sms import operations

    return operations.add_provider(
        organisation,
        name="Double",
        address=double.address,
        takes_replies=True,
        per_minute=60,
        by=make_staff(organisation, "owner", email="boss@example.org"),
        now=NOW,
    )


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    from gloed.surveys import operations
    from gloed.surveys.rules import Metric

    content = operations.usual_content(organisation, Metric.NPS)
    made = operations.create_survey(organisation, title="Relatie", content=content, now=NOW)
    return operations.open_survey(made, now=NOW)


@pytest.fixture
def ask(organisation, survey):
    """Make somebody and ask them by text message: gives the invitation."""
    from gloed.fieldwork import operations
    from gloed.fieldwork.models import Invitation
    from gloed.people.models import Person

    def make(phone, *, name="Noor de Vries", language="nl", now=NOW, **attributes):
        person = Person.objects.create(
            organisation=organisation,
            name=name,
            phone=phone,
            language=language,
            attributes=attributes,
            created_at=now,
        )
        asked = operations.ask_one(survey, person, channel="sms", now=now)
        return Invitation.objects.get(pk=asked.invitation_id)

    return make


@pytest.fixture
def send(db):
    """Send what is due at a moment: `send(minutes=5)` is five minutes after NOW."""
    from gloed.channels.sms import operations

    def at(**later):
        moment = NOW + timedelta(**later)
        return operations.send_due(now=lambda: moment, within=timedelta(seconds=45))

    return at


@pytest.fixture
def wave(organisation, survey):
    """A wave with one reminder that asks one person."""
    from gloed.fieldwork import operations
    from gloed.fieldwork.models import Wave
    from gloed.people.models import Person

    Person.objects.create(organisation=organisation, phone="0612345678", created_at=NOW)
    made = Wave.objects.create(
        organisation=organisation,
        survey=survey,
        name="Spring",
        channel="sms",
        reminders=1,
        created_at=NOW,
    )
    operations.start_wave(made, now=NOW)
    operations.write_wave(made.pk, now=NOW)
    return made
