"""What follows a closed case: is it solved, once, and the regular survey when it may be asked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from gloed.fieldwork.models import ContactPolicy, Invitation
from gloed.loop.cases import operations as cases
from gloed.loop.cases.models import Case, CaseEvent
from gloed.loop.cases.rules import Outcome
from gloed.loop.letters import operations
from gloed.loop.letters.models import FollowUp, Letter, LetterSettings
from gloed.people import operations as people
from tests.conftest import NOW


def question():
    return Letter.objects.get(kind="solved")


def state():
    return question().state


def hand_over(moment):
    """Whether the question leaves at a moment."""
    for due in operations.claim_due(limit=9, now=moment):
        operations.note_handing(due.id, domain="x.example", now=moment)
        operations.note_sent(due.id, now=moment)
    return state() == "sent"


def test_a_closed_case_asks_a_day_later_whether_it_is_solved(close, run_journal, sanne):
    closed_at = close()
    run_journal()
    letter = question()
    assert (letter.state, letter.due_at) == ("waiting", closed_at + timedelta(hours=24))
    assert (letter.subject, letter.language) == ("Is het zo opgelost?", "nl")
    assert letter.body.startswith("Beste Nia,")
    assert letter.could_write == sanne
    assert not hand_over(NOW + timedelta(hours=23))
    assert hand_over(NOW + timedelta(hours=25))


def test_hearing_of_it_twice_asks_once(close, run_journal, case):
    from gloed.loop.letters.operations.following import follow

    close()
    run_journal()
    case.refresh_from_db()
    assert follow(case, now=NOW) is None
    assert Letter.objects.filter(kind="solved").count() == 1


@pytest.mark.parametrize("outcome", [Outcome.NOT_REACHED, Outcome.NOTHING_TO_DO])
def test_nobody_is_asked_who_had_nothing_to_be_solved(close, run_journal, outcome):
    close(outcome)
    run_journal()
    assert not Letter.objects.exists()


def test_nobody_is_asked_who_never_heard_from_us(close, run_journal):
    close(was_contacted=False)
    run_journal()
    assert not Letter.objects.exists()


def test_nobody_is_asked_who_wants_no_questions(close, run_journal, case, organisation):
    people.suppress(organisation, "nia@example.org", reason="opt_out", source="page", now=NOW)
    close()
    run_journal()
    assert not Letter.objects.exists()


def test_who_opts_out_meanwhile_is_not_asked_either(close, run_journal, organisation):
    close()
    run_journal()
    people.suppress(organisation, "nia@example.org", reason="opt_out", source="page", now=NOW)
    assert not hand_over(NOW + timedelta(hours=25))
    assert state() == "withdrawn"


def test_an_organisation_can_leave_both_out(close, run_journal, organisation):
    LetterSettings.objects.create(organisation=organisation, asks_solved=False, asks_again=False)
    close()
    run_journal()
    assert (FollowUp.objects.get().again_at, Letter.objects.count()) == (None, 0)


def test_a_case_that_is_taken_up_again_asks_nothing(close, run_journal, case):
    close()
    run_journal()
    cases.reopen_case(case, now=NOW + timedelta(hours=2))
    run_journal(hours=2)
    assert state() == "withdrawn"
    assert FollowUp.objects.get().again_became == "reopened"


def test_and_even_before_the_news_of_it_arrives(close, run_journal, case):
    close()
    run_journal()
    cases.reopen_case(case, now=NOW + timedelta(hours=2))
    assert not hand_over(NOW + timedelta(hours=25))


def test_each_closing_asks_anew(close, run_journal, case):
    close()
    run_journal()
    cases.reopen_case(case, now=NOW + timedelta(hours=2))
    run_journal(hours=2)
    close(hours=5)
    run_journal(hours=5)
    assert Letter.objects.filter(kind="solved", state="waiting").count() == 1
    assert FollowUp.objects.count() == 2


# --- the page


@pytest.fixture
def asked(close, run_journal):
    """The follow-up of a case whose question was sent."""
    close()
    run_journal()
    hand_over(NOW + timedelta(hours=25))
    return FollowUp.objects.get()


def page(asked, **given):
    return Client().get(reverse("letterbox:solved", args=[asked.token]), given)


def press(asked, **given):
    return Client(enforce_csrf_checks=True).post(
        reverse("letterbox:solved", args=[asked.token]), given
    )


def test_looking_records_nothing_whatever_a_scanner_follows(asked, case):
    for answer in ("yes", "partly", "no", "", "<script>"):
        shown = page(asked, a=answer)
        assert shown.status_code == 200
        assert "<script" not in shown.content.decode()
    Client().head(reverse("letterbox:solved", args=[asked.token]))
    asked.refresh_from_db()
    assert (asked.answer, asked.answered_at) == ("", None)
    assert not Case.objects.get(pk=case.pk).is_open


def test_the_answer_of_the_mail_stands_chosen(asked):
    html = page(asked, a="partly").content.decode()
    assert 'value="partly" checked' in html
    assert html.count(" checked") == 1
    assert '<html lang="nl">' in html


def test_yes_is_kept_and_the_case_stays_closed(asked, case):
    assert press(asked, a="yes", words="Dank!").status_code == 200
    asked.refresh_from_db()
    assert (asked.answer, asked.words) == ("yes", "Dank!")
    assert not Case.objects.get(pk=case.pk).is_open


@pytest.mark.parametrize("answer", ["no", "partly"])
def test_no_and_partly_take_the_case_up_again_once(asked, case, answer):
    press(asked, a=answer, words="De rekening klopt nog niet.")
    press(asked, a=answer, words="De rekening klopt nog niet.")
    assert Case.objects.get(pk=case.pk).is_open
    lines = CaseEvent.objects.filter(case=case, kind="letter_solved")
    assert [line.text for line in lines] == ["De rekening klopt nog niet."]


def test_a_changed_mind_counts(asked, case):
    press(asked, a="yes")
    press(asked, a="no")
    asked.refresh_from_db()
    assert asked.answer == "no"
    assert Case.objects.get(pk=case.pk).is_open


def test_a_press_without_an_answer_keeps_the_words(asked):
    shown = press(asked, words="Bijna")
    assert shown.status_code == 422
    assert "Bijna" in shown.content.decode()


def test_a_made_up_token_opens_nothing(db):
    gone = Client().get(reverse("letterbox:solved", args=["a" * 20]))
    assert gone.status_code == 404


def test_no_more_questions_takes_one_press_and_no_look(asked, case):
    url = reverse("letterbox:stop", args=[asked.token])
    assert "Nothing has changed yet" in Client().get(url, {"l": "en"}).content.decode()
    from gloed.people.models import Suppression

    assert not Suppression.objects.exists()
    posted = Client(enforce_csrf_checks=True).post(url, {"List-Unsubscribe": "One-Click"})
    assert posted.status_code == 200
    assert Suppression.objects.get().reason == "opt_out"


# --- the regular survey


def test_the_regular_survey_is_asked_again_when_its_day_has_come(close, run_journal, survey):
    close()
    run_journal()
    before = NOW + timedelta(days=29)
    assert operations.ask_again_due(limit=9, now=before) == 0
    day = NOW + timedelta(days=61)  # quarantine and rest are over
    assert operations.ask_again_due(limit=9, now=day) == 1
    assert operations.ask_again_due(limit=9, now=day) == 0
    line = Invitation.objects.get(survey=survey)
    follow_up = FollowUp.objects.get()
    assert (follow_up.again_became, follow_up.invitation) == ("asked", line)


def test_where_the_contact_policy_says_not_yet_it_waits_for_the_first_day(
    close, run_journal, survey, organisation
):
    ContactPolicy.objects.create(organisation=organisation, quarantine_days=45)
    close()
    run_journal()
    day = NOW + timedelta(days=31)
    operations.ask_again_due(limit=9, now=day)
    follow_up = FollowUp.objects.get()
    assert not Invitation.objects.exists()
    assert (follow_up.again_became, follow_up.again_at) == ("", NOW + timedelta(days=45))
    operations.ask_again_due(limit=9, now=follow_up.again_at + timedelta(hours=1))
    assert FollowUp.objects.get().again_became == "asked"


def test_it_is_given_up_after_a_season(close, run_journal, survey, organisation):
    close()
    run_journal()
    operations.ask_again_due(limit=9, now=NOW + timedelta(days=300))
    assert FollowUp.objects.get().again_became == "too_late"


def test_a_survey_that_is_closed_is_not_asked(close, run_journal, survey):
    from gloed.surveys.operations import close_survey

    close()
    run_journal()
    close_survey(survey, now=NOW)
    operations.ask_again_due(limit=9, now=NOW + timedelta(days=61))
    assert FollowUp.objects.get().again_became == "survey_closed"
