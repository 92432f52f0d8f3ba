"""Rules look at every answer once, and say why."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from gloed.base import jobs
from gloed.base.models import Job, JournalEntry, Membership, Team
from gloed.base.worker import claims
from gloed.loop.cases import operations, previews, tasks
from gloed.loop.cases.models import Absence, Case, CaseAnswer
from gloed.loop.cases.operations import planning, triage
from gloed.loop.cases.rules import Asks, Because, Fits, Outcome, Priority
from gloed.people.models import Account
from gloed.responses import operations as responses
from gloed.responses.models import Answer, Consent, Response
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys.queries import get_asked

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
LOW = Asks(bands=frozenset({"detractor"}))


@pytest.fixture
def rule(organisation):
    """A rule that is on: `rule(Asks(...))`."""

    def make(asks, *, priority=Priority.NORMAL, name="Regel", since=NOW - timedelta(days=90)):
        made = planning.keep_rule(organisation, name=name, asks=asks, priority=priority, now=since)
        planning.switch_rule(made, to=True, staff=None, now=since)
        return made

    return make


def because(case):
    return {one["because"] for one in case.opened_because}


def test_a_low_score_opens_a_case_through_the_one_door(rule, survey):
    rule(LOW)
    now = timezone.now()
    given = (GivenAnswer(1, rating=2), GivenAnswer(2, verbatim="Niemand belt"))
    incoming = IncomingAnswer(given, "link", client_key="k" * 22)
    responses.receive_answer(incoming, survey=get_asked(survey.pk), now=now)
    entries = list(JournalEntry.objects.filter(kind="response.recorded"))
    tasks.hear(entries)
    tasks.hear(entries)  # handed out twice
    case = Case.objects.get()
    assert because(case) == {Because.RULE, Because.BAND}
    assert CaseAnswer.objects.count() == 1


@pytest.mark.parametrize(
    ("rating", "words", "opens"),
    [(2, "", True), (6, "", True), (7, "", False), (10, "Ik ga opzeggen", True)],
)
def test_any_rule_that_fits_opens(rule, answer, rating, words, opens):
    rule(LOW)
    rule(Asks(words=("opzeg*",)), priority=Priority.URGENT)
    triage.look([answer(rating, words).pk], now=NOW)
    assert Case.objects.exists() == opens
    if words:
        case = Case.objects.get()
        assert case.priority == Priority.URGENT
        assert case.priority_reasons == [{"because": "words", "about": "opzeg*"}]


def test_consent_rating_attribute_survey_and_touchpoint_must_hold_together(
    rule, answer, survey, organisation, make_person
):
    from gloed.fieldwork.rules import Condition, Relation, Where
    from gloed.surveys.models import Question

    value = Condition(Where.PERSON, "value", Relation.AT_LEAST, ("10000",))
    rule(
        Asks(
            at_most=6,
            consent=True,
            conditions=(value,),
            surveys=frozenset({str(survey.public_id)}),
        )
    )
    rich = make_person("Rijk R", attributes={"value": "25000"})
    response = answer(5, person=rich)
    triage.look([response.pk], now=NOW)
    assert not Case.objects.exists()  # nobody said that we may call
    Consent.objects.create(
        response=response,
        question=Question.objects.filter(version=response.version).last(),
        purpose="contact",
        words="Mogen we je bellen?",
        language="nl",
        given_at=NOW,
    )
    triage.look([response.pk], now=NOW)
    assert because(Case.objects.get()) == {
        Because.RULE,
        Because.RATING,
        Because.CONSENT,
        Because.ATTRIBUTE,
    }


def test_history_machines_and_what_was_there_before_the_rule_open_nothing(rule, answer):
    rule(LOW, since=NOW - timedelta(days=1))
    old = answer(1, at=NOW - timedelta(days=40))
    earlier = answer(1, at=NOW - timedelta(days=2))
    machine = answer(1, is_suspicious=True)
    withdrawn = answer(1, withdrawn_at=NOW)
    triage.look([one.pk for one in (old, earlier, machine, withdrawn)], now=NOW)
    assert not Case.objects.exists()


def test_somebody_who_still_writes_is_given_five_minutes(rule, answer):
    rule(LOW)
    response = answer(2, status=Response.Status.PARTIAL)
    triage.look([response.pk], now=NOW + timedelta(minutes=1))
    job = Job.objects.get(kind=triage.LOOK)
    assert job.run_at == NOW + timedelta(minutes=5)
    Answer.objects.filter(response=response).update(rating=9)  # they thought better of it
    triage.look([response.pk], now=NOW + timedelta(minutes=5))
    assert not Case.objects.exists()


def test_words_that_come_later_make_it_more_urgent(rule, answer):
    rule(LOW)
    rule(Asks(words=("advocaat",)), priority=Priority.URGENT, name="Alarm")
    response = answer(2)
    triage.look([response.pk], now=NOW)
    question = response.version.questions.get(position=2)
    Answer.objects.create(response=response, question=question, verbatim="Mijn advocaat belt.")
    triage.look([response.pk], now=NOW + timedelta(minutes=2))
    assert Case.objects.get().priority == Priority.URGENT


def test_a_theme_opens_a_case_once_the_codebook_has_read_the_words(rule, answer, organisation):
    from gloed.coding.operations.codebook import start
    from gloed.coding.operations.coding import code_stale

    start(organisation, now=NOW)
    rule(Asks(themes=frozenset({"price_value"})))
    response = answer(3, "Veel te duur, de prijs is belachelijk hoog")
    triage.look([response.pk], now=NOW)
    assert not Case.objects.exists()
    assert Job.objects.get(kind=triage.LOOK).run_at == NOW + triage.AGAIN
    code_stale(organisation)
    triage.look([response.pk], now=NOW + triage.AGAIN)
    assert {"because": "theme", "about": "price_value"} in Case.objects.get().opened_because


def test_who_had_a_case_within_a_year_goes_first(rule, answer, make_person):
    rule(LOW)
    person = make_person()
    triage.look([answer(2, person=person).pk], now=NOW)
    operations.close_case(Case.objects.get(), Outcome.SOLVED, staff=None, now=NOW)
    later = NOW + timedelta(days=20)
    triage.look([answer(2, person=person, at=later).pk], now=later)
    again = Case.objects.get(number=2)
    assert again.priority == Priority.HIGH
    assert {"because": "again", "about": ""} in again.priority_reasons


def test_a_key_contact_who_is_silent_gets_a_case_once(rule, organisation, make_person, answer):
    from gloed.fieldwork.rules import Condition, Relation, Where

    key = Condition(Where.PERSON, "role", Relation.IS, ("beslisser",))
    rule(Asks(silent_days=180, conditions=(key,)), priority=Priority.HIGH)
    account = Account.objects.create(organisation=organisation, name="Bakkerij Jansen")
    long_ago = NOW - timedelta(days=400)
    known = {"created_at": long_ago, "attributes": {"role": "Beslisser"}, "account": account}
    silent = make_person("Stille S", **known)
    make_person("Nieuwe N", **{**known, "created_at": NOW})
    make_person("Andere A", created_at=long_ago)
    speaking = make_person("Pratende P", **known)
    answer(8, person=speaking, at=NOW - timedelta(days=30))
    assert triage.look_for_silence(organisation, now=NOW) == 1
    assert triage.look_for_silence(organisation, now=NOW) == 0
    case = Case.objects.get()
    assert (case.person, case.opened_how, case.priority) == (silent, "silence", Priority.HIGH)
    operations.close_case(case, Outcome.SOLVED, staff=None, now=NOW)
    assert triage.look_for_silence(organisation, now=NOW + timedelta(days=30)) == 0
    # by then the new one and the speaking one are silent too
    assert triage.look_for_silence(organisation, now=NOW + timedelta(days=200)) == 3


def test_a_preview_counts_what_would_have_opened(organisation, answer, make_person):
    person = make_person()
    for week in range(12):
        for number in range(3):
            answer(2, person=make_person(f"P{week}{number} x"), at=NOW - timedelta(weeks=week))
        answer(9, person=make_person(f"Q{week} x"), at=NOW - timedelta(weeks=week))
    answer(1, person=person, at=NOW - timedelta(days=3))
    answer(1, person=person, at=NOW - timedelta(days=1))  # joins
    seen = previews.preview(organisation, LOW, now=NOW)
    assert (seen.answers, seen.opened, seen.joined) == (50, 37, 1)
    assert (seen.per_week, seen.fullest, len(seen.weeks)) == (3, 4, 12)
    assert len(seen.examples) == 5
    assert not Case.objects.exists()


def test_cases_go_by_route_load_turn_and_around_who_is_absent(
    organisation, answer, make_person, make_staff
):
    team = Team.objects.create(organisation=organisation, name="Noord")
    staff = [
        make_staff(organisation, "frontline", email=f"f{n}@example.org", teams=[team])
        for n in range(3)
    ]
    one, two, three = (Membership.objects.get(staff=each) for each in staff)
    planning.keep_route(
        organisation,
        name="Alles",
        fits=Fits(),
        team=team,
        way="turn",
        members=[one, two],
        now=NOW,
    )

    def opened(number, day=0):
        now = NOW + timedelta(days=day, minutes=number)
        made = operations.open_case(answer(2, person=make_person(f"N{number} x")), now=now)
        assert made.team == team
        return made.owner

    assert [opened(number) for number in range(4)] == [staff[0], staff[1], staff[0], staff[1]]
    Absence.objects.create(
        membership=one,
        starts_on=NOW.date() + timedelta(days=1),
        ends_on=NOW.date() + timedelta(days=2),
        stand_in=three,
    )
    assert opened(5, day=1) == staff[2]
    assert opened(6, day=1) == staff[1]
    assert opened(7, day=3) == staff[0]


def test_an_import_of_this_week_opens_cases_and_old_history_does_not(rule, answer, survey):
    rule(LOW)
    recent = answer(1, person=None, at=NOW - timedelta(days=3))
    answer(1, person=None, at=NOW - timedelta(days=300))
    brought = recent.updated_at
    assert triage.look_at_import(survey.pk, brought_at=brought, now=NOW) is None
    assert Case.objects.get().response == recent


def test_what_an_import_brought_is_looked_at_in_turns(rule, answer, survey):
    rule(LOW)
    answers = [answer(1, person=None, at=NOW - timedelta(days=3)) for _ in range(3)]
    Response.objects.update(updated_at=NOW)
    asked = {"brought_at": NOW, "most": 2, "now": NOW}
    reached = triage.look_at_import(survey.pk, **asked)
    assert (reached, Case.objects.count()) == (answers[1].pk, 2)
    assert triage.look_at_import(survey.pk, after=reached, **asked) is None
    assert Case.objects.count() == 3
    other = {"brought_at": NOW - timedelta(hours=1), "now": NOW}
    assert triage.look_at_import(survey.pk, **other) is None


def test_who_takes_an_import_back_does_not_wait_for_its_cases(
    rule, answer, survey, organisation, monkeypatch
):
    rule(LOW)
    answers = [answer(1, person=None, at=NOW - timedelta(days=3)) for _ in range(5)]
    Response.objects.update(updated_at=NOW)
    payload = {"survey": survey.pk, "at": NOW.isoformat()}
    reading = jobs.enqueue(tasks.READ_IMPORT, payload, now=NOW, organisation=organisation)
    looked = []

    def press_undo_meanwhile(keys, *, now):
        looked.extend(keys)
        if len(looked) == 2:
            jobs.enqueue("file_import.remove", {}, now=NOW, run_at=NOW - timedelta(hours=1))

    monkeypatch.setattr(triage, "STEP", 1)
    monkeypatch.setattr(triage, "look", press_undo_meanwhile)
    tasks.read_import(jobs.JobRun(reading, now=lambda: NOW))
    assert looked == [one.pk for one in answers[:2]]
    rest = Job.objects.filter(kind=tasks.READ_IMPORT).latest("pk")
    assert rest.payload == {**payload, "after": answers[1].pk}
    kinds = {tasks.READ_IMPORT, "file_import.remove"}
    Job.objects.filter(pk=reading.pk).delete()
    soon = timezone.now() + timedelta(seconds=1)
    [first] = claims.claim(kinds, worker="w", now=soon, limit=1)
    assert first.kind == "file_import.remove"
    tasks.read_import(jobs.JobRun(rest, now=lambda: NOW))  # the way is free again
    assert looked == [one.pk for one in answers]
