"""Jobs: put down once, done by a worker, tried again, given up, cancelled, scheduled, cleaned."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from gloed.base import jobs
from gloed.base.jobs import REGISTRY, Cancelled, Interrupted, Pace
from gloed.base.models import Job, Organisation
from gloed.base.worker import claims, run_until_idle
from gloed.base.worker.lanes import BATCH, JobLane
from gloed.base.worker.problems import hide_secrets
from gloed.base.worker.schedules import keep_scheduled

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


class Clock:
    def __init__(self, at=NOW):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture
def task():
    """Register a task for one test: `task("kind", handler, ...)`."""
    known = dict(REGISTRY.tasks)

    def register(kind, handler, **options):
        jobs.task(kind, **options)(handler)

    yield register
    REGISTRY.tasks.clear()
    REGISTRY.tasks.update(known)


@pytest.fixture
def clock():
    return Clock()


@pytest.mark.django_db
class TestEnqueue:
    def test_a_job_runs_with_what_was_put_down(self, task, organisation, clock):
        seen = []
        task("t.note", lambda run: seen.append((run.payload, run.organisation, run.now())))
        job = jobs.enqueue("t.note", {"a": 1}, organisation=organisation, now=NOW)
        run_until_idle(now=clock)
        job.refresh_from_db()
        assert seen == [({"a": 1}, organisation, NOW)]
        assert (job.state, job.attempts, job.finished_at) == (Job.State.DONE, 1, NOW)

    def test_a_job_waits_for_its_time(self, task, clock):
        seen = []
        task("t.note", lambda run: seen.append(run.payload))
        jobs.enqueue("t.note", {"late": True}, now=NOW, run_at=NOW + HOUR)
        run_until_idle(now=clock)
        assert seen == []
        clock.at += HOUR
        run_until_idle(now=clock)
        assert seen == [{"late": True}]

    def test_an_unknown_kind_is_a_programming_mistake(self):
        with pytest.raises(ValueError, match=r"no task is registered as t\.nothing"):
            jobs.enqueue("t.nothing", now=NOW)

    def test_a_kind_means_one_thing(self, task):
        task("t.note", lambda run: None)
        with pytest.raises(ValueError, match="already registered"):
            task("t.note", lambda run: None)

    def test_a_waiting_job_with_the_same_key_is_not_doubled(self, task):
        task("t.note", lambda run: None)
        first = jobs.enqueue("t.note", {"n": 1}, now=NOW, key="k")
        second = jobs.enqueue("t.note", {"n": 2}, now=NOW, key="k")
        assert second.pk == first.pk
        assert second.payload == {"n": 1}
        assert jobs.enqueue("t.note", now=NOW, key="other").pk != first.pk
        assert jobs.enqueue("t.note", now=NOW).pk != jobs.enqueue("t.note", now=NOW).pk

    def test_several_jobs_go_down_together_and_one_that_waits_stays_as_it_is(
        self, task, organisation
    ):
        task("test.work", lambda _run: None, max_attempts=3)
        later = jobs.Wish("b", {"n": 2}, NOW + HOUR)
        jobs.enqueue_all(
            "test.work", [jobs.Wish("a", {"n": 1}, NOW), later], now=NOW, organisation=organisation
        )
        again = [jobs.Wish("a", {"n": 9}, NOW + HOUR), jobs.Wish("c", {"n": 3}, NOW)]
        jobs.enqueue_all("test.work", again, now=NOW, organisation=organisation.pk)
        rows = Job.objects.filter(organisation=organisation, max_attempts=3).order_by("key")
        assert list(rows.values_list("key", "payload", "run_at")) == [
            ("a", {"n": 1}, NOW),
            ("b", {"n": 2}, NOW + HOUR),
            ("c", {"n": 3}, NOW),
        ]

    def test_a_sooner_wish_brings_the_waiting_job_forward(self, task):
        task("t.note", lambda run: None)
        first = jobs.enqueue("t.note", now=NOW, run_at=NOW + HOUR, key="k")
        jobs.enqueue("t.note", now=NOW, key="k")
        jobs.enqueue("t.note", now=NOW, run_at=NOW + 2 * HOUR, key="k")
        first.refresh_from_db()
        assert first.run_at == NOW

    def test_a_running_job_does_not_stand_for_a_new_one(self, task, clock):
        seen = []

        def handler(run):
            seen.append(run.job.pk)
            if len(seen) == 1:
                jobs.enqueue("t.note", now=NOW, key="k")

        task("t.note", handler)
        jobs.enqueue("t.note", now=NOW, key="k")
        run_until_idle(now=clock)
        assert len(set(seen)) == 2

    def test_the_queue_is_read_by_its_index(self, task):
        """A table of a million done jobs must not slow the poll."""
        task("t.note", lambda run: None)
        plan = claims.due(["t.note"], now=NOW).order_by("run_at", "id").explain()
        if connection.vendor == "sqlite":
            assert "job_unfinished" in plan


@pytest.mark.django_db
class TestFailing:
    def test_a_failed_attempt_waits_longer_each_time_and_is_given_up(self, task, clock):
        def handler(run):
            raise OSError("no route to host")

        task("t.fail", handler, max_attempts=3)
        job = jobs.enqueue("t.fail", now=NOW)
        waits = []
        for _ in range(2):
            run_until_idle(now=clock)
            job.refresh_from_db()
            assert job.state == Job.State.WAITING
            waits.append(job.run_at - clock.at)
            clock.at = job.run_at
        run_until_idle(now=clock)
        job.refresh_from_db()
        assert (job.state, job.attempts) == (Job.State.FAILED, 3)
        assert job.problem.startswith("OSError: no route to host")
        assert timedelta(seconds=1) < waits[0] <= timedelta(seconds=2) < waits[1]

    def test_a_failed_job_can_be_tried_again_by_hand(self, task, clock):
        calls = []

        def handler(run):
            calls.append(1)
            if len(calls) == 1:
                raise OSError("first time")

        task("t.fail", handler, max_attempts=1)
        job = jobs.enqueue("t.fail", now=NOW)
        run_until_idle(now=clock)
        job.refresh_from_db()
        assert job.state == Job.State.FAILED
        assert jobs.retry(job, now=NOW)
        run_until_idle(now=clock)
        job.refresh_from_db()
        assert (job.state, job.problem) == (Job.State.DONE, "")
        assert not jobs.retry(job, now=NOW)

    def test_an_atomic_task_that_fails_leaves_nothing_behind(self, task, clock):
        def handler(run):
            Organisation.objects.create(name="Half", created_at=NOW)
            raise OSError("in the middle")

        task("t.half", handler, atomic=True, max_attempts=1)
        jobs.enqueue("t.half", now=NOW)
        run_until_idle(now=clock)
        assert not Organisation.objects.filter(name="Half").exists()

    def test_an_atomic_task_whose_lease_was_lost_leaves_nothing_behind(self, task, clock):
        def handler(run):
            Organisation.objects.create(name="Twice", created_at=NOW)
            Job.objects.filter(pk=run.job.pk).update(leased_by="another", attempts=2)

        task("t.lost", handler, atomic=True)
        job = jobs.enqueue("t.lost", now=NOW)
        lane = JobLane(Pace.SHORT, worker="me", now=clock)
        lane.turn()
        assert not Organisation.objects.filter(name="Twice").exists()
        job.refresh_from_db()
        assert job.state == Job.State.WAITING  # the handler's own update was undone as well

    def test_a_retry_makes_way_for_the_same_work_enqueued_anew(self, task, clock):
        def handler(run):
            if not run.payload.get("new"):
                jobs.enqueue("t.fail", {"new": True}, now=NOW, key="k")
                raise OSError("try again")

        task("t.fail", handler)
        job = jobs.enqueue("t.fail", now=NOW, key="k")
        run_until_idle(now=clock)
        job.refresh_from_db()
        assert job.state == Job.State.CANCELLED
        assert "enqueued again" in job.problem
        assert Job.objects.get(kind="t.fail", payload={"new": True}).state == Job.State.DONE

    def test_a_problem_never_holds_a_secret(self, settings):
        settings.EMAIL_HOST_PASSWORD = "hunter-two"
        text = hide_secrets(
            "smtp://me:pa55@mail.example.org said hunter-two, password=abc and token: xyz"
        )
        for secret in ("pa55", "hunter-two", "abc", "xyz"):
            assert secret not in text
        assert "mail.example.org" in text

    def test_a_problem_never_names_a_customer(self):
        text = hide_secrets("550 <jan.jansen+x@klant.example.nl>: no such mailbox")
        assert text == "550 <***@klant.example.nl>: no such mailbox"


@pytest.mark.django_db
class TestLeases:
    def test_the_job_of_a_dead_worker_comes_back_after_its_lease(self, task, clock):
        task("t.note", lambda run: None, lease=timedelta(seconds=30))
        job = jobs.enqueue("t.note", now=NOW)
        assert claims.claim(["t.note"], worker="dead", now=NOW, limit=1) == [job]
        assert claims.claim(["t.note"], worker="next", now=NOW, limit=1) == []
        later = NOW + timedelta(seconds=31)
        (again,) = claims.claim(["t.note"], worker="next", now=later, limit=1)
        assert (again.pk, again.attempts, again.leased_by) == (job.pk, 2, "next")

    def test_a_job_that_kills_every_worker_is_given_up(self, task, clock):
        task("t.poison", lambda run: None, max_attempts=2)
        job = jobs.enqueue("t.poison", now=NOW)
        for turn in range(3):
            claims.claim(["t.poison"], worker=f"w{turn}", now=NOW + turn * HOUR, limit=1)
        job.refresh_from_db()
        assert job.state == Job.State.FAILED
        assert "stopped in the middle" in job.problem

    def test_a_worker_without_the_lease_can_say_nothing(self, task):
        task("t.note", lambda run: None)
        jobs.enqueue("t.note", now=NOW)
        (old,) = claims.claim(["t.note"], worker="slow", now=NOW, limit=1)
        (new,) = claims.claim(["t.note"], worker="fast", now=NOW + HOUR, limit=1)
        assert not claims.finish(jobs.JobRun(old), worker="slow", now=NOW + HOUR)
        claims.fail(old, worker="slow", now=NOW + HOUR, problem="late")
        new.refresh_from_db()
        assert (new.state, new.problem, new.leased_by) == (Job.State.RUNNING, "", "fast")
        assert claims.finish(jobs.JobRun(new), worker="fast", now=NOW + HOUR)

    def test_the_heartbeat_renews_and_writes_progress(self, task, clock):
        lane = JobLane(Pace.SHORT, worker="me", now=clock)
        seen = []

        def handler(run):
            run.progress(3, 10)
            clock.at += timedelta(seconds=20)
            lane._since -= 10
            lane.beat()
            row = Job.objects.get(pk=run.job.pk)
            seen.append((row.progress_done, row.progress_total, row.leased_until - clock.at))

        task("t.slow", handler, lease=timedelta(seconds=30))
        jobs.enqueue("t.slow", now=NOW)
        lane.turn()
        assert seen == [(3, 10, timedelta(seconds=30))]

    def test_short_work_claims_in_batches_and_long_work_one_by_one(self, task, clock):
        order = []
        task("t.short", lambda run: order.append(run.payload["n"]))
        task("t.long", lambda run: order.append(run.payload["n"]), long=True)
        for n in range(BATCH + 2):
            jobs.enqueue("t.short", {"n": n}, now=NOW)
        for n in (100, 101):
            jobs.enqueue("t.long", {"n": n}, now=NOW)
        JobLane(Pace.SHORT, worker="me", now=clock).turn()
        assert order == list(range(BATCH))
        JobLane(Pace.LONG, worker="me", now=clock).turn()
        assert order[BATCH:] == [100]

    def test_work_that_waits_for_other_machines_waits_for_no_long_work(self, task, clock):
        order = []
        task("t.long", lambda run: order.append("long"), long=True)
        task("t.outward", lambda run: order.append("outward"), outward=True)
        jobs.enqueue("t.long", now=NOW)
        jobs.enqueue("t.outward", now=NOW)
        JobLane(Pace.OUTWARD, worker="me", now=clock).turn()
        assert order == ["outward"]


@pytest.mark.django_db
class TestCancelling:
    def test_a_waiting_job_is_cancelled_at_once(self, task, clock):
        task("t.note", lambda run: pytest.fail("it was cancelled"))
        job = jobs.enqueue("t.note", now=NOW)
        assert jobs.cancel(job, now=NOW)
        run_until_idle(now=clock)
        job.refresh_from_db()
        assert job.state == Job.State.CANCELLED
        assert not jobs.cancel(job, now=NOW)

    def test_a_running_job_stops_at_its_next_sign_of_progress(self, task, clock, monkeypatch):
        monkeypatch.setattr("gloed.base.worker.lanes.PATIENCE", 0.0)
        lane = JobLane(Pace.LONG, worker="me", now=clock)
        reached = []

        def handler(run):
            run.progress(1, 2)
            jobs.cancel(run.job, now=NOW)
            lane.beat()
            with pytest.raises(Cancelled):
                run.progress(2, 2)
            reached.append(True)
            run.progress(2, 2)

        task("t.long", handler, long=True)
        job = jobs.enqueue("t.long", now=NOW)
        lane.turn()
        job.refresh_from_db()
        assert reached == [True]
        assert job.state == Job.State.CANCELLED

    def test_a_stopping_worker_puts_its_job_back_unharmed(self, task, clock):
        lane = JobLane(Pace.LONG, worker="me", now=clock)

        def handler(run):
            lane._stopping.set()
            with pytest.raises(Interrupted):
                run.progress(1)
            run.progress(1)

        task("t.long", handler, long=True)
        job = jobs.enqueue("t.long", now=NOW)
        lane.turn()
        job.refresh_from_db()
        assert (job.state, job.attempts, job.problem) == (Job.State.WAITING, 0, "")


@pytest.mark.django_db
class TestSchedules:
    def test_a_recurring_task_always_has_one_turn_waiting(self, task, clock):
        turns = []
        REGISTRY.tasks.clear()
        task("t.hourly", lambda run: turns.append(run.now()), every=HOUR)
        for _ in range(3):
            keep_scheduled(now=clock.at)
            keep_scheduled(now=clock.at)
            run_until_idle(now=clock)
        assert turns == [NOW]
        clock.at += timedelta(minutes=59)
        run_until_idle(now=clock)
        assert turns == [NOW]
        clock.at += timedelta(minutes=1)
        run_until_idle(now=clock)
        keep_scheduled(now=clock.at)
        assert turns == [NOW, NOW + HOUR]
        assert Job.objects.filter(state=Job.State.WAITING).count() == 1

    def test_missed_turns_do_not_pile_up(self, task, clock):
        turns = []
        REGISTRY.tasks.clear()
        task("t.hourly", lambda run: turns.append(run.now()), every=HOUR)
        keep_scheduled(now=clock.at)
        run_until_idle(now=clock)
        clock.at += 50 * HOUR
        for _ in range(3):
            keep_scheduled(now=clock.at)
            run_until_idle(now=clock)
        assert turns == [NOW, NOW + 50 * HOUR]

    def test_a_period_beyond_a_week_is_refused(self, task):
        with pytest.raises(ValueError, match="within a week"):
            task("t.yearly", lambda run: None, every=timedelta(days=365))


@pytest.mark.django_db
def test_old_jobs_are_cleaned_up_and_young_ones_stay(clock):
    def ended(state, days):
        at = NOW - timedelta(days=days)
        return Job.objects.create(
            kind="t.old", state=state, run_at=at, created_at=at, finished_at=at
        )

    ended(Job.State.DONE, 9)
    ended(Job.State.FAILED, 91)
    kept = {ended(Job.State.DONE, 2).pk, ended(Job.State.FAILED, 9).pk}
    jobs.enqueue("base.clean_up", now=NOW)
    run_until_idle(now=clock)
    assert set(Job.objects.filter(kind="t.old").values_list("pk", flat=True)) == kept


@given(st.integers(1, 60_000), st.floats(0, 1, exclude_max=True))
def test_the_wait_is_never_longer_than_an_hour_nor_shorter_than_a_second(attempts, chance):
    wait = claims.retry_delay(attempts, chance=chance)
    assert timedelta(seconds=1) < wait <= claims.LONGEST_DELAY


@pytest.mark.django_db
def test_a_job_knows_that_work_of_its_pace_was_put_before_it(task):
    task("t.long", lambda run: None, long=True)
    task("t.too_long", lambda run: None, long=True)
    task("t.short", lambda run: None)
    run = jobs.JobRun(jobs.enqueue("t.long", now=NOW))
    jobs.enqueue("t.too_long", now=NOW)  # after it
    jobs.enqueue("t.short", now=NOW, run_at=NOW - HOUR)  # in another lane
    assert not run.is_awaited()
    ahead = jobs.enqueue("t.too_long", now=NOW, run_at=NOW - HOUR)
    assert run.is_awaited()
    jobs.cancel(ahead, now=NOW)
    assert not run.is_awaited()
