"""Alarms through the real door: made on a page, rung by the worker, judged on a page."""

import html
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.urls import reverse

from gloed.analysis.models import SavedView
from gloed.analysis.monitors import operations, tasks
from gloed.analysis.monitors.models import Alarm, Monitor
from gloed.base import jobs
from gloed.base.models import AuditEntry, JournalEntry, Membership, Staff, Team
from gloed.base.worker.process import run_until_idle
from gloed.coding.models import Codebook, CodedVerbatim, Review
from gloed.coding.operations import codebook as books
from gloed.coding.quality import rough_keys
from gloed.responses.models import Answer

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
WEEK = timedelta(days=7)
CALM, FALLEN = {9: 5, 7: 3, 2: 2}, {9: 1, 7: 3, 2: 8}


@pytest.fixture
def weeks(answer):
    """Answers of one week after another: `weeks(survey, CALM, first=-13, number=13)`."""

    def put(survey, ratings, *, first, number, **known):
        for week in range(first, first + number):
            for rating, many in ratings.items():
                for place in range(many):
                    at = MONDAY + week * WEEK + timedelta(days=place % 7)
                    answer(survey, rating, at=at, **known)

    return put


@pytest.fixture
def survey(organisation, make_survey, weeks):
    """A quarter in which nothing happened."""
    found = make_survey(organisation, title="After a visit")
    weeks(found, CALM, first=-13, number=13)
    return found


@pytest.fixture
def view(organisation, make_staff, survey, rebuild):
    """A saved view of that survey, for everybody."""
    rebuild(organisation)
    return SavedView.objects.create(
        organisation=organisation,
        staff=make_staff(organisation, "analyst"),
        name="Visits",
        address=f"about={survey.public_id}&when=30d",
        is_shared=True,
        created_at=MONDAY,
    )


@pytest.fixture
def watched(view):
    """That view, watched week by week since the Monday; the analyst gets the mail."""
    listening = Membership.objects.filter(staff=view.staff)
    about = view.address.split("=")[1].split("&")[0]
    return operations.make_weekly(
        view, about=about, weeks=13, recipients=listening, by=view.staff, now=MONDAY
    )


@pytest.fixture
def rung(watched, survey, weeks, organisation, rebuild):
    """Three bad weeks later it has rung."""
    weeks(survey, FALLEN, first=0, number=3)
    rebuild(organisation)
    (alarm,) = operations.look(organisation, now=MONDAY + 3 * WEEK)
    return alarm


def page(client, name, *args, status=200, **headers):
    response = client.get(reverse(f"alarms:{name}", args=args), headers=headers)
    assert response.status_code == status, response.content.decode()[:400]
    return html.unescape(response.content.decode())


def test_a_view_is_watched_from_the_page_on(alice, view, organisation):
    text = page(alice, "new")
    assert "Visits" in text
    assert "Against its usual level" in text
    own = Membership.objects.get(staff__email__startswith="owner", organisation=organisation)
    given = {"view": view.public_id, "kind": "weekly", "weeks": 26, "recipients": [own.public_id]}
    response = alice.post(reverse("alarms:new"), given)
    (made,) = Monitor.objects.all()
    assert response.url == reverse("alarms:monitor", args=[made.public_id])
    assert made.name == "Visits"
    assert (made.usual_until - made.usual_from).days == 26 * 7
    assert [one.pk for one in made.recipients.all()] == [own.pk]
    assert "learning what is usual" in page(alice, "monitor", made.public_id)
    assert AuditEntry.objects.filter(action="alarms.made", subject="Visits").exists()


@pytest.mark.parametrize(
    ("aim", "says"),
    [("", "Which level?"), ("140", "between -100 and 100"), ("much", "Enter a number")],
)
def test_a_level_must_be_one_of_the_scale(alice, view, aim, says):
    given = {"view": view.public_id, "kind": "running", "weeks": 26, "aim": aim}
    response = alice.post(reverse("alarms:new"), given)
    assert response.status_code == 422
    assert says in html.unescape(response.content.decode())
    assert not Monitor.objects.exists()


def test_a_level_that_is_not_met_rings_after_an_answer(alice, view, organisation):
    given = {"view": view.public_id, "kind": "running", "weeks": 26, "aim": "95"}
    alice.post(reverse("alarms:new"), given)
    made = Monitor.objects.get()
    Monitor.objects.update(run_from=(MONDAY - 13 * WEEK).date())
    (alarm,) = operations.look(organisation, now=MONDAY)
    assert (alarm.aim, alarm.is_up, alarm.monitor) == (95.0, False, made)
    assert alarm.high < 95
    assert "the level you set is 95" in page(alice, "alarm", alarm.public_id)


def test_an_alarm_rings_once(rung, organisation):
    assert not rung.is_up
    assert rung.begins_on == MONDAY.date()
    for later in (0, 1, 5):
        assert (
            operations.look(organisation, now=MONDAY + 3 * WEEK + later * timedelta(days=1)) == []
        )
    assert Alarm.objects.count() == 1
    (entry,) = JournalEntry.objects.filter(kind="alarm.raised")
    assert entry.subject == str(rung.public_id)
    assert entry.payload["name"] == "Visits"
    assert entry.payload["path"] == reverse("alarms:alarm", args=[rung.public_id])
    assert entry.payload["value"] < entry.payload["low"] < entry.payload["aim"]


def test_two_workers_ring_one_alarm(watched, survey, weeks, organisation, rebuild):
    weeks(survey, FALLEN, first=0, number=3)
    rebuild(organisation)
    stale = Monitor.objects.get()
    (alarm,) = operations.look(organisation, now=MONDAY + 3 * WEEK)
    from gloed.analysis.monitors.queries import Reading, State
    from gloed.analysis.monitors.rules import Bell

    again = Bell(alarm.begins_on, alarm.on, -30, -20, 20, 0, 30)
    reading = Reading(State.WATCHING)
    assert operations.ring(stale, reading, again, now=MONDAY + 3 * WEEK) is None
    assert Alarm.objects.count() == 1


def test_a_calm_quarter_does_not_ring(watched, survey, weeks, organisation, rebuild):
    weeks(survey, CALM, first=0, number=13)
    rebuild(organisation)
    for week in range(14):
        assert operations.look(organisation, now=MONDAY + week * WEEK) == []


def test_an_alarm_opens_on_what_changed(alice, rung, survey):
    text = page(alice, "alarm", rung.public_id)
    assert "NPS fell: Visits" in text
    url = next(u for u in re.findall(r'href="([^"]+)"', text) if u.startswith("/changes/?"))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    assert asked["about"] == str(survey.public_id)
    assert asked["from"] == "2026-03-02"
    assert asked["pto"] == "2026-03-01"
    assert asked["pfrom"] == "2025-12-01"
    told = html.unescape(alice.get(url).content.decode())
    assert "NPS fell from 30 to -58".replace("-", "\u2212") in told


def test_a_mail_tells_it_once_to_whom_it_concerns(watched, survey, weeks, organisation, rebuild):
    Staff.objects.update(language="nl")
    weeks(survey, FALLEN, first=0, number=3)
    rebuild(organisation)
    now = MONDAY + 3 * WEEK
    jobs.enqueue("alarms.look", now=now, organisation=organisation)
    run_until_idle(now=lambda: now)
    run_until_idle()
    JournalEntry.objects.filter(kind="alarm.raised").update(delivered_at=None)
    run_until_idle()
    (sent,) = [one for one in mail.outbox if "Visits" in one.subject]
    assert sent.to == [watched.made_by.email]
    assert sent.subject == "NPS gedaald: Visits"
    assert "/changes/?about=" in sent.body
    assert "/alarms/rung/" in sent.body
    assert "<html" in sent.alternatives[0][0]


def test_news_of_answers_has_monitors_look_soon(watched, organisation, other_organisation):
    entry = JournalEntry(organisation=organisation, kind="response.recorded", at=MONDAY)
    other = JournalEntry(organisation=other_organisation, kind="response.recorded", at=MONDAY)
    tasks.look_soon([entry, other])
    tasks.look_soon([entry])
    from gloed.base.models import Job

    (waiting,) = Job.objects.filter(kind="alarms.look")
    assert waiting.organisation == organisation


def judge(client, alarm, **given):
    return client.post(reverse("alarms:judge", args=[alarm.public_id]), given)


def test_what_came_of_it_is_written_down(alice, rung):
    assert judge(alice, rung, verdict="").status_code == 422
    assert judge(alice, rung, verdict="real", note="The north was short of people.").url == (
        reverse("alarms:list")
    )
    text = page(alice, "list")
    assert "something had changed" in text
    assert "short of people" in text
    assert AuditEntry.objects.filter(action="alarms.judged").exists()


def test_nothing_was_the_matter_and_it_looks_again_at_once(alice, rung, monkeypatch):
    monitor = rung.monitor
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + 3 * WEEK)
    assert monitor.run_from == rung.on + timedelta(days=1) + 4 * WEEK
    judge(alice, rung, verdict="nothing")
    monitor.refresh_from_db()
    assert monitor.run_from == (MONDAY + 3 * WEEK).date()


def test_a_new_usual_level_is_learned(alice, rung, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: MONDAY + 3 * WEEK)
    judge(alice, rung, verdict="real", is_new_usual="on")
    monitor = rung.monitor
    monitor.refresh_from_db()
    assert monitor.usual_from == MONDAY.date()
    assert monitor.run_from == monitor.usual_until == (MONDAY + 8 * WEEK).date()


def test_too_few_usual_answers_make_it_learn_on(view, organisation, survey, weeks, rebuild):
    monitor = operations.make_weekly(
        view, about=str(survey.public_id), weeks=13, recipients=[], by=None,
        now=MONDAY - 12 * WEEK,
    )  # fmt: skip
    operations.look(organisation, now=MONDAY - 10 * WEEK)
    monitor.refresh_from_db()
    assert monitor.usual_until == monitor.run_from == (MONDAY - 10 * WEEK).date()
    operations.look(organisation, now=MONDAY)
    monitor.refresh_from_db()
    weeks(survey, CALM, first=0, number=2)
    rebuild(organisation)
    operations.look(organisation, now=MONDAY + 2 * WEEK)
    monitor.refresh_from_db()
    assert monitor.usual_until == MONDAY.date()
    assert monitor.judged_until == (MONDAY + 2 * WEEK).date()


def test_pausing_deleting_and_coming_back(alice, watched, organisation):
    post = {name: reverse(f"alarms:{name}", args=[watched.public_id])
            for name in ("pause", "resume", "delete", "restore")}  # fmt: skip
    alice.post(post["pause"])
    assert "It is paused" in page(alice, "monitor", watched.public_id)
    assert operations.look(organisation, now=MONDAY + 9 * WEEK) == []
    alice.post(post["resume"])
    assert "paused" not in page(alice, "monitor", watched.public_id)
    alice.post(post["delete"])
    assert "no longer watched" in page(alice, "list")
    page(alice, "monitor", watched.public_id, status=404)
    alice.post(post["restore"])
    page(alice, "monitor", watched.public_id)


def test_the_promise_is_said_and_kept(alice, watched):
    assert "An alarm for nothing comes about once a year." in page(alice, "list")
    alice.post(reverse("alarms:promise"), {"weeks": 260})
    assert "once in five years" in page(alice, "list")
    alice.post(reverse("alarms:promise"), {"weeks": 3})
    assert "comes about once in five years" in page(alice, "list")


def test_who_sees_one_team_sees_its_alarms_only(client_of, organisation, rung):
    team = Team.objects.create(organisation=organisation, name="North")
    bob = client_of(organisation, "frontline", teams=[team])
    page(bob, "alarm", rung.public_id, status=404)
    assert "Visits" not in page(bob, "list")
    Monitor.objects.update(filters=f"team={team.public_id}")
    page(bob, "alarm", rung.public_id)
    assert judge(bob, rung, verdict="real").status_code == 403


def test_strangers_see_nothing(charlie, rung):
    page(charlie, "alarm", rung.public_id, status=404)
    page(charlie, "monitor", rung.monitor.public_id, status=404)
    assert "Visits" not in page(charlie, "list")


def test_a_viewer_reads_and_changes_nothing(client_of, organisation, rung):
    viewer = client_of(organisation, "viewer")
    assert "NPS fell" in page(viewer, "alarm", rung.public_id)
    assert "Write this down" not in page(viewer, "alarm", rung.public_id)
    assert viewer.get(reverse("alarms:new")).status_code == 403


def test_an_empty_page_shows_the_way(alice, client_of, organisation, view):
    assert "Watch a view" in page(alice, "list")
    SavedView.objects.all().delete()
    assert "To Explore" in page(alice, "list")
    assert "To Explore" in page(alice, "new")
    assert "Nothing is watched yet" in page(client_of(organisation, "viewer"), "list")


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_costs_the_same_for_one_and_for_thirty(
    alice, view, many, django_assert_num_queries
):
    now = MONDAY
    for place in range(many):
        monitor = operations.make_weekly(view, about="x", weeks=13, recipients=[], by=None, now=now)
        Alarm.objects.create(
            organisation=view.organisation, monitor=monitor, run_from=now, begins_on=now, on=now,
            value=1, low=2, high=4, aim=3, is_up=False, metric="nps", unit="points", n=9,
            changes="about=x", raised_at=now + timedelta(hours=place),
        )  # fmt: skip
    page(alice, "list")
    with django_assert_num_queries(10):
        page(alice, "list")


@pytest.fixture
def rough(organisation):
    """A theme that the machine sees in sixty answers and people in none of them."""
    books.start(organisation, languages=["en"], now=MONDAY)
    version = Codebook.objects.get(organisation=organisation).published
    for answer in Answer.objects.filter(response__organisation=organisation)[:60]:
        CodedVerbatim.objects.create(
            organisation=organisation, answer=answer, response=answer.response,
            survey=answer.response.survey, version=version, machine="invoice", language="en",
            said_at=MONDAY,
        )  # fmt: skip
        Review.objects.create(
            organisation=organisation, answer=answer, machine="invoice", reviewed_at=MONDAY
        )
    assert rough_keys(organisation) == {"invoice"}


def test_a_rough_theme_rings_no_bell(alice, view, watched, rough, organisation):
    Monitor.objects.update(filters="theme=invoice")
    assert "people and machine disagree" in page(alice, "monitor", watched.public_id)
    assert operations.look(organisation, now=MONDAY + 3 * WEEK) == []

    SavedView.objects.update(address=f"{view.address}&theme=invoice")
    given = {"view": view.public_id, "kind": "weekly", "weeks": 26, "recipients": []}
    response = alice.post(reverse("alarms:new"), given)
    assert response.status_code == 422
    assert Monitor.objects.count() == 1
