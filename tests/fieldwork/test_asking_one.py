"""An event asks one person, once, or says why not."""

from datetime import timedelta

import pytest

from gloed.fieldwork import operations
from gloed.fieldwork.models import ContactPolicy, Invitation
from gloed.fieldwork.rules import Skip
from gloed.people import operations as people
from tests.fieldwork.conftest import MAIL, NOW

DAY = timedelta(days=1)


@pytest.fixture
def ask(survey, person):
    def ask_somebody(whom=person, about=survey, **how):
        return operations.ask_one(about, whom, **{"channel": MAIL.name, "now": NOW, **how})

    return ask_somebody


def test_an_event_makes_an_open_invitation_due_after_its_delay(ask, person):
    asked = ask(delay=timedelta(hours=4), attributes={"order": "12"})
    line = Invitation.objects.get()
    assert asked == operations.Asked(line.pk, line.token, None)
    assert (line.disposition, line.is_open, line.skip) == ("created", True, "")
    assert line.due_at == NOW + timedelta(hours=4)
    assert line.expires_at == line.due_at + 21 * DAY
    assert (line.domain, line.attributes) == ("example.org", {"order": "12"})


def test_the_second_ask_is_a_line_with_its_reason(ask):
    ask()
    assert ask().skip is Skip.OPEN_INVITATION
    assert sorted(Invitation.objects.values_list("disposition", "is_open")) == [
        ("created", True),
        ("skipped", False),
    ]


def test_a_skipped_line_opens_nothing(ask):
    from gloed.fieldwork.queries import find_invitation

    first, second = ask(), ask()
    assert find_invitation(first.token) is not None
    assert find_invitation(second.token) is None


def test_the_same_event_again_is_the_same_line(ask):
    first = ask(event="ticket 7 solved")
    assert ask(event="ticket 7 solved", now=NOW + DAY) == first
    assert Invitation.objects.count() == 1


def test_the_rest_begins_with_the_ask_and_ends_on_the_day(ask):
    asked = ask()
    operations.note_answer(asked.invitation_id, is_complete=True, now=NOW)
    assert ask(now=NOW + 89 * DAY).skip is Skip.RESTING
    assert ask(now=NOW + 90 * DAY).skip is None


def test_an_expired_invitation_makes_room(ask, make_survey):
    ask()
    other = make_survey("Storing", kind="transactional")
    assert ask(about=other, now=NOW + 20 * DAY).skip is Skip.OPEN_INVITATION
    assert ask(about=other, now=NOW + 31 * DAY).skip is None
    assert set(Invitation.objects.values_list("disposition", flat=True)) == {
        "expired",
        "skipped",
        "created",
    }


def test_the_policy_of_the_organisation_holds(ask, organisation):
    ContactPolicy.objects.create(organisation=organisation, sampling_share=0)
    assert ask().skip is Skip.NOT_SAMPLED


def test_a_closed_survey_and_an_erased_person_are_reasons(ask, survey, person):
    people.erase(person, now=NOW)
    person.pk = 99_999
    assert ask().skip is Skip.ERASED
    survey.state = "closed"
    assert ask().skip is Skip.SURVEY_CLOSED


@pytest.mark.parametrize(
    ("reason", "skip"),
    [("opt_out", Skip.OPTED_OUT), ("bounce", Skip.BOUNCED)],
)
def test_a_suppressed_address_is_not_asked(ask, organisation, person, reason, skip):
    people.suppress(organisation, "C0@example.org", reason=reason, source="x", now=NOW)
    assert ask().skip is skip


def test_somebody_erased_before_is_not_asked_under_a_new_row(ask, person, make_people):
    people.erase(person, now=NOW)
    assert ask(make_people(1)[0]).skip is Skip.SUPPRESSED


def test_a_later_event_takes_it_back_before_it_went_out(ask, survey):
    ask(event="ticket 7 solved", delay=DAY)
    assert operations.withdraw_event(survey.pk, "ticket 7 solved")
    assert not operations.withdraw_event(survey.pk, "ticket 7 solved")
    line = Invitation.objects.get()
    assert (line.disposition, line.skip, line.is_open) == ("withdrawn", "withdrawn", False)
    assert ask(now=NOW + DAY).skip is None  # it took up nobody's time


def test_people_are_asked_as_they_wish(ask, person):
    operations.pause(person, until=NOW + DAY, now=NOW)
    assert ask().skip is Skip.PAUSED
    operations.pause(person, until=None, now=NOW)
    operations.quarantine(person, now=NOW)
    assert ask(now=NOW + 29 * DAY).skip is Skip.QUARANTINE
    operations.note_offer(person, at=NOW + 5 * DAY, now=NOW)
    assert ask(now=NOW + 34 * DAY).skip is Skip.OFFER
    operations.note_offer(person, at=None, now=NOW)
    asked = ask(now=NOW + 30 * DAY)
    operations.note_answer(asked.invitation_id, is_complete=True, now=NOW + 30 * DAY)
    operations.set_rhythm(person, days=365, now=NOW)
    assert ask(now=NOW + 200 * DAY).skip is Skip.OWN_RHYTHM


def test_an_erased_person_is_not_sent_what_waited(ask, person):
    ask(delay=DAY)
    operations.forget_person(person)
    line = Invitation.objects.get()
    assert (line.person, line.disposition, line.skip) == (None, "withdrawn", "erased")
    assert operations.claim_due(MAIL.name, limit=9, now=NOW + 2 * DAY) == []
