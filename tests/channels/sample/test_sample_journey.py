"""The sample's journey: every touchpoint placed, owned, expected of, and with a line that fits."""

from datetime import UTC, datetime

import pytest

from gloed.channels.sample.journey import draw_journey, give_owners
from gloed.surveys.journeys import queries
from gloed.surveys.journeys.rules import line_range
from gloed.surveys.models.journey import Journey

NOW = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def test_every_touchpoint_stands_in_its_phase(organisation, sample, make_staff):
    make_staff(organisation, "owner", email="marit@zilverwiek.example.nl")
    make_staff(organisation, "frontline", email="gijs@zilverwiek.example.nl")
    draw_journey(organisation, sample, language="nl", now=NOW)
    give_owners(organisation, sample)
    plan = queries.read_plan(Journey.objects.get())
    names = {stretch.phase.name: len(stretch.moments) for stretch in plan.stretches}
    assert names == {"Klant worden": 2, "Klant zijn": 4, "Klant blijven": 1}
    for moment in plan.moments:
        low, high = line_range(moment.metric, moment.line_top)
        assert low <= moment.touchpoint.good_enough <= high
        assert moment.touchpoint.expectation
    owners = {one.touchpoint.position: one.owner.staff.email.split("@")[0] for one in plan.moments}
    assert owners[3] == "gijs"
    assert owners[1] == "marit"  # nobody of that team works here


def test_without_colleagues_nobody_owns_it(organisation, sample):
    draw_journey(organisation, sample, language="en", now=NOW)
    give_owners(organisation, sample)
    assert queries.read_plan(Journey.objects.get()).moments[0].owner is None
