"""Reminders and escalation fire once, at the right minute, also over a change of the clock."""

from datetime import UTC, datetime, time, timedelta

import pytest

from gloed.base.models import Job, JournalEntry, Membership, Staff
from gloed.base.worker.process import run_until_idle
from gloed.loop.cases import operations
from gloed.loop.cases.models import Case, CaseSettings
from gloed.loop.cases.operations import planning, waking
from gloed.loop.cases.rules import Happened, Outcome

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _nothing_leaves(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def bob(organisation, make_staff):
    """A manager who owns the case."""
    return make_staff(organisation, "manager")


def lines(case, kind):
    return list(case.events.filter(kind=kind).values_list("at", flat=True))


@pytest.mark.parametrize(
    ("opened", "remind", "due"),
    [
        # Fridays, 16:00 in Amsterdam; 16 working hours later is Tuesday 16:00
        ((2026, 3, 27, 15), (2026, 3, 31, 12), (2026, 3, 31, 14)),  # the clock goes forward
        ((2026, 10, 23, 14), (2026, 10, 27, 13), (2026, 10, 27, 15)),  # the clock goes back
    ],
)
def test_each_fires_once_at_its_minute(answer, bob, mailoutbox, opened, remind, due):
    opened, remind, due = (datetime(*moment, tzinfo=UTC) for moment in (opened, remind, due))
    case = operations.open_case(answer(3, at=opened), now=opened)
    operations.assign(case, owner=bob, staff=bob, now=opened)
    assert (case.remind_at, case.due_at) == (remind, due)
    for moment in (remind - MINUTE, remind, remind + MINUTE, due - MINUTE, due, due + MINUTE):
        run_until_idle(now=lambda at=moment: at)
        run_until_idle(now=lambda at=moment: at)
    assert lines(case, Happened.REMINDED) == [remind]
    assert lines(case, Happened.ESCALATED) == [due]
    assert JournalEntry.objects.filter(kind="case.overdue").count() == 1
    assert [mail.subject for mail in mailoutbox] == [
        "Case #1 is bijna aan de tijd",
        "Case #1 is te laat",
    ]


def test_nobody_is_woken_once_the_customer_heard_from_us(answer, bob):
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    case = operations.open_case(answer(3, at=now), now=now)
    operations.note_contact(case, how="call", staff=bob, now=now)
    run_until_idle(now=lambda: now + timedelta(days=30))
    assert not lines(case, Happened.REMINDED) + lines(case, Happened.ESCALATED)
    assert not waking.overdue_for_waking(now + timedelta(days=30))


def test_a_closed_case_is_left_alone_and_one_taken_up_again_is_not(answer):
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    case = operations.open_case(answer(3, at=now), now=now)
    operations.close_case(case, Outcome.NOTHING_TO_DO, staff=None, now=now)
    assert waking.wake(case.pk, now=now + timedelta(days=9)) == []
    operations.reopen_case(case, now=now)
    assert waking.wake(case.pk, now=now + timedelta(days=9)) == [Happened.ESCALATED]
    assert waking.wake(case.pk, now=now + timedelta(days=9)) == []


def test_a_deadline_that_moves_takes_its_reminder_along(answer, organisation, bob):
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    case = operations.open_case(answer(3, at=now), now=now)
    first = case.due_at
    planning.keep_settings(organisation, {"hours_normal": 40, "opens": time(8)}, staff=bob, now=now)
    case.refresh_from_db()
    assert case.due_at > first
    run_until_idle(now=lambda: first)
    assert not lines(case, Happened.ESCALATED)
    run_until_idle(now=lambda: case.due_at)
    assert lines(case, Happened.ESCALATED) == [case.due_at]


def test_a_moment_nobody_was_there_for_is_made_up(answer):
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    case = operations.open_case(answer(3, at=now), now=now)
    Job.objects.all().delete()  # a database restored from before, say
    later = case.due_at + timedelta(minutes=3)
    assert waking.overdue_for_waking(later) == [case.pk]
    waking.wake(case.pk, now=later)
    assert waking.overdue_for_waking(later) == []


def test_a_late_case_goes_to_who_is_named_else_managers_else_owners(
    answer, organisation, make_staff
):
    now = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    alice = make_staff(organisation, "owner")
    case = operations.open_case(answer(3, at=now), now=now)
    assert waking.who_hears_of(case) == [alice]
    bob = make_staff(organisation, "manager")
    assert waking.who_hears_of(case) == [bob]
    cees = make_staff(organisation, "analyst")
    CaseSettings.objects.create(
        organisation=organisation, escalate_to=Membership.objects.get(staff=cees)
    )
    assert waking.who_hears_of(Case.objects.get()) == [cees]
    Membership.objects.filter(staff=cees).update(deactivated_at=now)
    assert waking.who_hears_of(Case.objects.get()) == [bob]
    Staff.objects.filter(pk__in=[alice.pk, bob.pk]).update(is_active=False)
    assert waking.who_hears_of(Case.objects.get()) == []
