"""Exactly who raised it is told, once, over a real mail server, and asked again later."""

from datetime import timedelta

import pytest

from gloed.base.models import AuditEntry, JournalEntry
from gloed.channels.told_back import operations, queries
from gloed.channels.told_back.models import Telling, Told
from gloed.channels.told_back.queries import Tally
from gloed.coding.models import Theme
from gloed.coding.operations.codebook import start as start_codebook
from gloed.coding.operations.coding import code_stale
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.notices import operations as notices
from gloed.fieldwork.notices.models import Notice
from gloed.loop.cases.operations import close_case, open_case
from gloed.loop.cases.rules import Outcome
from gloed.people.models import Suppression
from gloed.people.operations import suppress
from tests.channels.email.post_office import NOW

pytestmark = pytest.mark.django_db


def became():
    rows = Notice.objects.order_by("person__email").values_list("person__email", "became", "skip")
    return [tuple(row) for row in rows]


def test_everybody_who_raised_it_and_nobody_else(office, organisation, say, finished, tell, work):
    start_codebook(organisation, now=NOW)
    linked = say("linked@example.org", "Nobody called me back")
    with_case = say("case@example.org", "The planner forgot me", language="en")
    say("theme@example.org", "Far too expensive")
    say("praise@example.org", "Not expensive at all, great price", rating=10)
    say("other@example.org", "The website was slow")
    code_stale(organisation)
    case = open_case(with_case, now=NOW - timedelta(days=30))
    theme = Theme.objects.get(organisation=organisation, key="price_value")
    improvement = finished([linked, with_case], cases=[case], themes=[theme])
    tell(improvement)
    work()
    assert "case@example.org" not in office.addresses  # somebody is still at work on it
    close_case(case, Outcome.SOLVED, staff=None, now=NOW)
    work(days=31)
    assert sorted(office.addresses) == [
        "case@example.org",
        "linked@example.org",
        "theme@example.org",
    ]
    english = office.mail_to("case@example.org")
    assert english["Subject"] == "You told us, and this is what we did"
    body = english.get_body(("plain",)).get_content()
    assert "Dear Anna," in body
    assert "We call back within an hour." in body
    assert "we were in touch" in body
    assert "one_click" not in body
    assert english["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    groups = dict(Told.objects.values_list("person__email", "group"))
    assert groups["case@example.org"] == "case"
    assert groups["linked@example.org"] == "words"
    assert groups["theme@example.org"] == "theme"
    assert Telling.objects.get().state == "done"
    case.refresh_from_db()
    assert case.contacted_at == NOW + timedelta(days=31)


def test_told_twice_is_told_once(office, say, finished, tell, work):
    improvement = finished([say("anna@example.org", "Nobody called")])
    tell(improvement)
    tell(improvement)
    work()
    operations.write_lines(Telling.objects.get(), now=NOW)
    work(hours=1)
    assert office.addresses == ["anna@example.org"]
    assert JournalEntry.objects.filter(kind="improvement.told").count() == 1


def test_an_improvement_that_is_not_done_is_not_told(say, organisation):
    from gloed.loop.improvements.operations import create_improvement

    made = create_improvement(
        organisation, {"title": "Later"}, by=None, now=NOW, responses=[say("a@example.org", "x")]
    )
    with pytest.raises(operations.NotFinished):
        operations.begin(operations.telling_of(made, now=NOW), by=None, now=NOW)


def test_who_wants_no_mail_gets_none_and_the_ledger_says_why(
    office, organisation, say, finished, tell, work
):
    answers = {
        name: say(f"{name}@example.org", "Nobody called")
        for name in ("bounced", "gone", "left", "paused", "well")
    }
    answers["nowhere"] = say("", "Nobody called")
    suppress(organisation, "bounced@example.org", reason="bounce", source="email", now=NOW)
    fieldwork.opt_out_person(answers["left"].person, how="page", now=NOW)
    fieldwork.pause(answers["paused"].person, until=NOW + timedelta(days=3), now=NOW)
    improvement = finished(answers.values())
    tell(improvement)
    fieldwork.opt_out_person(answers["gone"].person, how="page", now=NOW)  # after it began
    work()
    assert office.addresses == ["well@example.org"]
    assert became() == [
        ("", "skipped", "no_address"),
        ("bounced@example.org", "skipped", "bounced"),
        ("gone@example.org", "skipped", "opted_out"),
        ("left@example.org", "skipped", "opted_out"),
        ("paused@example.org", "waiting", ""),
        ("well@example.org", "sent", ""),
    ]
    tally = queries.tally_of(Telling.objects.get())
    assert (tally.total, tally.sent, tally.not_sent, tally.waiting) == (6, 1, 4, 1)
    work(days=3)
    assert office.addresses == ["well@example.org", "paused@example.org"]


def test_who_was_left_out_by_hand_is_not_told(office, say, finished, tell, work):
    anna, bert = say("anna@example.org", "x y"), say("bert@example.org", "x y")
    improvement = finished([anna, bert])
    telling = operations.telling_of(improvement, now=NOW)
    operations.leave_out(telling, bert.person, is_out=True)
    tell(improvement)
    operations.leave_out(telling, anna.person, is_out=True)  # too late
    work()
    assert office.addresses == ["anna@example.org"]


def test_a_changed_word_is_what_is_sent(office, say, finished, tell, work):
    improvement = finished([say("anna@example.org", "x y", name="")])
    telling = operations.telling_of(improvement, now=NOW)
    operations.keep_words(telling, {("nl", "words"): ("Kijk", "Dag {first_name|klant},\n\nKlaar.")})
    tell(improvement)
    work()
    mail = office.mail_to("anna@example.org")
    assert mail["Subject"] == "Kijk"
    assert "Dag klant," in mail.get_body(("plain",)).get_content()
    assert "Dag klant," in mail.get_body(("html",)).get_content()


def test_two_messages_within_a_week_are_too_many(office, say, finished, tell, work):
    answer = say("anna@example.org", "x y")
    tell(finished([answer]))
    work()
    tell(finished([answer], title="Another"))
    work(hours=1)
    assert len(office.mails) == 1
    work(days=8)
    assert len(office.mails) == 2


def test_a_refused_address_bounces_and_a_busy_server_is_tried_again(
    office, organisation, say, finished, tell, work
):
    office.at_rcpt = {"gone@example.org": "550 5.1.1 unknown", "busy@example.org": "450 later"}
    tell(finished([say("gone@example.org", "x y"), say("busy@example.org", "x y")]))
    work()
    assert became() == [("busy@example.org", "waiting", ""), ("gone@example.org", "bounced", "")]
    assert Suppression.objects.filter(key="gone@example.org", reason="bounce").exists()
    office.at_rcpt = {}
    work(minutes=2)
    assert office.addresses == ["busy@example.org"]


def test_a_worker_that_died_while_handing_over_sends_nothing_twice(
    office, say, finished, tell, work
):
    tell(finished([say("anna@example.org", "x y")]))
    from gloed.base.models import Job
    from gloed.channels.told_back import tasks

    tasks.write(_run(Job.objects.get(kind="told_back.write")))
    [due] = notices.claim_notices("told_back", limit=5, now=NOW)
    assert notices.note_handing(due.id, now=NOW)  # and then it dies
    work(minutes=20)
    assert office.mails == []
    assert became() == [("anna@example.org", "uncertain", "")]


def _run(job):
    from gloed.base import jobs

    return jobs.JobRun(job=job, now=lambda: NOW)


def test_they_are_asked_again_when_the_policy_allows(office, say, survey, finished, tell, work):
    answer, other = say("anna@example.org", "x y"), say("bert@example.org", "x y")
    improvement = finished([answer, other])
    tell(improvement, survey=survey, ask_after_days=14)
    work()
    told = Told.objects.get(person=answer.person)
    assert told.again_at == NOW + timedelta(days=14)
    fieldwork.ask_one(survey, other.person, channel="email", now=NOW + timedelta(days=10))
    work(days=13)
    assert not Told.objects.filter(invitation__isnull=False).exists()
    work(days=14)
    asked = Invitation.objects.get(person=answer.person)
    assert (asked.survey, asked.is_open, asked.disposition) == (survey, True, "created")
    later = Told.objects.get(person=other.person)
    assert later.invitation is None  # another ask is open: a week later it is looked at again
    assert later.again_at == NOW + timedelta(days=21)
    work(days=15)
    assert Invitation.objects.filter(person=answer.person).count() == 1
    tally = queries.tally_of(Telling.objects.get())
    assert (tally.asked_again, tally.to_ask) == (1, 1)


def test_nobody_is_asked_again_without_a_survey(office, say, finished, tell, work):
    tell(finished([say("anna@example.org", "x y")]), survey=None)
    work()
    work(days=60)
    assert not Invitation.objects.exists()


def test_the_way_out_of_a_message(client, office, say, finished, tell, work):
    answer = say("anna@example.org", "x y")
    tell(finished([answer]))
    work()
    token = Notice.objects.get().token
    there = f"/no-more-mail/{token}/"
    assert f"{there}" in office.mail_to("anna@example.org")["List-Unsubscribe"]
    page = client.get(there, headers={"accept-language": "nl"})
    assert "<button>" in page.content.decode()
    assert not Suppression.objects.exists()
    assert client.post(there, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Suppression.objects.get().source == "one_click"
    assert client.cookies == {}
    assert client.get("/no-more-mail/made-up/").status_code == 404


def test_it_can_be_paused_gone_on_with_and_stopped(alice, office, say, finished, tell, work):
    improvement = finished([say(f"p{n}@example.org", "Nobody called") for n in range(3)])
    telling = tell(improvement)
    steer = f"/told-back/{improvement.public_id}/steer/"
    alice.post(steer, {"to": "pause"})  # before the lines are written: they are held too
    work()
    assert office.mails == []
    shown = alice.get(f"/told-back/{improvement.public_id}/", headers={"accept-language": "en"})
    assert "Paused: what waits goes when you let it." in shown.text
    alice.post(steer, {"to": "go"})
    [first] = notices.claim_notices("told_back", limit=1, now=NOW)
    alice.post(steer, {"to": "pause"})  # while one is in a worker's hand
    assert not notices.note_handing(first.id, now=NOW)
    alice.post(steer, {"to": "go"})
    Notice.objects.filter(pk=first.id).update(leased_until=None, due_at=NOW - timedelta(days=1))
    [again] = notices.claim_notices("told_back", limit=1, now=NOW)
    assert notices.note_handing(again.id, now=NOW)  # this one may be gone
    alice.post(steer, {"to": "stop"})
    work(hours=1)
    assert office.mails == []
    became = sorted(Notice.objects.values_list("became", "skip"))
    assert became == [("skipped", "stopped"), ("skipped", "stopped"), ("uncertain", "")]
    telling.refresh_from_db()
    assert telling.state == "done"
    deeds = AuditEntry.objects.filter(action__startswith="told_back.").order_by("pk")
    assert [deed.action.removeprefix("told_back.") for deed in deeds] == [
        *("sent", "paused", "resumed", "paused", "resumed", "stopped"),
    ]


def test_the_rate_says_how_long_it_still_takes():
    tally = Tally(100, 40, 60, 0, 0, 0, {}, a_minute=8)
    assert tally.minutes_left == 8
    assert Tally(100, 40, 60, 0, 0, 0, {}).minutes_left is None
