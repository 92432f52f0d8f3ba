"""A journey to arrange."""

from datetime import UTC, datetime

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def owner(organisation, make_staff):
    """The colleague who does it."""
    return make_staff(organisation, "owner", email="arranger@example.org")


@pytest.fixture
def journey(organisation, owner):
    """Two phases: Before with A and B, After with C."""
    from gloed.surveys.journeys import operations

    made = operations.add_journey(organisation, "Klanten", by=owner, now=NOW)
    for phase_name, names in (("Before", "AB"), ("After", "C")):
        phase = operations.add_phase(made, phase_name, by=owner, now=NOW)
        for name in names:
            operations.add_touchpoint(organisation, name, phase=phase, by=owner, now=NOW)
    return made


@pytest.fixture
def order(journey):
    """What stands where: `order()`."""
    from gloed.surveys.journeys import queries

    def read():
        plan = queries.read_plan(journey)
        return {
            stretch.phase.name: "".join(moment.touchpoint.name for moment in stretch.moments)
            for stretch in plan.stretches
        }

    return read
