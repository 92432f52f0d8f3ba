"""The scores along a journey: each in its own metric, never mixed, judged only where it holds."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from gloed.analysis import journeys
from gloed.analysis.queries import ALL_TIME, Window
from gloed.surveys.journeys import queries
from gloed.surveys.journeys.rules import Standing
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.models.journey import Journey, Phase
from gloed.surveys.rules import Scale

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ENGLISH = {"accept-language": "en"}


@pytest.fixture
def place(organisation):
    """A touchpoint in the one journey: `place("Bill", metric="csat", good_enough=60)`."""
    journey = Journey.objects.create(organisation=organisation, name="Customers", created_at=NOW)
    phase = Phase.objects.create(journey=journey, name="Using")

    def make(name="Bill", **fields):
        count = Touchpoint.objects.filter(phase=phase).count()
        return Touchpoint.objects.create(
            organisation=organisation, phase=phase, name=name, position=count, **fields
        )

    return make


@pytest.fixture
def ask(make_survey, organisation):
    """A survey at a touchpoint: `ask(bill, "csat")`."""

    def make(touchpoint, metric="csat", *, kind="transactional", **kwargs):
        survey = make_survey(organisation, metric, **kwargs)
        survey.touchpoint, survey.kind = touchpoint, kind
        survey.save()
        return survey

    return make


@pytest.fixture
def score(organisation, rebuild):
    """The score of one touchpoint: `score(bill)`."""

    def read(touchpoint, window=ALL_TIME):
        touchpoint.refresh_from_db()
        moments = queries.moments_of([touchpoint])
        source = rebuild(organisation)
        (found,) = journeys.moment_scores(source, organisation, moments, window, cut_off=NOW)
        return found

    return read


def page(journey=None, query=""):
    journey = journey or Journey.objects.get()
    return reverse("analysis:journey", args=[journey.public_id]) + query


@pytest.mark.parametrize(
    ("line", "standing"),
    [(40, Standing.ABOVE), (99, Standing.BELOW), (82, Standing.UNCLEAR), (None, None)],
)
def test_a_verdict_needs_the_whole_interval(place, ask, spread, score, line, standing):
    bill = place(metric="csat", good_enough=line)
    spread(ask(bill), {5: 50, 4: 30, 2: 20})
    found = score(bill)
    assert (found.n, found.estimate.value, found.measure.label) == (100, 0.8, "CSAT")
    assert found.standing is standing


def test_surveys_of_one_metric_count_together_and_others_not(place, ask, spread, score):
    bill = place(metric="csat")
    spread(ask(bill), {5: 10})
    spread(ask(bill), {1: 10})
    spread(ask(bill, "nps"), {0: 10})
    assert (score(bill).n, score(bill).estimate.value) == (20, 0.5)


def test_the_moment_goes_before_the_relationship_and_they_are_never_added_up(
    place, ask, spread, score
):
    visit = place("Visit", metric="nps")
    spread(ask(visit, "nps", kind="relationship"), {0: 50})
    assert score(visit).estimate.value == -100
    spread(ask(visit, "nps"), {10: 10})
    found = score(visit)
    assert (found.n, found.estimate.value) == (10, 100)
    assert len(found.caveats) == 2  # few answers, and what was left out
    assert dict(found.definition.rows)["Kind"]


def test_answers_that_name_their_touchpoint_count_there(place, ask, spread, score):
    bill, phone = place("Bill", metric="csat"), place("Phone", metric="csat")
    spread(ask(bill), {5: 7})
    survey = Survey.objects.get()
    spread(survey, {1: 6}, touchpoint=phone)
    assert (score(bill).n, score(phone).n) == (7, 6)


def test_a_scale_of_its_own_stands_apart_and_so_does_its_line(place, ask, spread, score):
    call = place("Call", metric="ces", good_enough=5.0, line_top=7)
    spread(ask(call, "ces", scale=Scale(1, 5)), {5: 20})
    found = score(call)
    assert (found.line, found.other_line, found.standing) == (None, True, None)
    spread(ask(call, "ces", scale=Scale(1, 7)), {7: 30})
    found = score(call)
    assert (found.n, found.line, found.standing) == (30, 5.0, Standing.ABOVE)


def test_too_few_are_not_shown(place, ask, spread, score, organisation):
    bill = place(metric="csat")
    spread(ask(bill), {5: organisation.minimum_group - 1})
    found = score(bill)
    assert found.is_hidden
    assert found.estimate is None
    assert found.n == 0


def test_only_the_days_of_the_period_count(place, ask, answer, score):
    bill = place(metric="csat")
    survey = ask(bill)
    for days in (0, 40, 200):
        for _ in range(6):
            answer(survey, 5, at=NOW - timedelta(days=days))
    today = date(2026, 3, 2)
    counted = [
        score(bill, journeys.window_of(period, today=today)).n for period in journeys.PERIODS
    ]
    assert counted == [6, 12, 18, 18]
    assert journeys.window_of("30d", today=today) == Window(date(2026, 2, 1), date(2026, 3, 3))
    assert journeys.read_period("nonsense") == "90d"


def test_the_page_tells_score_line_owner_and_expectation(
    alice, organisation, place, ask, spread, rebuild
):
    owner = organisation.memberships.get()
    bill = place(metric="csat", good_enough=40, owner=owner, expectation="The bill is right.")
    place("Silent", metric="ces")
    spread(ask(bill), {5: 50, 4: 30, 2: 20})
    rebuild(organisation)
    url = page(query="?when=all")
    text = alice.get(url, headers=ENGLISH).text
    assert "80%" in text
    assert "Good enough (from 40%)" in text
    assert "100 answers" in text
    assert "“The bill is right.”" in text
    assert str(owner) in text
    assert "Nobody is asked here yet." in text
    assert reverse("journeys:touchpoint", args=[bill.public_id]) in text


def test_two_metrics_are_warned_of_on_the_page(alice, place, ask):
    bill = place(metric="csat")
    ask(bill, "nps")
    assert "two yardsticks" in alice.get(page(), headers=ENGLISH).text


def test_the_entrance_leads_to_the_first_journey_or_to_a_beginning(alice, organisation):
    entrance = reverse("analysis:journeys")
    assert alice.get(entrance)["Location"] == reverse("journeys:list")
    journey = Journey.objects.create(organisation=organisation, name="One", created_at=NOW)
    assert alice.get(entrance)["Location"] == page(journey)
    assert reverse("journeys:arrange", args=[journey.public_id]) in alice.get(page(journey)).text


def test_several_journeys_stand_beside_each_other(alice, organisation, place):
    place()
    other = Journey.objects.create(organisation=organisation, name="Business", created_at=NOW)
    gone = Journey.objects.create(
        organisation=organisation, name="Gone", created_at=NOW, removed_at=NOW
    )
    text = alice.get(page(Journey.objects.first())).text
    assert page(other) in text
    assert page(gone) not in text
    assert alice.get(page(gone)).status_code == 404


def test_the_part_of_a_touchpoint_is_a_page_of_its_own_without_a_script(
    alice, charlie, place, ask, spread, rebuild, organisation
):
    bill = place(metric="csat", good_enough=40)
    spread(ask(bill), {5: 40})
    rebuild(organisation)
    url = reverse("analysis:touchpoint_score", args=[bill.public_id]) + "?when=all"
    whole = alice.get(url, headers=ENGLISH).text
    part = alice.get(
        url, headers=ENGLISH | {"HX-Request": "true", "HX-Target": "touchpoint_score"}
    ).text
    assert "<html" in whole
    assert "<html" not in part
    for text in (whole, part):
        assert "Good enough (from 40%)" in text
    assert charlie.get(url).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_a_journey_asks_as_many_questions_for_one_touchpoint_as_for_thirty(
    alice, place, ask, spread, rebuild, organisation, django_assert_num_queries, rows
):
    owner = organisation.memberships.get()
    for number in range(rows):
        spread(ask(place(f"T{number:02}", metric="csat", owner=owner)), {5: 6})
    rebuild(organisation)
    alice.get(page(query="?when=all"))
    with django_assert_num_queries(13):
        text = alice.get(page(query="?when=all")).text
    assert text.count('<li class="touch">') == rows
    assert "touch__value" in text
