"""The journal: handed out in order, at least once, nobody held up by another's mishap."""

from datetime import UTC, datetime, timedelta

import pytest

from gloed.base import jobs, journal
from gloed.base.models import Job, JournalEntry
from gloed.base.worker import delivery, run_until_idle

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


class Clock:
    def __init__(self):
        self.at = NOW

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def subscribe(monkeypatch):
    """Subscribe for one test, nobody else listening."""
    monkeypatch.setattr(journal, "SUBSCRIBERS", {})
    monkeypatch.setattr(delivery, "SUBSCRIBERS", journal.SUBSCRIBERS)
    return journal.subscribe


@pytest.fixture
def append(organisation):
    def write(kind, *subjects):
        for subject in subjects:
            journal.append(kind, organisation=organisation, subject=subject, at=NOW)

    return write


def test_each_subscriber_gets_its_kinds_in_order(subscribe, append, clock):
    one, two = [], []
    subscribe("t.one", ["a", "b"], lambda entries: one.extend(e.subject for e in entries))
    subscribe("t.two", ["b"], lambda entries: two.extend(e.subject for e in entries))
    append("a", 1)
    append("b", 2)
    append("c", 3)
    append("a", 4)
    run_until_idle(now=clock)
    run_until_idle(now=clock)
    assert (one, two) == (["1", "2", "4"], ["2"])
    assert not JournalEntry.objects.filter(delivered_at=None).exists()


def test_many_entries_are_appended_with_few_statements(
    subscribe, organisation, clock, django_assert_max_num_queries
):
    seen = []
    subscribe("t.one", ["a"], lambda entries: seen.append(len(entries)))
    with django_assert_max_num_queries(10):
        journal.append_many(
            "a", organisation=organisation, subjects=range(600), at=NOW, payload={"x": 1}
        )
    run_until_idle(now=clock)
    assert seen == [500, 100]
    assert JournalEntry.objects.filter(payload={"x": 1}).count() == 600


def test_a_subscriber_that_fails_holds_nobody_up_and_gets_its_entries_again(
    subscribe, append, clock
):
    good, bad, down = [], [], [True]

    def flaky(entries):
        if down[0]:
            raise OSError("away")
        bad.extend(entry.subject for entry in entries)

    subscribe("t.bad", ["a"], flaky)
    subscribe("t.good", ["a"], lambda entries: good.extend(e.subject for e in entries))
    append("a", 1, 2, 3)
    run_until_idle(now=clock)
    assert (good, bad) == (["1", "2", "3"], [])
    down[0] = False
    clock.at += timedelta(seconds=2)
    run_until_idle(now=clock)
    assert (good, sorted(bad)) == (["1", "2", "3"], ["1", "2", "3"])


def test_one_bad_entry_ends_up_alone_and_the_rest_gets_through(subscribe, append, clock):
    seen = set()

    def picky(entries):
        if any(entry.subject == "13" for entry in entries):
            raise ValueError("not this one")
        seen.update(int(entry.subject) for entry in entries)

    subscribe("t.picky", ["a"], picky)
    append("a", *range(40))
    for _ in range(200):
        run_until_idle(now=clock)
        clock.at += timedelta(minutes=10)
    assert seen == set(range(40)) - {13}
    failed = Job.objects.get(kind=delivery.RETRY_KIND, state=Job.State.FAILED)
    assert len(failed.payload["entries"]) == 1
    assert failed.problem.startswith("ValueError: not this one")


def test_a_dead_workers_entries_are_handed_out_again(subscribe, append, clock):
    seen = []
    subscribe("t.one", ["a"], lambda entries: seen.extend(e.subject for e in entries))
    append("a", 1)
    assert len(delivery.claim(now=NOW)) == 1  # and then it is killed
    run_until_idle(now=clock)
    assert seen == []
    clock.at += delivery.LEASE + timedelta(seconds=1)
    run_until_idle(now=clock)
    assert seen == ["1"]


def test_a_name_belongs_to_one_subscriber(subscribe):
    subscribe("t.one", ["a"], print)
    subscribe("t.one", ["a"], print)
    with pytest.raises(ValueError, match="already registered"):
        subscribe("t.one", ["a"], repr)


def test_delivered_entries_are_kept_for_a_month(subscribe, append, clock):
    append("a", "old", "young", "waiting")
    JournalEntry.objects.filter(subject="old").update(delivered_at=NOW - timedelta(days=31))
    JournalEntry.objects.filter(subject="young").update(delivered_at=NOW - timedelta(days=29))
    jobs.enqueue("base.clean_up", now=NOW)
    run_until_idle(now=clock)
    assert set(JournalEntry.objects.values_list("subject", flat=True)) == {"young", "waiting"}
