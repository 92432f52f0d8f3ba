"""Arranging journeys: nothing is lost, everything can come back, and it is written down."""

from datetime import UTC, datetime

import pytest

from gloed.base.models import AuditEntry, JournalEntry
from gloed.surveys import operations as surveys
from gloed.surveys.journeys import operations, queries
from gloed.surveys.journeys.operations import Facts, Refusal, Refused
from gloed.surveys.journeys.starts import BUSINESS, PRIVATE
from gloed.surveys.models import Touchpoint
from gloed.surveys.models.journey import Journey, Phase
from gloed.surveys.rules import Metric

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def touchpoint(name):
    return Touchpoint.objects.get(name=name)


def phase(name):
    return Phase.objects.get(name=name)


def names(moments):
    return [moment.touchpoint.name for moment in moments]


def test_touchpoints_stand_in_the_order_they_were_added(order):
    assert order() == {"Before": "AB", "After": "C"}


@pytest.mark.parametrize(
    ("name", "to", "before", "expected"),
    [
        ("B", "Before", "A", {"Before": "BA", "After": "C"}),
        ("A", "After", "C", {"Before": "B", "After": "AC"}),
        ("A", "After", None, {"Before": "B", "After": "CA"}),
        ("A", "Before", "B", {"Before": "AB", "After": "C"}),
    ],
)
def test_moving_within_and_between_phases(order, owner, name, to, before, expected):
    operations.move_touchpoint(
        touchpoint(name),
        phase=phase(to),
        before=touchpoint(before) if before else None,
        by=owner,
        now=NOW,
    )
    assert order() == expected


def test_steps_lead_through_the_whole_journey_and_out_of_it(order, owner, organisation):
    seen = []
    for up in (False, False, False, True, True, True, True, True):
        operations.step_touchpoint(touchpoint("A"), up=up, by=owner, now=NOW)
        seen.append(order())
    down, across, last, back, *_rest, top, still = seen
    assert down["Before"] == "BA"
    assert across == {"Before": "B", "After": "AC"}
    assert last["After"] == "CA"
    assert back["After"] == "AC"
    assert top == still == {"Before": "AB", "After": "C"}


def test_what_is_not_placed_comes_in_by_a_step_up(order, owner, organisation):
    Touchpoint.objects.create(organisation=organisation, name="X")
    assert names(queries.list_unplaced(organisation)) == ["X"]
    operations.step_touchpoint(touchpoint("X"), up=True, by=owner, now=NOW)
    assert order()["After"] == "CX"
    operations.move_touchpoint(touchpoint("X"), phase=None, by=owner, now=NOW)
    assert names(queries.list_unplaced(organisation)) == ["X"]


def test_past_the_last_phase_it_is_not_placed(order, owner, organisation):
    operations.step_touchpoint(touchpoint("C"), up=False, by=owner, now=NOW)
    assert order() == {"Before": "AB", "After": ""}
    assert names(queries.list_unplaced(organisation)) == ["C"]
    operations.step_touchpoint(touchpoint("C"), up=False, by=owner, now=NOW)
    operations.step_touchpoint(touchpoint("C"), up=True, by=owner, now=NOW)
    assert order() == {"Before": "AB", "After": "C"}


def test_what_was_in_a_removed_phase_steps_with_the_others(order, owner, organisation):
    operations.remove(phase("Before"), by=owner, now=NOW)
    operations.step_touchpoint(touchpoint("B"), up=True, by=owner, now=NOW)
    assert names(queries.list_unplaced(organisation)) == ["B", "A"]
    operations.step_touchpoint(touchpoint("B"), up=True, by=owner, now=NOW)
    assert order() == {"After": "CB"}


def test_phases_change_places(order, owner):
    operations.step_phase(phase("After"), up=True, by=owner, now=NOW)
    assert list(order()) == ["After", "Before"]
    operations.step_phase(phase("After"), up=True, by=owner, now=NOW)
    operations.step_phase(phase("After"), up=False, by=owner, now=NOW)
    assert list(order()) == ["Before", "After"]


def test_a_removed_phase_comes_back_with_everything_in_it(order, owner, organisation):
    operations.remove(phase("Before"), by=owner, now=NOW)
    assert order() == {"After": "C"}
    assert names(queries.list_unplaced(organisation)) == ["A", "B"]
    operations.restore(phase("Before"), by=owner, now=NOW)
    assert order() == {"Before": "AB", "After": "C"}


def test_a_removed_journey_comes_back_whole(journey, order, owner, organisation):
    operations.remove(journey, by=owner, now=NOW)
    assert not queries.list_journeys(organisation).exists()
    assert len(queries.list_unplaced(organisation)) == 3
    operations.restore(journey, by=owner, now=NOW)
    assert order() == {"Before": "AB", "After": "C"}


def test_a_removed_touchpoint_keeps_its_surveys_and_comes_back_by_its_name(
    order, owner, organisation
):
    content = surveys.usual_content(organisation, Metric.CSAT)
    survey = surveys.create_survey(
        organisation, title="S", content=content, touchpoint="A", now=NOW
    )
    operations.remove(touchpoint("A"), by=owner, now=NOW)
    assert order()["Before"] == "B"
    survey.refresh_from_db()
    assert survey.touchpoint == touchpoint("A")
    operations.add_touchpoint(organisation, " a ", phase=phase("After"), by=owner, now=NOW)
    assert order() == {"Before": "B", "After": "CA"}


def test_a_name_that_stands_somewhere_is_refused(order, owner, organisation):
    with pytest.raises(Refused) as refusal:
        operations.add_touchpoint(organisation, "A", phase=phase("After"), by=owner, now=NOW)
    assert refusal.value.reason is Refusal.NAME_TAKEN
    with pytest.raises(Refused):
        operations.change_touchpoint(touchpoint("B"), Facts(name="a"), by=owner, now=NOW)
    with pytest.raises(Refused) as refusal:
        operations.rename(phase("After"), " \x00 ", by=owner, now=NOW)
    assert refusal.value.reason is Refusal.NO_NAME
    assert order() == {"Before": "AB", "After": "C"}


def test_a_start_places_what_is_there_and_never_takes_from_another_journey(owner, organisation):
    Touchpoint.objects.create(organisation=organisation, name="Bill", metric="nps")
    first = operations.add_journey(organisation, "One", start=PRIVATE, by=owner, now=NOW)
    second = operations.add_journey(organisation, "Two", start=PRIVATE, by=owner, now=NOW)
    plan, again = queries.read_plan(first), queries.read_plan(second)
    assert len(plan.moments) == len(again.moments) == 9
    assert touchpoint("Bill").phase.journey == first
    assert touchpoint("Bill").metric == "nps"
    assert touchpoint("Bill (Two)").phase.journey == second
    third = operations.add_journey(organisation, "Three", start=BUSINESS, by=owner, now=NOW)
    assert Journey.objects.count() == 3
    assert all(moment.touchpoint.expectation for moment in queries.read_plan(third).moments)


def test_what_was_changed_is_written_down_and_told(order, owner, organisation):
    member = owner.memberships.get()
    facts = Facts("A", "ces", member, "Quickly.", 5.5, 7)
    assert operations.change_touchpoint(touchpoint("A"), facts, by=owner, now=NOW)
    assert not operations.change_touchpoint(touchpoint("A"), facts, by=owner, now=NOW)
    entry = AuditEntry.objects.get(action="touchpoint.changed")
    assert entry.detail["owner"] == ["", "Owner"]
    assert entry.detail["good_enough"] == ["", 5.5]
    told = JournalEntry.objects.get(kind="touchpoint.changed")
    assert told.payload["fields"] == ["expectation", "good_enough", "line_top", "metric", "owner"]
    operations.remove(touchpoint("A"), by=owner, now=NOW)
    operations.remove(touchpoint("A"), by=owner, now=NOW)
    operations.restore(touchpoint("A"), by=owner, now=NOW)
    kinds = JournalEntry.objects.filter(kind__startswith="touchpoint.").order_by("pk")
    assert [one.kind for one in kinds] == [
        "touchpoint.changed",
        "touchpoint.removed",
        "touchpoint.restored",
    ]


def test_an_owner_who_left_answers_for_nothing(order, owner, organisation, make_staff):
    member = make_staff(organisation, "viewer").memberships.get()
    operations.change_touchpoint(touchpoint("A"), Facts("A", owner=member), by=owner, now=NOW)
    member.deactivated_at = NOW
    member.save()
    (moment,) = queries.moments_of([touchpoint("A")])
    assert moment.touchpoint.owner == member
    assert moment.owner is None


def test_two_metrics_at_one_touchpoint_are_told_before_and_after(organisation, order, owner):
    operations.change_touchpoint(touchpoint("A"), Facts("A", "csat"), by=owner, now=NOW)
    assert queries.mixing_at(organisation, "A", "csat") == ""
    assert queries.mixing_at(organisation, "Nobody", "nps") == ""
    assert queries.mixing_at(organisation, "A", "nonsense") == ""
    assert "NPS, CSAT" in queries.mixing_at(organisation, "A", "nps")
    content = surveys.usual_content(organisation, Metric.NPS)
    surveys.create_survey(organisation, title="S", content=content, touchpoint="A", now=NOW)
    (moment,) = queries.moments_of([touchpoint("A")])
    assert "CSAT, NPS" in moment.mixing
