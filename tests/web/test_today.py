"""Today tells what came in, what moved for certain, and what to do next; never noise as news."""

from datetime import timedelta

import pytest

from gloed.analysis import store
from gloed.analysis.schema import make_table
from tests.conftest import NOW

LOCAL = {"host": "localhost"}


@pytest.fixture
def add_survey(db):
    """Make a survey of an organisation: `add_survey(organisation, "Relation")`."""
    from gloed.surveys.models import Survey

    def add(organisation, title, **fields):
        fields = {"state": "open", **fields}
        return Survey.objects.create(
            organisation=organisation, title=title, metric="nps", created_at=NOW, **fields
        )

    return add


@pytest.fixture
def answered(monkeypatch):
    """Let these be the answers: `answered((survey, days ago, {rating: count}), …)`."""

    def put(*spans):
        rows = [
            (survey, NOW - timedelta(days=days), rating)
            for survey, days, ratings in spans
            for rating, count in ratings.items()
            for _ in range(count)
        ]
        n = len(rows)
        table = make_table(
            {
                "survey": [str(survey.public_id) for survey, _, _ in rows],
                "metric": ["nps"] * n,
                "scale_minimum": [0] * n,
                "scale_maximum": [10] * n,
                "high_is_good": [True] * n,
                "rating": [rating for _, _, rating in rows],
                "unreadable": [False] * n,
                "local_date": [at.date() for _, at, _ in rows],
            }
        )
        source = store.from_arrow(table, cut_off=NOW)
        monkeypatch.setattr(store, "projection_of", lambda organisation: source)

    return put


def _front(organisation):
    from gloed.web.today import front_page

    return front_page(organisation, now=NOW)


def test_a_real_fall_is_news(organisation, add_survey, answered):
    survey = add_survey(organisation, "Invoice")
    answered((survey, 40, {10: 150, 3: 50}), (survey, 3, {10: 80, 3: 120}))
    (moved,) = _front(organisation).moved
    assert (moved.survey, moved.is_up, moved.week) == (survey, False, 200)
    assert (moved.recent.value, moved.change.value) == pytest.approx((-20, -70))


def test_a_wobble_is_not(organisation, add_survey, answered):
    survey = add_survey(organisation, "Moving")
    answered((survey, 40, {10: 20, 3: 10}), (survey, 3, {10: 18, 3: 12}))
    front = _front(organisation)
    assert (front.moved, front.compared) == ([], 1)


def test_looking_at_many_surveys_is_corrected_for(organisation, add_survey, answered):
    moving = add_survey(organisation, "One of twenty")
    spans = [(moving, 40, {10: 60, 3: 40}), (moving, 3, {10: 45, 3: 55})]
    answered(*spans)
    assert len(_front(organisation).moved) == 1
    for number in range(19):
        quiet = add_survey(organisation, f"Quiet {number}")
        spans += [(quiet, 40, {10: 60, 3: 40}), (quiet, 3, {10: 60, 3: 40})]
    answered(*spans)
    front = _front(organisation)
    assert (front.moved, front.compared) == ([], 20)


def test_too_few_answers_show_no_score(organisation, add_survey, answered):
    survey = add_survey(organisation, "Texel")
    answered((survey, 2, {10: 4}))
    (standing,) = _front(organisation).standings
    assert (standing.week, standing.recent) == (4, None)


def test_weeks_end_with_today(organisation, add_survey, answered):
    survey = add_survey(organisation, "Edges")
    answered((survey, 6, {9: 5}), (survey, 7, {9: 5}), (survey, 27, {9: 5}), (survey, 28, {0: 5}))
    (standing,) = _front(organisation).standings
    assert (standing.week, standing.recent.n, standing.recent.value) == (5, 15, 100)
    assert standing.change.value == 200


def test_another_organisation_is_not_told(organisation, other_organisation, add_survey, answered):
    theirs = add_survey(other_organisation, "Theirs")
    answered((theirs, 3, {10: 50}))
    assert _front(organisation).standings == []


def test_an_empty_page_teaches(alice):
    page = alice.get("/", headers=LOCAL).content.decode()
    assert "Here your Monday morning will stand" in page


def test_whoever_only_looks_whether_it_is_there_is_answered(alice):
    for address in ("/", "/scores/", "/surveys/"):  # a monitor, a chat that shows a link
        answer = alice.head(address, headers=LOCAL)
        assert (answer.status_code, answer.content) == (200, b"")


def test_a_page_with_news_opens_on_it(alice, organisation, add_survey, monkeypatch, answered):
    from django.utils import timezone

    survey = add_survey(organisation, "Invoice")
    add_survey(organisation, "Waiting", state="draft")
    answered((survey, 40, {10: 150, 3: 50}), (survey, 3, {10: 80, 3: 120}))
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    page = alice.get("/", headers=LOCAL).content.decode()
    assert "200 answers in the past week" in page
    assert '<span class="quiet">200 answers</span>' in page  # no score without its base
    assert "“Invoice” went down" in page
    assert "“Waiting” waits for you" in page


def test_a_viewer_is_not_asked_to_open_a_survey(client_of, organisation, add_survey, answered):
    survey = add_survey(organisation, "Waiting", state="draft")
    answered((survey, 400, {10: 1}))
    page = client_of(organisation, "viewer").get("/", headers=LOCAL).content.decode()
    assert "Waiting" in page
    assert "waits for you" not in page
    assert "Too early to say what moves" in page


@pytest.mark.parametrize("number", [1, 30])
def test_the_number_of_queries_does_not_grow(
    alice, organisation, add_survey, answered, django_assert_num_queries, number: int
):
    surveys = [add_survey(organisation, f"Survey {place}") for place in range(number)]
    answered(*((survey, 3, {10: 10}) for survey in surveys))
    alice.get("/", headers=LOCAL)
    with django_assert_num_queries(5):
        alice.get("/", headers=LOCAL)
