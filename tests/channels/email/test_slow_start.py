"""A young sender sends little at first and more each day; what is over waits and is not lost."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.email import warming
from gloed.channels.email.models import WarmUp, WarmUpDay
from gloed.channels.email.rules.pacing import (
    MOST_A_DAY,
    Day,
    days_until_done,
    next_limit,
    outlook,
)
from gloed.fieldwork.models import Invitation
from tests.channels.email.post_office import NOW

TODAY = date(2026, 3, 2)


@pytest.fixture
def slow(db):
    """A slow start of four mails on the first day, half more on each further one."""
    return WarmUp.objects.create(first=4, growth=50, started_at=NOW)


def test_what_is_over_waits_for_the_next_working_day(slow, office, ask, send):
    for number in range(12):
        ask(f"p{number}@d{number}.example")
    found = send()
    assert (found.fates, found.held_back) == ({"sent": 4}, 8)
    assert send(hours=6).fates == {}
    assert send(hours=22).fates == {}  # 8:30 on Tuesday, local time
    assert send(days=1).fates == {"sent": 6}
    assert send(days=2).fates == {"sent": 2}
    assert len(set(office.addresses)) == 12
    assert list(WarmUpDay.objects.values_list("limit", "mails")) == [(4, 4), (6, 6), (9, 2)]
    assert set(Invitation.objects.values_list("attempts", flat=True)) == {0}


def test_over_the_weekend_nothing_goes(slow, office, ask, send):
    for number in range(6):
        ask(f"p{number}@d{number}.example")
    assert send(days=4).fates == {"sent": 4}  # a Friday
    assert send(days=5).fates == {}
    assert send(days=6).fates == {}
    assert send(days=7).fates == {"sent": 2}


def test_without_one_nothing_is_held_back(office, ask, send):
    for number in range(12):
        ask(f"p{number}@d{number}.example")
    assert send().fates == {"sent": 12}
    assert not WarmUpDay.objects.exists()


def test_it_ends_by_itself(slow, office, ask, send):
    WarmUpDay.objects.create(on=TODAY - timedelta(days=1), limit=MOST_A_DAY, mails=MOST_A_DAY)
    ask("nia@example.org")
    assert send().fates == {"sent": 1}
    assert not WarmUp.objects.exists()


@pytest.mark.parametrize(
    ("last", "limit"),
    [
        (None, 200),
        (Day(TODAY, 300, 300), 300),
        (Day(TODAY - timedelta(days=1), 200, 100), 300),
        (Day(TODAY - timedelta(days=1), 200, 99), 200),
        (Day(TODAY - timedelta(days=20), 1000, 1000), 500),
        (Day(TODAY - timedelta(days=20), 250, 250), 200),
    ],
)
def test_a_day_grows_by_what_was_really_sent(last, limit):
    assert next_limit(last, first=200, growth=50, today=TODAY) == limit


@given(st.integers(1, 500_000), st.integers(10, 1000), st.integers(10, 100))
def test_the_days_until_done_hold_what_waits(waiting, limit, growth):
    days = days_until_done(waiting, limit, growth=growth)
    coming = outlook(limit, growth=growth, days=days)
    assert coming == sorted(coming)
    assert sum(coming) >= min(waiting, MOST_A_DAY)
    assert days == 1 or sum(coming[:-1]) < waiting


class TestPage:
    def test_an_owner_begins_and_ends_it(self, alice):
        page = alice.get(reverse("email:sending")).text
        assert reverse("email:warm_up") in page
        alice.post(reverse("email:warm_up"), {"first": 100, "growth": 40})
        assert (WarmUp.objects.get().first, WarmUp.objects.get().growth) == (100, 40)
        assert "274" in alice.get(reverse("email:sending")).text  # 100, 140, 196, 274
        alice.post(reverse("email:warm_up"), {"do": "end"})
        assert not WarmUp.objects.exists()

    def test_nonsense_is_told(self, alice):
        answer = alice.post(reverse("email:warm_up"), {"first": 0, "growth": ""})
        assert answer.status_code == 422
        assert not WarmUp.objects.exists()

    def test_a_manager_sees_it_and_may_not_change_it(self, client_of, organisation, slow):
        manager = client_of(organisation, "manager")
        assert manager.get(reverse("email:sending")).status_code == 200
        assert manager.post(reverse("email:warm_up"), {"do": "end"}).status_code == 403
        assert WarmUp.objects.exists()

    def test_who_may_not_edit_surveys_does_not_see_it(self, client_of, organisation):
        viewer = client_of(organisation, "viewer")
        assert viewer.get(reverse("email:sending")).status_code == 403


def test_today_is_where_the_installation_is(settings):
    settings.TIME_ZONE = "Pacific/Auckland"
    assert warming.today_at(NOW.replace(hour=23)) == date(2026, 3, 3)
