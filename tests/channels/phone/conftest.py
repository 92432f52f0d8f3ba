"""A running call list, two callers, and a survey in Dutch and English."""

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def survey(organisation):
    from gloed.surveys import operations
    from gloed.surveys.rules import Metric

    content = operations.usual_content(organisation, Metric.NPS)
    made = operations.create_survey(organisation, title="Relatie", content=content, now=NOW)
    return operations.open_survey(made, now=NOW)


@pytest.fixture
def make_person(organisation):
    from gloed.people.models import Person

    def make(name, phone="06 12345678", **fields):
        return Person.objects.create(
            organisation=organisation, name=name, phone=phone, created_at=NOW, **fields
        )

    return make


@pytest.fixture
def wave(organisation, survey, make_person):
    """A list of three: Anna, Bo and Cas."""
    from gloed.fieldwork import operations
    from gloed.fieldwork.models import Wave

    for number, name in enumerate(("Anna", "Bo", "Cas")):
        make_person(name, f"06 1234567{number}", language="nl")
    made = Wave.objects.create(
        organisation=organisation, survey=survey, name="Spring", channel="phone", created_at=NOW
    )
    operations.start_wave(made, now=NOW)
    operations.write_wave(made.pk, now=NOW)
    made.refresh_from_db()
    return made


@pytest.fixture
def caller(make_staff, organisation):
    return make_staff(organisation, "frontline", email="tess@example.org")


@pytest.fixture
def other_caller(make_staff, organisation):
    return make_staff(organisation, "analyst", email="udo@example.org")
