"""From the journal to the projection: what is told is projected, once, however often it is told."""

from datetime import UTC, datetime, timedelta

import pytest

from gloed.analysis import manifest, projection, store, tasks
from gloed.analysis.models import Mark
from gloed.analysis.queries import Query, run
from gloed.base import journal
from gloed.base.models import Job, JournalEntry
from gloed.base.worker import run_until_idle

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def n(organisation):
    merged = run(store.projection_of(organisation), Query()).merged()
    return merged.n if merged else 0


def tell(organisation, kind, subject="", **payload):
    journal.append(kind, organisation=organisation, subject=subject, at=NOW, payload=payload)


@pytest.fixture
def survey(organisation, make_survey):
    return make_survey(organisation)


def test_a_new_answer_is_projected(organisation, survey, answer):
    response = answer(survey, 9)
    tell(organisation, "response.recorded", response.public_id, months=["2026-03"])
    run_until_idle()
    assert n(organisation) == 1
    assert not Mark.objects.exists()


def test_news_told_again_and_again_changes_nothing(organisation, survey, answer):
    response = answer(survey, 9)
    for _ in range(3):
        tell(organisation, "response.recorded", response.public_id, months=["2026-03"])
        run_until_idle()
    assert n(organisation) == 1


@pytest.mark.parametrize("months", [["2026-03"], None, ["2026-03", "undated"]])
def test_an_import_and_its_undo_reach_the_projection(organisation, survey, answer, months):
    payload = {} if months is None else {"months": months}
    responses = [answer(survey, 9) for _ in range(5)]
    tell(organisation, "responses.imported", "batch", **payload)
    run_until_idle()
    assert n(organisation) == 5
    for response in responses:
        response.delete()
    tell(organisation, "responses.removed", "batch", **payload)
    run_until_idle()
    assert n(organisation) == 0


def test_an_erased_person_leaves_no_trace_in_any_file(organisation, survey, answer):
    from gloed.people.models import Person
    from gloed.responses.operations import erase_person

    person = Person.objects.create(organisation=organisation, name="Anna", created_at=NOW)
    answer(survey, 9, person=person, attributes={"street": "Unmistakable 7"}, words="Thanks")
    projection.project(organisation, projection.Changes(everything=True), now=NOW)
    erase_person(person, now=NOW)
    run_until_idle()
    later = datetime.now(UTC) + 2 * manifest.GRACE
    projection.sweep(organisation, now=later)
    files = list(projection.folder_of(organisation).rglob("*.parquet"))
    assert files
    assert not any(b"Unmistakable" in file.read_bytes() for file in files)
    assert n(organisation) == 1


def test_news_of_an_answer_that_is_gone_by_now_is_harmless(organisation, survey, answer):
    response = answer(survey, 9)
    gone = response.public_id
    response.delete()
    tell(organisation, "response.recorded", gone, months=["2026-03"])
    tell(organisation, "response.updated", "not even an id", months=["2026-03"])
    run_until_idle()
    assert n(organisation) == 0


def test_while_another_worker_writes_the_work_waits_its_turn(organisation, survey, answer):
    response = answer(survey, 9)
    tell(organisation, "response.recorded", response.public_id, months=["2026-03"])
    entries = list(JournalEntry.objects.all())
    tasks.mark_changes(entries)
    job = Job.objects.get(kind="analysis.project")
    from gloed.base.jobs import JobRun

    with projection.writing(organisation):
        tasks.project(JobRun(job))
    assert Mark.objects.count() == 1
    assert Job.objects.filter(kind="analysis.project", state="waiting").exists()
    tasks.project(JobRun(job))
    assert n(organisation) == 1


def test_a_lost_projection_is_made_again_when_somebody_looks(alice, organisation, survey, answer):
    answer(survey, 9)
    page = alice.get("/scores/")
    assert "being made ready" in page.content.decode()
    run_until_idle()
    assert n(organisation) == 1


def test_much_work_goes_to_the_lane_of_long_work(organisation, survey, answer):
    months = [f"2025-{month:02d}" for month in range(1, 13)]
    answer(survey, 9, at=NOW - timedelta(days=100))
    tell(organisation, "responses.imported", "batch", months=months)
    tasks.mark_changes(list(JournalEntry.objects.all()))
    assert Job.objects.filter(kind="analysis.project_much").count() == 1


def test_another_touchpoint_of_a_survey_is_that_of_its_answers(organisation, survey, answer):
    from gloed.surveys import operations, queries

    for days in (0, 40, 200):
        answer(survey, 9, at=NOW - timedelta(days=days))
    answer(survey, 9, at=None)
    projection.project(organisation, projection.Changes(everything=True), now=NOW)
    content = queries.content_of(queries.read_version(survey.versions.get()))
    for name, number in (("The bill", 1), ("The bill", 0), ("", 1)):
        words = {"title": survey.title, "content": content, "kind": survey.kind}
        operations.edit_survey(survey, touchpoint=name, now=NOW, **words)
        told = JournalEntry.objects.filter(kind="survey.touchpoint_changed", delivered_at=None)
        assert told.count() == number
        run_until_idle()
        survey.refresh_from_db()
        groups = run(store.projection_of(organisation), Query(by=("touchpoint",))).by_group()
        moment = str(survey.touchpoint.public_id) if survey.touchpoint else None
        assert {group: h.n for group, h in groups.items()} == {(moment,): 4}
