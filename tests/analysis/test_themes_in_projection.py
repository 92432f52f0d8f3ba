"""Themes are a column of the projection: a filter anywhere, and a way to split answers."""

from datetime import UTC, datetime

import pytest

from gloed.analysis import reports, store
from gloed.analysis.queries import Filter, Query, Selection, count_people, run, run_latest
from gloed.base.worker import run_until_idle
from gloed.coding.operations import codebook as books
from gloed.coding.operations.by_hand import forget_decision, set_theme
from gloed.people.rules import PersonData
from gloed.responses.models import Answer
from gloed.responses.operations import erase_person, receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys.rules import Metric

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
SAID = [
    ("The invoice is wrong and the staff was rude", 2),
    ("The invoice came twice", 4),
    ("Friendly staff", 10),
    ("", 8),
]


@pytest.fixture
def said(organisation):
    """Four answers, three of them in words, read by the codebook and projected."""
    content = surveys.usual_content(organisation, Metric.NPS)
    survey = surveys.create_survey(organisation, title="Service", content=content, now=NOW)
    surveys.open_survey(survey, now=NOW)
    answers = [
        IncomingAnswer(
            answers=(GivenAnswer(1, rating=rating), GivenAnswer(2, verbatim=words))
            if words
            else (GivenAnswer(1, rating=rating),),
            source="import",
            source_id=str(number),
            responded_at=NOW,
            language="en",
            person=PersonData("K-1" if number < 2 else f"K-{number}"),
        )
        for number, (words, rating) in enumerate(SAID)
    ]
    books.start(organisation, languages=["en"], now=NOW)
    list(receive_many(survey, answers, now=NOW))
    run_until_idle()
    return {answer.verbatim: answer for answer in Answer.objects.exclude(verbatim="")}


def ratings(organisation, *filters):
    """The ratings that count under filters."""
    merged = run(store.projection_of(organisation), Query(Selection(filters=filters))).merged()
    return [rating for rating, count in enumerate(merged.counts) for _ in range(int(count))]


def by_theme(organisation, ask=run):
    result = ask(store.projection_of(organisation), Query(by=("theme",)))
    return {group[0]: int(histogram.n) for group, histogram in result.by_group().items()}


def test_a_theme_is_a_filter(organisation, said):
    assert ratings(organisation, Filter("theme", ("invoice",))) == [2, 4]
    assert ratings(organisation, Filter("theme", ("staff_attitude",))) == [2, 10]
    both = (Filter("theme", ("invoice",)), Filter("theme", ("staff_attitude",)))
    assert ratings(organisation, *both) == [2]
    assert ratings(organisation, Filter("theme", (None,))) == [8]
    assert ratings(organisation, Filter("theme", (None, "invoice"))) == [2, 4, 8]
    assert not run(
        store.projection_of(organisation), Query(Selection(filters=(Filter("theme", ("x",)),)))
    ).cells


def test_an_answer_stands_under_each_of_its_themes(organisation, said):
    found = by_theme(organisation)
    assert (found["invoice"], found["staff_attitude"], found[None]) == (2, 2, 1)
    people = count_people(store.projection_of(organisation), Selection(), ("theme",))
    assert (people["invoice",], people["staff_attitude",]) == (1, 2)


def test_the_latest_answer_of_a_person_keeps_all_its_themes(organisation, said):
    found = by_theme(organisation, run_latest)
    assert found["invoice"] == 1
    assert "staff_attitude" in found


def test_what_a_person_decides_reaches_it(organisation, said):
    answer = said["Friendly staff"]
    set_theme(answer, "invoice", is_present=True, staff=None, now=NOW)
    run_until_idle()
    assert ratings(organisation, Filter("theme", ("invoice",))) == [2, 4, 10]
    forget_decision(answer, "invoice", now=NOW)
    run_until_idle()
    assert ratings(organisation, Filter("theme", ("invoice",))) == [2, 4]


def test_another_codebook_reaches_it(organisation, said):
    book = books.Codebook.objects.get(organisation=organisation)
    books.remove_theme(book, "invoice", now=NOW)
    books.publish(book, now=NOW)
    run_until_idle()
    assert "invoice" not in by_theme(organisation)
    assert "theme:invoice" not in reports.names_of(organisation)


def test_words_that_are_erased_leave_no_theme(organisation, said):
    person = said["Friendly staff"].response.person
    erase_person(person, staff=None, now=NOW)
    run_until_idle()
    assert ratings(organisation, Filter("theme", ("staff_attitude",))) == [2]
    assert sorted(ratings(organisation)) == [2, 4, 8, 10]
