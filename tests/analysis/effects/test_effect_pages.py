"""Fixing a prediction, keeping it, judging it once, and the register."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gloed.analysis import store
from gloed.analysis.effects import operations, tasks
from gloed.analysis.effects.models import Judgement, Prediction
from gloed.analysis.schema import make_table
from gloed.base import jobs
from gloed.base.models import JournalEntry, Team
from gloed.loop.improvements import operations as improvements
from gloed.loop.improvements.rules import Status
from gloed.surveys import operations as surveys
from gloed.surveys.rules import Metric

pytestmark = pytest.mark.django_db

START = date(2026, 3, 2)
BEFORE = datetime(2026, 2, 16, 9, 30, tzinfo=UTC)
AFTER = datetime(2026, 5, 26, 9, 30, tzinfo=UTC)
REGIONS = ("Noord", "Oost", "Zuid", "West")


@pytest.fixture
def at(monkeypatch):
    """Set the clock: `at(BEFORE)`."""
    return lambda moment: monkeypatch.setattr(timezone, "now", lambda: moment)


@pytest.fixture
def survey(organisation):
    content = surveys.usual_content(organisation, Metric.NPS)
    made = surveys.create_survey(organisation, title="Service", content=content, now=BEFORE)
    return surveys.open_survey(made, now=BEFORE)


@pytest.fixture
def answers(survey, monkeypatch):
    """Twelve weeks before and after: 40 answers a day; Noord and Oost rise, all through one table.

    Of ten answers five are promoters and three detractors; after the start those of Noord and Oost
    have one detractor and seven promoters.
    """
    calm, risen = [9, 9, 9, 9, 9, 7, 7, 2, 2, 2], [9] * 7 + [7, 7, 2]
    rows = [
        (START + timedelta(days=day), region, rating)
        for day in range(-84, 84)
        for region in REGIONS
        for rating in (risen if day >= 0 and region in {"Noord", "Oost"} else calm)
    ]
    columns = {
        "survey": [str(survey.public_id)] * len(rows),
        "metric": ["nps"] * len(rows),
        "scale_minimum": [0] * len(rows),
        "scale_maximum": [10] * len(rows),
        "high_is_good": [True] * len(rows),
        "rating": [rating for _day, _region, rating in rows],
        "unreadable": [False] * len(rows),
        "local_date": [day for day, _region, _rating in rows],
        "channel": ["email"] * len(rows),
        "attr:Region": [region for _day, region, _rating in rows],
    }
    source = store.from_arrow(make_table(columns))
    monkeypatch.setattr(store, "projection_of", lambda _organisation: source)
    return source


@pytest.fixture
def improvement(organisation):
    return improvements.create_improvement(
        organisation,
        {"title": "Answer within a day", "expected_points": 10.0, "starts_on": START},
        by=None,
        now=BEFORE,
    )


def get(client, name, *args, query=""):
    answer = client.get(
        reverse(f"effects:{name}", args=args) + query, headers={"accept-language": "en"}
    )
    assert answer.status_code == 200
    return answer.content.decode()


SIDES = {"side_0": "first", "side_1": "first", "side_2": "others", "side_3": "others"}


def fix(client, improvement, survey, *, do="fix", by="attr:Region", **changed):
    values = {
        "design": "groups",
        "minimum": "10",
        "starts_on": START.isoformat(),
        "weeks_before": "12",
        "weeks_after": "12",
        "settle_weeks": "0",
        "do": do,
        **SIDES,
        **changed,
    }
    url = reverse("effects:plan", args=[improvement.public_id])
    return client.post(f"{url}?about={survey.public_id}&by={by}", values)


def test_a_page_without_scores_teaches(alice, improvement):
    assert "There is no score yet" in get(alice, "plan", improvement.public_id)
    assert "Here stands what you foretold" in get(alice, "register")
    assert "fix with whom it is compared" in get(alice, "of_improvement", improvement.public_id)


def test_it_says_what_the_volume_can_show_before_anything_is_fixed(
    at, alice, answers, survey, improvement
):
    at(BEFORE)
    query = f"?about={survey.public_id}&by=attr:Region"
    text = get(alice, "plan", improvement.public_id, query=query)
    assert all(region in text for region in REGIONS)
    text = fix(alice, improvement, survey, do="look", minimum="20").content.decode()
    assert "seen nine times of ten" in text
    assert "after 25 May 2026" in text
    text = fix(alice, improvement, survey, do="look", minimum="1").content.decode()
    assert "within two years" in text
    text = fix(alice, improvement, survey, do="look", by="").content.decode()
    assert "Without comparison the answer will be" in text
    assert not Prediction.objects.exists()


def test_a_comparison_needs_both_sides(at, alice, answers, survey, improvement):
    at(BEFORE)
    nobody = dict.fromkeys(SIDES, "first")
    answer = fix(alice, improvement, survey, **nobody)
    assert answer.status_code == 422
    assert "at least one group on each side" in answer.content.decode()


def test_before_the_start_it_is_written_over_and_afterwards_never(
    at, alice, answers, survey, improvement
):
    at(BEFORE)
    assert fix(alice, improvement, survey, minimum="5").status_code == 302
    assert fix(alice, improvement, survey).status_code == 302
    only = Prediction.objects.get()
    assert (only.number, only.minimum, only.is_late) == (1, 10, False)
    assert sorted(only.treated + only.control) == sorted(REGIONS)
    improvements.move(improvement, to=Status.STARTED, by=None, now=BEFORE)
    assert "marked as fixed after the start" in get(alice, "plan", improvement.public_id)
    fix(alice, improvement, survey, minimum="2")
    second, first = Prediction.objects.order_by("-number")
    assert (first.minimum, second.minimum, second.is_late) == (10, 2, True)
    text = get(alice, "register")
    assert "at least 10 points" in text
    assert "version 2" in text
    assert "after the start" in text


def test_a_rise_against_the_others_is_likely_and_looked_at_once(
    at, alice, answers, survey, improvement
):
    at(BEFORE)
    sides = {region: ("first" if region in {"Noord", "Oost"} else "others") for region in REGIONS}
    order = sorted(REGIONS)
    fix(alice, improvement, survey, **{f"side_{k}": sides[name] for k, name in enumerate(order)})
    improvements.move(improvement, to=Status.STARTED, by=None, now=BEFORE)
    text = get(alice, "of_improvement", improvement.public_id)
    assert "Until then nobody peeks" in text
    alice.post(reverse("effects:judge", args=[improvement.public_id]))
    assert not Judgement.objects.exists()
    at(AFTER)
    assert operations.due_predictions(today=AFTER.date()) == [Prediction.objects.get()]
    run = jobs.JobRun(job=None, now=lambda: AFTER)
    tasks.judge(run)
    tasks.judge(run)
    judged = Judgement.objects.get()
    assert judged.verdict == "likely"
    text = get(alice, "of_improvement", improvement.public_id)
    assert "It likely helped." in text
    assert "+40 points" in text
    assert "Against those who did not get it" in text
    assert JournalEntry.objects.filter(kind="improvement.judged").count() == 1
    register = get(alice, "register")
    assert "1 likely helped" in register


def test_without_comparison_the_word_effect_is_never_said(at, alice, answers, survey, improvement):
    at(BEFORE)
    fix(alice, improvement, survey, by="")
    improvements.move(improvement, to=Status.STARTED, by=None, now=BEFORE)
    at(AFTER)
    alice.post(reverse("effects:judge", args=[improvement.public_id]))
    text = get(alice, "of_improvement", improvement.public_id)
    assert "We cannot tell whether it helped." in text
    assert "Change since the start: +20 points" in text
    assert "cannot be attributed" in text
    assert "mix of channels" in text
    assert "come back by itself" in text
    assert "effect " not in text.lower().replace('id="effect"', "")


def test_a_lot_is_drawn_once_and_can_be_drawn_again_by_its_seed(
    at, alice, answers, survey, improvement
):
    at(BEFORE)
    fix(alice, improvement, survey, design="rollout")
    drawn = Prediction.objects.get()
    assert len(drawn.treated) == len(drawn.control) == 2
    again = operations.drawn(sorted(REGIONS), drawn.seed)
    assert (again["order"], again["treated"]) == (drawn.order, drawn.treated)
    assert drawn.seed in get(alice, "of_improvement", improvement.public_id)
    orders = {tuple(operations.drawn(REGIONS, str(seed))["order"]) for seed in range(40)}
    assert len(orders) > 10


def test_too_few_people_are_never_judged(at, alice, answers, survey, improvement, organisation):
    at(BEFORE)
    organisation.minimum_group = 5000
    organisation.save()
    fix(alice, improvement, survey)
    improvements.move(improvement, to=Status.STARTED, by=None, now=BEFORE)
    at(AFTER)
    operations.judge_prediction(Prediction.objects.get(), now=AFTER)
    assert "Too few people answered" in get(alice, "of_improvement", improvement.public_id)


def test_a_frontline_colleague_reads_the_verdict_without_the_figures_of_other_teams(
    at, alice, client_of, organisation, answers, survey, improvement
):
    at(BEFORE)
    fix(alice, improvement, survey, by="")
    improvements.move(improvement, to=Status.STARTED, by=None, now=BEFORE)
    at(AFTER)
    operations.judge_prediction(Prediction.objects.get(), now=AFTER)
    zuid = Team.objects.create(organisation=organisation, name="Zuid")
    bob = client_of(organisation, "frontline", teams=[zuid])
    text = get(bob, "of_improvement", improvement.public_id)
    assert "We cannot tell" in text
    assert "+20" not in text
    there = reverse("effects:plan", args=[improvement.public_id])
    assert bob.get(there).status_code == 403


def test_charlie_finds_nothing(charlie, improvement):
    there = reverse("effects:of_improvement", args=[improvement.public_id])
    assert charlie.get(there).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_register_asks_the_same_at_one_row_and_at_thirty(
    alice, organisation, improvement, django_assert_num_queries, rows
):
    for number in range(rows):
        Prediction.objects.create(
            organisation=organisation,
            improvement=improvement,
            number=number,
            design="none",
            metric="nps",
            minimum=5,
            treated=[""],
            starts_on=START,
            fixed_at=BEFORE,
        )
    get(alice, "register")
    with django_assert_num_queries(9):
        assert get(alice, "register").count('<th scope="row">') == rows
