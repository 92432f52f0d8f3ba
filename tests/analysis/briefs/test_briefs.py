"""The monthly brief: written once, sent once, frozen as it was."""

import html
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gloed.analysis.briefs import operations, writing
from gloed.analysis.briefs.content import Content, Line, Part, Standing, from_json
from gloed.analysis.briefs.mailing import leave_url
from gloed.analysis.briefs.models import Brief, Subscription
from gloed.analysis.briefs.pdf import as_pdf
from gloed.analysis.briefs.rules import Audience, due_at, month_before, month_due, next_due
from gloed.analysis.briefs.tasks import NotCounted, NotSent
from gloed.analysis.briefs.tasks import send as send_task
from gloed.base import jobs
from gloed.base.models import Job, Membership, Team
from gloed.loop.improvements.operations import create_improvement

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FEBRUARY = date(2026, 2, 1)


def test_a_brief_is_due_on_the_readers_clock():
    assert due_at(FEBRUARY, day=2, hour=8, zone=ZONE) == datetime(2026, 3, 2, 7, tzinfo=UTC)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    asked = {"since": long_ago, "day": 2, "hour": 8, "zone": ZONE}
    assert month_due(datetime(2026, 3, 2, 7, tzinfo=UTC), **asked) == FEBRUARY
    assert month_due(datetime(2026, 3, 2, 6, 59, tzinfo=UTC), **asked) == date(2026, 1, 1)
    # who subscribes after the day gets no brief about the past
    late = {**asked, "since": datetime(2026, 3, 2, 8, tzinfo=UTC)}
    assert month_due(NOW, **late) is None
    tokyo = {**asked, "zone": "Asia/Tokyo"}
    assert month_due(datetime(2026, 3, 1, 23, tzinfo=UTC), **tokyo) == FEBRUARY


@given(
    st.integers(0, 4 * 365 * 24 * 60),
    st.integers(1, 28),
    st.integers(0, 23),
    st.sampled_from([ZONE, "Asia/Tokyo", "America/New_York"]),
)
def test_exactly_one_month_is_due_between_two_days(minutes, day, hour, zone):
    now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    month = month_due(now, since=datetime(2000, 1, 1, tzinfo=UTC), day=day, hour=hour, zone=zone)
    following = next_due(now, day=day, hour=hour, zone=zone)
    assert due_at(month, day=day, hour=hour, zone=zone) <= now < following
    assert following - now <= timedelta(days=32)
    before = month_due(
        following, since=datetime(2000, 1, 1, tzinfo=UTC), day=day, hour=hour, zone=zone
    )
    assert month_before(before) == month


CONTENT = Content(
    title="Brief of Feb 2026",
    organisation="Noorderlicht",
    about="Director",
    head="Where we stand",
    standing=(Standing("NPS", 12, 5, 19, 240, "points", -100, 100, "12 (5 to 19)", "quiet"),),
    parts=(Part("What is due", ("Nothing is due.",), (Line("Bill", "due", "https://x"),)),),
    foot="As it was.",
)


def test_what_is_kept_is_what_was_written():
    assert from_json(CONTENT.as_json()) == CONTENT
    assert from_json({}).title == ""


def test_the_page_on_paper_is_one_page():
    drawn = as_pdf(CONTENT)
    assert drawn.startswith(b"%PDF")
    assert drawn.count(b"/Type /Page\n") == 1
    full = Content("T", "O", "A", "H", standing=CONTENT.standing * 6, parts=CONTENT.parts * 3)
    assert as_pdf(full).count(b"/Type /Page\n") == 1
    many = Part("Long", tuple("Many words follow each other here. " * 20 for _ in range(30)))
    longer = as_pdf(Content("T", "O", "", "H", parts=(many,)))
    assert BytesIO(longer).getvalue().count(b"/Type /Page\n") > 1


@pytest.fixture
def survey(organisation, make_survey, spread, answer, rebuild):
    """Good in January, bad in February."""
    found = make_survey(organisation)
    for rating, n, month in ((9, 60, 1), (7, 20, 1), (9, 10, 2), (3, 70, 2)):
        for place in range(n):
            answer(found, rating, at=datetime(2026, month, 1 + place % 27, 12, tzinfo=UTC))
    rebuild(organisation)
    return found


@pytest.fixture
def member(organisation, make_staff):
    """A colleague who reads Dutch or English: `member("viewer")`."""

    def make(role="viewer", **kwargs):
        staff = make_staff(organisation, role, **kwargs)
        return Membership.objects.select_related("organisation", "staff").get(staff=staff)

    return make


@pytest.fixture
def subscribed(member):
    """Somebody who subscribed in January."""

    def make(role="viewer", **changed):
        membership = member(role)
        values = {"audience": "director", "about": "", "team": None, "day": 2, "hour": 8,
                  "time_zone": ZONE, "language": "en"} | changed  # fmt: skip
        begun = datetime(2026, 1, 20, tzinfo=UTC)
        return operations.subscribe(membership, values, by=membership.staff, now=begun)

    return make


def written(membership, **changed):
    return writing.write(
        writing.Order(membership, **({"audience": Audience.DIRECTOR} | changed)), FEBRUARY, now=NOW
    )


def test_it_says_where_we_stand_and_what_moved(member, survey, organisation):
    create_improvement(organisation, {"title": "Bills in plain words"}, by=None,
                       now=datetime(2026, 2, 10, tzinfo=UTC))  # fmt: skip
    content = written(member())
    (stand,) = content.standing
    assert stand.text.startswith("−75 (")
    assert "80 answers" in stand.text
    assert "more than chance" in stand.change
    moved, decided, due = content.parts
    assert moved.sentences[0] == "It fell, about alike everywhere."
    assert [(line.title, line.note) for line in decided.lines] == [
        ("Bills in plain words", "noted, nobody’s yet")
    ]
    assert due.sentences == ("Nothing is due this month.",)


def test_it_is_written_in_the_readers_language(member, survey):
    content = written(member(), language="nl")
    assert content.head == "Waar we staan"
    assert "tot" in content.standing[0].text


def test_nothing_certain_is_said_so(member, organisation, make_survey, answer, rebuild):
    found = make_survey(organisation)
    for month in (1, 2):
        for place in range(20):
            at = datetime(2026, month, 1 + place, 12, tzinfo=UTC)
            answer(found, 9 if place % 2 else 5, at=at)
    rebuild(organisation)
    content = written(member())
    assert "no certain change" in content.standing[0].change
    assert content.parts[0].sentences[0].startswith("Nothing moved for certain.")


def test_who_asks_each_quarter_gets_a_season(member, organisation, make_survey, answer, rebuild):
    found = make_survey(organisation)
    for month, rating in ((9, 9), (12, 5)):
        for place in range(30):
            answer(found, rating, at=datetime(2025, month, 1 + place % 27, 12, tzinfo=UTC))
    rebuild(organisation)
    (stand,) = written(member()).standing
    assert stand.label == "Relationship, NPS, 1 Dec 2025 to 28 Feb 2026"
    assert "against the three months before, more than chance" in stand.change


def test_a_manager_reads_every_survey(member, organisation, survey, make_survey, answer, rebuild):
    other = make_survey(organisation, "csat", title="After the call")
    for month in (1, 2):
        for place in range(20):
            answer(other, 4, at=datetime(2026, month, 1 + place, 12, tzinfo=UTC))
    rebuild(organisation)
    content = written(member(), audience=Audience.MANAGER)
    assert [one.label for one in content.standing] == ["Relationship, NPS", "After the call, CSAT"]
    assert content.standing[1].change.startswith("0 (−16 to +16) percentage points against ")
    (sentence,) = content.parts[0].sentences
    assert sentence.startswith("Relationship: It fell, about alike everywhere.")


def test_without_answers_it_still_says_so(member, organisation):
    assert written(member()).none == "Nobody answered yet, so there is no score."


def test_a_team_leads_brief_is_about_the_team(member, organisation, survey, answer, rebuild):
    north = Team.objects.create(organisation=organisation, name="North")
    for month in (1, 2):
        for place in range(10):
            answer(survey, 10, at=datetime(2026, month, 1 + place, tzinfo=UTC), team=north)
    rebuild(organisation)
    content = written(member("frontline", teams=[north]), audience=Audience.TEAM_LEAD, team=north)
    assert content.standing[0].n == 10
    other = Team.objects.create(organisation=organisation, name="South")
    content = written(member("frontline", email="south@example.org", teams=[other]),
                      audience=Audience.TEAM_LEAD, team=north)  # fmt: skip
    assert content.standing == ()


def run_job(subscription):
    payload = {"subscription": str(subscription.public_id), "month": FEBRUARY.isoformat()}
    job = Job(kind="briefs.send", payload=payload, organisation=subscription.organisation)
    send_task(jobs.JobRun(job, now=lambda: NOW))


def test_doubled_jobs_send_once(subscribed, survey):
    one = subscribed()
    run_job(one)
    run_job(one)
    brief = Brief.objects.get()
    assert (brief.state, brief.month, brief.sent_at) == ("sent", FEBRUARY, NOW)
    (sent,) = mail.outbox
    assert sent.to == [one.membership.staff.email]
    assert sent.attachments[0][1].startswith(b"%PDF")
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "−75" in sent.body


def test_nothing_is_frozen_before_the_answers_are_counted(subscribed, organisation, make_survey,
                                                           answer):  # fmt: skip
    answer(make_survey(organisation), 9, at=datetime(2026, 2, 3, tzinfo=UTC))
    with pytest.raises(NotCounted):
        run_job(subscribed())
    assert not Brief.objects.exists()


def test_who_claims_second_sends_nothing(subscribed, survey):
    brief = operations.make(subscribed(), FEBRUARY, now=NOW)
    Brief.objects.update(state="sending", claimed_at=NOW)
    assert not operations.send(brief, now=NOW)
    assert mail.outbox == []
    # its worker is gone: it may have left, so it is not sent again by itself
    operations.enqueue_due(now=NOW + timedelta(hours=2))
    brief.refresh_from_db()
    assert brief.state == "uncertain"
    assert operations.send_again(brief, now=NOW)
    assert len(mail.outbox) == 1


def test_a_server_that_is_away_is_tried_again(subscribed, survey, monkeypatch):
    one = subscribed()
    monkeypatch.setattr("gloed.analysis.briefs.mailing.deliver", lambda message: False)
    with pytest.raises(NotSent):
        run_job(one)
    assert Brief.objects.get().state == "waiting"
    for _time in range(operations.MOST_ATTEMPTS - 1):
        operations.send(Brief.objects.get(), now=NOW)
    assert Brief.objects.get().state == "failed"


def test_only_what_is_due_is_put_down(subscribed, member):
    one = subscribed()
    operations.subscribe(
        member("manager"),
        {"audience": "manager", "about": "", "team": None, "day": 2, "hour": 23,
         "time_zone": ZONE, "language": "en"}, by=one.membership.staff, now=NOW,
    )  # fmt: skip
    assert operations.enqueue_due(now=NOW) == 1
    assert operations.enqueue_due(now=NOW) == 1  # the same job waits still
    assert Job.objects.filter(kind="briefs.send").count() == 1
    operations.make(one, FEBRUARY, now=NOW)
    Brief.objects.update(state="sent")
    assert operations.enqueue_due(now=NOW) == 0


def test_who_left_gets_none(subscribed, survey):
    one = subscribed()
    Membership.objects.filter(pk=one.membership_id).update(deactivated_at=NOW)
    assert operations.enqueue_due(now=NOW) == 0
    run_job(one)
    assert not Brief.objects.exists()


def test_it_stays_as_it_was_sent(alice, subscribed, survey, answer, rebuild, organisation):
    brief = operations.make(subscribed(), FEBRUARY, now=NOW)
    brief.refresh_from_db()
    before = brief.content
    for _n in range(50):
        answer(survey, 10, at=datetime(2026, 2, 3, tzinfo=UTC))
    rebuild(organisation)
    again = operations.make(brief.subscription, FEBRUARY, now=NOW)
    assert again.content == before
    text = look(alice, reverse("briefs:brief", args=[brief.public_id]))
    assert "−75 (" in text
    paper = alice.get(reverse("briefs:pdf", args=[brief.public_id]))
    assert paper.content.startswith(b"%PDF")


def test_one_click_ends_it_and_opening_does_not(client, subscribed):
    one = subscribed()
    address = leave_url(one)
    assert "Send no more briefs?" in look(client, address)
    one.refresh_from_db()
    assert one.ended_at is None
    client.post(address, {"List-Unsubscribe": "One-Click"})
    one.refresh_from_db()
    assert one.ended_at is not None
    assert "No more briefs are sent" in look(client, address)
    client.post(address, {"back": "yes"})
    one.refresh_from_db()
    assert one.ended_at is None
    assert client.get(address[:-2] + "x/").status_code == 404


def look(client, address, status=200):
    response = client.get(address, headers={"accept-language": "en"})
    assert response.status_code == status
    return html.unescape(response.content.decode())


VALUES = {"audience": "director", "about": "", "day": "3", "hour": "9", "time_zone": ZONE,
          "language": "en"}  # fmt: skip


def test_subscribing_changing_ending_and_the_way_back(alice, organisation, survey):
    assert "Nobody gets the brief yet" in look(alice, reverse("briefs:list"))
    own = Membership.objects.get()
    alice.post(reverse("briefs:new"), VALUES | {"who": str(own.public_id)})
    one = Subscription.objects.get()
    assert (one.day, one.hour, one.membership) == (3, 9, own)
    assert "Director" in look(alice, reverse("briefs:list"))
    edit = reverse("briefs:edit", args=[one.public_id])
    assert "9" in look(alice, edit)
    alice.post(edit, VALUES | {"hour": "7"})
    one.refresh_from_db()
    assert one.hour == 7
    alice.post(reverse("briefs:end", args=[one.public_id]))
    one.refresh_from_db()
    assert one.ended_at is not None
    alice.post(reverse("briefs:resume", args=[one.public_id]))
    one.refresh_from_db()
    assert one.ended_at is None


def test_a_team_lead_chooses_a_team(alice, organisation):
    response = alice.post(reverse("briefs:new"), VALUES | {"audience": "team_lead"},
                          headers={"accept-language": "en"})  # fmt: skip
    assert response.status_code == 422
    assert "Choose the team this brief is about." in response.content.decode()


def test_the_preview_shows_it_and_a_test_goes_to_oneself(alice, survey, organisation):
    text = look(alice, reverse("briefs:preview") + "?audience=manager")
    assert "Where we stand" in text
    assert "Send a test to owner-" in text
    alice.post(reverse("briefs:test") + "?audience=manager")
    assert len(mail.outbox) == 1
    assert not Brief.objects.exists()
    look(alice, reverse("briefs:preview") + "?audience=team_lead&team=nobody&about=x")


def test_briefs_of_others_are_seen_by_who_manages_colleagues(client_of, organisation, subscribed):
    brief = operations.make(subscribed("manager"), FEBRUARY, now=NOW)
    address = reverse("briefs:brief", args=[brief.public_id])
    look(client_of(organisation, "owner"), address)
    look(client_of(organisation, "analyst"), address, status=404)
    look(client_of(organisation, "analyst", email="b@example.org"),
         reverse("briefs:edit", args=[brief.subscription.public_id]), status=404)  # fmt: skip


def test_strangers_see_nothing(charlie, subscribed):
    brief = operations.make(subscribed(), FEBRUARY, now=NOW)
    look(charlie, reverse("briefs:brief", args=[brief.public_id]), status=404)
    assert "Nobody gets the brief yet" in look(charlie, reverse("briefs:list"))
