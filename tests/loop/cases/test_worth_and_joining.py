"""What a customer is worth decides along, and later answers join the case that is open."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gloed.analysis.customers.models import Customer, CustomerFile
from gloed.base.models import JournalEntry
from gloed.fieldwork.rules import Condition, Relation, Where
from gloed.loop.cases import operations, previews, tasks
from gloed.loop.cases.models import Case, CaseAnswer, OpeningRule
from gloed.loop.cases.operations import planning, triage
from gloed.loop.cases.rule_words import asks_words
from gloed.loop.cases.rules import Asks, Priority, read_asks, read_reasons
from gloed.loop.cases.sentences import reason_words
from gloed.people.models import Account
from gloed.responses import operations as responses
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys.queries import get_asked
from tests.conftest import NOW
from tests.record import open_survey

LOW = Asks(bands=frozenset({"detractor"}))


@pytest.fixture
def rule(organisation):
    """A rule that is on: `rule(Asks(...))`."""

    def make(asks, *, priority=Priority.NORMAL):
        before = NOW - timedelta(days=90)
        made = planning.keep_rule(
            organisation, name="Regel", asks=asks, priority=priority, now=before
        )
        planning.switch_rule(made, to=True, staff=None, now=before)
        return made

    return make


@pytest.fixture
def customers(organisation):
    """The list of customers in use: `customers((person, 5000), (account, 20000))`."""

    def make(*rows, left=()):
        file = CustomerFile.objects.create(
            organisation=organisation, file_name="klanten.csv", as_of=date(2026, 2, 28),
            state=CustomerFile.State.KEPT, created_at=NOW, kept_at=NOW,
        )  # fmt: skip
        for place, (whom, revenue) in enumerate(rows):
            about = {"account": whom} if isinstance(whom, Account) else {"person": whom}
            Customer.objects.create(
                file=file, row=place, started_on=date(2020, 1, 1), revenue=revenue,
                ended_on=date(2026, 1, 1) if whom in left else None, **about,
            )  # fmt: skip
        return file

    return make


def test_a_rule_looks_at_the_revenue_of_the_list_of_customers(
    rule, customers, answer, make_person, organisation
):
    rule(Asks(bands=frozenset({"detractor"}), worth_from=10_000), priority=Priority.HIGH)
    firm = Account.objects.create(organisation=organisation, name="Bakkerij Jansen")
    baker, clerk = (make_person(f"{name} J", account=firm) for name in ("Bo", "Kim"))
    rich, poor, gone, unknown = (make_person(f"{name} X") for name in ("Rik", "Pim", "Gé", "Onno"))
    file = customers(
        (firm, 8_000), (firm, 4_000), (rich, 25_000), (poor, 900), (gone, 50_000), left=(gone,)
    )
    said = {one: answer(2, person=one) for one in (baker, clerk, rich, poor, gone, unknown)}
    happy = answer(9, person=rich, at=NOW - timedelta(days=1))
    triage.look([one.pk for one in said.values()] + [happy.pk], now=NOW)
    assert set(Case.objects.values_list("person__name", flat=True)) == {"Bo J", "Kim J", "Rik X"}
    case = Case.objects.get(person=baker)
    assert {"because": "worth", "about": "EUR 12000"} in case.opened_because
    assert case.priority == Priority.HIGH
    assert "a customer of EUR 12,000 a year" in reason_words(read_reasons(case.priority_reasons))
    # a list that was taken back counts no more
    Case.objects.all().delete()
    file.state = CustomerFile.State.UNDONE
    file.save()
    triage.look([one.pk for one in said.values()], now=NOW)
    assert not Case.objects.exists()


def test_a_preview_looks_at_revenue_too(customers, answer, make_person, organisation):
    rich, poor = make_person("Rik X"), make_person("Pim X")
    customers((rich, 25_000), (poor, 900))
    for person in (rich, poor):
        answer(2, person=person, at=NOW - timedelta(days=2))
    seen = previews.preview(organisation, Asks(worth_from=10_000), now=NOW)
    assert (seen.answers, seen.opened) == (2, 1)


def test_a_key_contact_can_be_whoever_brings_in_much(rule, customers, make_person, organisation):
    rule(Asks(silent_days=180, worth_from=10_000))
    long_ago = NOW - timedelta(days=400)
    rich, poor = (make_person(f"{name} X", created_at=long_ago) for name in ("Rik", "Pim"))
    customers((rich, 25_000), (poor, 900))
    number, shown = previews.preview_silence(
        organisation, Asks(silent_days=180, worth_from=10_000), now=NOW
    )
    assert (number, shown) == (1, [rich])
    assert triage.look_for_silence(organisation, now=NOW) == 1
    assert Case.objects.get().person == rich


def test_whoever_is_silent_longest_comes_first(organisation, answer, make_person):
    role = Condition(Where.PERSON, "role", Relation.IS, ("inkoper",))
    known = {"created_at": NOW - timedelta(days=900), "attributes": {"role": "Inkoper"}}
    never, lately, long_ago, speaking = (
        make_person(f"{name} X", **known) for name in ("Nooit", "Laatst", "Lang", "Net")
    )
    answer(8, person=lately, at=NOW - timedelta(days=200))
    answer(8, person=long_ago, at=NOW - timedelta(days=700))
    answer(8, person=speaking, at=NOW - timedelta(days=20))
    asks = Asks(silent_days=180, conditions=(role,))
    assert triage.silent_people(organisation, asks, now=NOW) == [
        never.pk, long_ago.pk, lately.pk,
    ]  # fmt: skip


def test_a_rule_about_revenue_is_made_on_its_page(alice, customers, make_person):
    page = alice.get(reverse("cases:rule_new")).content.decode()
    assert "You have no list of customers yet" in page
    customers((make_person("Rik X"), 25_000))
    assert "In EUR: the revenue" in alice.get(reverse("cases:rule_new")).content.decode()
    given = {
        "name": "Grote klanten", "bands": ["detractor"], "worth_from": "10000", "priority": "1",
        "conditions-TOTAL_FORMS": "0", "conditions-INITIAL_FORMS": "0",
    }  # fmt: skip
    alice.post(reverse("cases:rule_new"), given)
    kept = OpeningRule.objects.get()
    assert read_asks(kept.asks).worth_from == 10_000
    words = asks_words(read_asks(kept.asks), {})
    assert words == "A detractor’s score and their revenue is at least 10,000 a year."
    page = alice.get(reverse("cases:rule_edit", args=[kept.public_id])).content.decode()
    assert 'value="10000"' in page


def test_a_later_answer_joins_the_open_case_whatever_it_says(rule, answer, make_person):
    rule(LOW)
    person = make_person()
    triage.look([answer(2, person=person).pk], now=NOW)
    case = Case.objects.get()
    earlier = answer(9, "Was goed", person=person, at=NOW - timedelta(days=9))
    later = answer(9, "Toch opgelost", person=person, at=NOW + timedelta(hours=2))
    for _twice in range(2):
        triage.look([earlier.pk, later.pk], now=NOW + timedelta(hours=3))
    linked = CaseAnswer.objects.filter(case=case).values_list("response_id", flat=True)
    assert list(linked) == [case.response_id, later.pk]
    assert JournalEntry.objects.filter(kind="case.joined").count() == 1


def test_a_case_opened_by_hand_is_joined_where_no_rule_is_on(survey, answer, make_person):
    person, now = make_person(), timezone.now()
    begun = now - timedelta(hours=2)
    case = operations.open_case(answer(7, person=person, at=begun), how="hand", now=begun)
    later = answer(8, "Nog iets", person=person, at=now)
    entry = JournalEntry(
        organisation=survey.organisation, kind="response.recorded", subject=str(later.public_id)
    )
    tasks.hear([entry])
    assert CaseAnswer.objects.filter(case=case, response=later).exists()
    # of somebody else, and where nothing is open, nothing happens
    entry.subject = str(answer(1, person=make_person("Wim W"), at=now).public_id)
    tasks.hear([entry])
    assert Case.objects.count() == 1


def test_what_colleagues_say_of_their_work_opens_no_case_unless_a_rule_names_it(rule, organisation):
    general = rule(LOW)
    pulse = open_survey(organisation, "enps", title="Collega’s")

    def say(key):
        given = IncomingAnswer((GivenAnswer(1, rating=1),), "link", client_key=key * 22)
        receipt = responses.receive_answer(given, survey=get_asked(pulse.pk), now=NOW)
        return pulse.responses.get(public_id=receipt.response_id).pk

    triage.look([say("a")], now=NOW + timedelta(hours=1))
    assert not Case.objects.exists()
    named = Asks(bands=frozenset({"detractor"}), surveys=frozenset({str(pulse.public_id)}))
    planning.keep_rule(organisation, name="Collega’s", asks=named, rule=general, now=NOW)
    triage.look([say("b")], now=NOW + timedelta(hours=1))
    assert Case.objects.count() == 1
