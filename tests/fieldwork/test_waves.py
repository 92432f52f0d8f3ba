"""Waves: planned before they are sent, written once, and stopped when somebody says so."""

from collections import Counter
from datetime import timedelta

import pytest

from gloed.fieldwork import operations
from gloed.fieldwork.models import ContactPolicy, Invitation, Wave
from gloed.fieldwork.operations import waves
from gloed.fieldwork.rules import Skip
from gloed.people import operations as people
from tests.fieldwork.conftest import MAIL, NOW

DAY = timedelta(days=1)


def ledger(wave):
    rows = Invitation.objects.filter(wave=wave).values_list("disposition", "skip")
    return dict(Counter(skip or disposition for disposition, skip in rows))


def run(wave, now=NOW):
    started = operations.start_wave(wave, now=now)
    operations.write_wave(started.pk, now=now)
    return Wave.objects.get(pk=wave.pk)


def test_a_dry_run_tells_who_who_not_and_why_and_writes_nothing(
    make_wave, make_people, organisation, survey
):
    everybody = make_people(20)
    make_people(3, start=20, email="", email_key="")
    people.suppress(organisation, "c4@example.org", reason="opt_out", source="x", now=NOW)
    operations.ask_one(survey, everybody[5], channel=MAIL.name, now=NOW)
    plan = operations.plan_wave(make_wave(sample_size=10), now=NOW)
    assert (plan.segment, plan.invited) == (23, 10)
    assert plan.totals == {
        Skip.NOT_SAMPLED: 8, Skip.NO_ADDRESS: 3, Skip.OPTED_OUT: 1, Skip.OPEN_INVITATION: 1,
    }  # fmt: skip
    assert plan.invited + sum(plan.totals.values()) == plan.segment
    assert Invitation.objects.filter(wave__isnull=False).count() == 0


def test_the_ledger_is_what_the_dry_run_said(make_wave, make_people):
    make_people(60)
    wave = make_wave(segment={"regio": ["Noord"]}, sample_size=12)
    plan = operations.plan_wave(wave, now=NOW)
    done = run(wave)
    asked = Invitation.objects.filter(wave=wave, is_open=True)
    assert set(asked.values_list("person_id", flat=True)) == set(plan.chosen)
    assert ledger(wave) == {"created": 12, "not_sampled": 18}
    assert (done.state, done.invited, done.skipped, done.is_written) == ("running", 12, 18, True)


def test_a_segment_may_ask_several_attributes_and_any_name(make_wave, make_people):
    make_people(4, attributes={"e__mail": "ja", "jaar": 2024})
    make_people(3, start=4, attributes={"e__mail": "ja", "jaar": 2025})
    make_people(2, start=7, attributes={"e__mail": "nee"})
    wave = make_wave(segment={"e__mail": ["ja"], "jaar": ["2024"]})
    assert operations.plan_wave(wave, now=NOW).segment == 4


def test_other_organisations_are_never_asked(make_wave, make_people, other_organisation):
    make_people(2)
    stranger = make_people(1, start=9)[0]
    stranger.organisation = other_organisation
    stranger.save()
    assert operations.plan_wave(make_wave(), now=NOW).segment == 2


def test_quota_for_each_value_and_for_each_wave(make_wave, make_people, organisation):
    make_people(20)
    wave = make_wave(quota_attribute="regio", quota_size=3)
    assert operations.plan_wave(wave, now=NOW).totals == {Skip.QUOTA_FULL: 14}
    ContactPolicy.objects.create(organisation=organisation, wave_quota=4)
    assert operations.plan_wave(wave, now=NOW).invited == 4


def test_writing_goes_on_where_it_was_cut_off(make_wave, make_people, monkeypatch):
    monkeypatch.setattr(waves, "CHUNK", 7)
    make_people(40)
    wave = make_wave(sample_size=15, pace="trickle", days=3)
    plan = operations.plan_wave(wave, now=NOW)
    started = operations.start_wave(wave, now=NOW)

    class Killed(Exception):
        pass

    def die(done, _total):
        if done >= 14:
            raise Killed

    with pytest.raises(Killed):
        operations.write_wave(started.pk, now=NOW, progress=die)
    assert 0 < Invitation.objects.count() < 40
    operations.write_wave(started.pk, now=NOW)
    operations.write_wave(started.pk, now=NOW)
    assert Invitation.objects.count() == 40
    asked = Invitation.objects.filter(is_open=True).values_list("person_id", "due_at")
    assert dict(asked) == plan.due
    wave = Wave.objects.get()
    assert (wave.invited, wave.skipped) == (15, 25)


def test_a_trickle_is_spread_over_working_days(make_wave, make_people):
    make_people(30)
    wave = run(make_wave(pace="trickle", days=3))
    by_day = Counter(line.due_at.date() for line in Invitation.objects.filter(wave=wave))
    assert len(by_day) == 3
    assert len(operations.claim_due(MAIL.name, limit=99, now=NOW + timedelta(hours=3))) < 10


def test_two_waves_at_once_ask_nobody_twice(make_wave, make_people):
    make_people(10)
    first, second = run(make_wave()), run(make_wave(name="Zelfde dag"))
    assert (first.invited, second.invited) == (10, 0)
    assert ledger(second) == {"open_invitation": 10}


def test_what_changed_since_the_plan_is_seen_while_writing(make_wave, make_people, monkeypatch):
    everybody = make_people(5)
    plan_wave = waves.plan_wave

    def and_then_somebody_is_asked(wave, *, now):
        plan = plan_wave(wave, now=now)
        operations.ask_one(wave.survey, everybody[0], channel=MAIL.name, now=now)
        return plan

    monkeypatch.setattr(waves, "plan_wave", and_then_somebody_is_asked)
    assert ledger(run(make_wave())) == {"created": 4, "open_invitation": 1}


def test_links_count_as_sent_when_they_are_made(make_wave, make_people):
    make_people(3, email="", email_key="")
    wave = run(make_wave(channel="link"))
    assert ledger(wave) == {"sent": 3}
    assert operations.finish_waves(now=NOW) == 1
    assert Wave.objects.get().state == "done"


def test_a_paused_wave_sends_nothing_and_goes_on(make_wave, make_people):
    make_people(4)
    wave = run(make_wave())
    assert operations.pause_wave(wave, now=NOW)
    assert not operations.pause_wave(wave, now=NOW)
    assert operations.claim_due(MAIL.name, limit=9, now=NOW) == []
    assert operations.finish_waves(now=NOW) == 0
    assert operations.resume_wave(wave, now=NOW)
    assert not operations.resume_wave(wave, now=NOW)
    assert len(operations.claim_due(MAIL.name, limit=9, now=NOW)) == 4


def test_what_is_overdue_after_a_pause_is_spread_again(make_wave, make_people):
    make_people(16)
    wave = run(make_wave(pace="trickle", days=4))
    operations.pause_wave(wave, now=NOW)
    later = NOW + 7 * DAY
    operations.resume_wave(wave, now=later)
    assert operations.claim_due(MAIL.name, limit=99, now=later) == []
    assert Invitation.objects.filter(due_at__lt=later).count() == 0


def test_a_wave_paused_before_it_was_written_is_written_later(make_wave, make_people):
    make_people(3)
    wave = operations.start_wave(make_wave(), now=NOW)
    operations.pause_wave(wave, now=NOW)
    operations.write_wave(wave.pk, now=NOW)
    assert Invitation.objects.count() == 0
    operations.resume_wave(wave, now=NOW)
    operations.write_wave(wave.pk, now=NOW)
    assert Invitation.objects.count() == 3


def test_a_stopped_wave_withdraws_what_was_not_sent(make_wave, make_people):
    make_people(3)
    wave = run(make_wave())
    due = operations.claim_due(MAIL.name, limit=2, now=NOW)
    operations.note_sent(due[0].id, message_id="a", now=NOW)
    assert operations.stop_wave(wave, now=NOW)
    assert not operations.stop_wave(wave, now=NOW)
    assert not operations.note_handing(due[1].id, message_id="b", now=NOW)
    assert ledger(wave) == {"sent": 1, "stopped": 2}


def test_a_wave_stopped_while_it_is_written_accounts_for_everybody(make_wave, make_people):
    make_people(6)
    wave = operations.start_wave(make_wave(), now=NOW)
    operations.stop_wave(wave, now=NOW)
    operations.write_wave(wave.pk, now=NOW)
    assert ledger(wave) == {"stopped": 6}
    assert Wave.objects.get().state == "stopped"


def test_nobody_in_the_segment_is_a_wave_that_is_done(make_wave):
    wave = run(make_wave())
    assert (wave.is_written, wave.invited) == (True, 0)
    assert operations.finish_waves(now=NOW) == 1


def test_only_a_draft_of_an_open_survey_starts(make_wave, survey):
    wave = operations.start_wave(make_wave(), now=NOW)
    with pytest.raises(operations.CannotStart, match="not_a_draft"):
        operations.start_wave(wave, now=NOW)
    survey.state = "closed"
    survey.save()
    with pytest.raises(operations.CannotStart, match="survey_not_open"):
        operations.start_wave(make_wave(), now=NOW)


def test_reminders_go_to_those_who_are_silent_and_want_them(make_wave, make_people):
    make_people(6)
    wave = run(make_wave(reminders=2, reminder_days=5))
    sent = operations.claim_due(MAIL.name, limit=9, now=NOW)
    for due in sent:
        operations.note_sent(due.id, message_id=str(due.id), now=NOW)
    operations.note_answer(sent[0].id, is_complete=False, now=NOW)
    operations.opt_out(sent[1].token, scope="all", how="page", now=NOW)
    operations.finish_waves(now=NOW)

    def remind(now):
        return operations.due_reminders(MAIL.name, limit=9, now=now)

    assert remind(NOW + 4 * DAY) == []
    assert remind(NOW + 5 * DAY) == []  # a Saturday
    first = remind(NOW + 7 * DAY)
    assert {due.id for due in first} == {due.id for due in sent[2:]}
    assert {due.reminder for due in first} == {1}
    assert remind(NOW + 7 * DAY) == []
    for due in first:
        operations.note_sent(due.id, message_id=f"r{due.id}", now=NOW + 7 * DAY)
    again = remind(NOW + 14 * DAY)
    assert {due.reminder for due in again} == {2}
    operations.note_failed(again[0].id, is_permanent=True, problem="550", now=NOW + 14 * DAY)
    for due in again[1:]:
        operations.note_sent(due.id, message_id=f"s{due.id}", now=NOW + 14 * DAY)
    assert remind(NOW + 20 * DAY + timedelta(hours=2)) == []
    assert ledger(wave) == {"sent": 4, "partial": 1, "opted_out": 1}


def test_no_reminder_unless_the_wave_asks_for_it(make_wave, make_people):
    make_people(1)
    run(make_wave())
    (due,) = operations.claim_due(MAIL.name, limit=9, now=NOW)
    operations.note_sent(due.id, message_id="a", now=NOW)
    assert operations.due_reminders(MAIL.name, limit=9, now=NOW + 7 * DAY) == []
