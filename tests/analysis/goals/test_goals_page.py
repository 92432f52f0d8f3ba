"""Goals, through the real door."""

import html
import json
import re
from datetime import timedelta
from urllib.parse import urlencode

import altair as alt
import pytest
from django.urls import reverse
from django.utils import timezone

from gloed.analysis.goals.models import Goal
from gloed.analysis.goals.queries import lines_for
from gloed.base.models import AuditEntry, Membership, Team
from gloed.surveys.models import Question, SurveyVersion, Wording

LATER = timedelta(days=120)


@pytest.fixture(autouse=True)
def _own_projection(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def survey(organisation, make_survey, many, rebuild):
    """NPS 20 over the last ninety days, ten answers a day; North does better."""
    found = make_survey(organisation)
    now = timezone.now()
    many(found, {9: 300, 7: 200, 2: 100}, last=now, attributes={"region": "North"})
    many(found, {9: 100, 7: 100, 2: 130}, last=now, attributes={"region": "South"})
    rebuild(organisation)
    return found


@pytest.fixture
def goal(organisation, survey):
    """Set sixty days ago, due in sixty."""
    return make_goal(organisation, survey)


def make_goal(organisation, survey, *, value=30.0, ago=60, ahead=60, name="Better", **fields):
    today = timezone.localdate()
    return Goal.objects.create(
        organisation=organisation,
        name=name,
        about=str(survey.public_id),
        value=value,
        days=fields.pop("days", 30),
        set_on=today - timedelta(days=ago),
        due_on=today + timedelta(days=ahead),
        created_at=timezone.now(),
        **fields,
    )


def page(client, view="list", *args, status=200, language="en", **query):
    response = client.get(
        reverse(f"goals:{view}", args=args) + "?" + urlencode(query),
        headers={"accept-language": language},
    )
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def given(survey, today, **other):
    return {
        "about": str(survey.public_id),
        "value": "45",
        "due_on": (today + LATER).isoformat(),
        "days": "90",
        "name": "To forty-five",
        **other,
    }


def test_a_goal_is_set_and_says_what_the_volume_can_show(alice, survey, today):
    answer = alice.post(reverse("goals:new"), given(survey, today), follow=True)
    text = html.unescape(answer.content.decode())
    goal = Goal.objects.get()
    assert (goal.set_on, goal.due_on) == (today, today + LATER)
    assert "This can be shown: about" in text
    assert "On course cannot be said yet" in text
    assert AuditEntry.objects.filter(action="goal.set", subject="To forty-five").exists()


def test_a_small_goal_is_told_when_it_would_show(alice, survey, today):
    shown = page(alice, "new", **given(survey, today, value="23"))
    assert "With your volume this shows around" in shown
    assert "only a change of" in shown
    assert "stands there already" in page(alice, "new", **given(survey, today, value="-40"))
    part = alice.get(
        reverse("goals:new") + "?" + urlencode(given(survey, today, value="23", name="")),
        headers={"hx-request": "true", "hx-target": "outlook"},
    ).content.decode()
    assert part.lstrip().startswith('<div id="outlook"')
    assert Goal.objects.count() == 0


def test_what_cannot_be_a_goal_is_told_beside_its_field(alice, survey, today):
    for wrong, words in (
        ({"value": "140"}, "From −100 to 100."),
        ({"due_on": today.isoformat()}, "still to come"),
        ({"due_on": "2090-01-01"}, "within ten years"),
        ({"about": "nowhere"}, "Select a valid choice"),
    ):
        answer = alice.post(reverse("goals:new"), given(survey, today, **wrong))
        assert answer.status_code == 422
        assert words in html.unescape(answer.content.decode())
    assert Goal.objects.count() == 0


def test_a_part_of_the_answers_can_have_a_goal(alice, organisation, survey, today):
    answer = given(survey, today, **{"attr:region": "North"})
    alice.post(reverse("goals:new"), answer)
    goal = Goal.objects.get()
    text = page(alice, "detail", goal.public_id)
    assert "Region: North" in text
    assert "attr%3Aregion=North" in text
    held = page(alice, "change", goal.public_id)
    assert re.search(r'<option value="North" selected>', held)
    (line,) = lines_for(Membership.objects.get(role="owner"), str(survey.public_id))
    assert (line.value, line.filters) == (45, (("attr:region", "North"),))


def test_shares_are_typed_as_percentages(alice, organisation, make_survey, many, rebuild, today):
    survey = make_survey(organisation, "csat")
    many(survey, {5: 60, 4: 20, 1: 20}, last=timezone.now())
    rebuild(organisation)
    alice.post(reverse("goals:new"), given(survey, today, value="90"))
    goal = Goal.objects.get()
    assert goal.value == pytest.approx(0.9)
    assert "CSAT 90%" in page(alice)
    assert 'value="90"' in page(alice, "change", goal.public_id)
    answer = alice.post(reverse("goals:change", args=[goal.public_id]),
                        given(survey, today, value="85"))  # fmt: skip
    assert answer.status_code == 302
    goal.refresh_from_db()
    assert goal.value == pytest.approx(0.85)


def test_the_course_is_drawn_and_taken_along(alice, goal):
    text = page(alice, "detail", goal.public_id)
    spec = json.loads(re.search(r'<script id="course_spec"[^>]*>(.+?)</script>', text)[1])
    alt.Chart.from_dict(spec, validate=True)
    assert {"area", "line", "point"} <= {layer["mark"]["type"] for layer in spec["layer"]}
    answer = alice.get(reverse("goals:figure", args=[goal.public_id, "csv"]))
    assert b"month_from,answers,score" in answer.content
    assert alice.get(reverse("goals:figure", args=[goal.public_id, "doc"])).status_code == 404


def test_a_question_asked_otherwise_breaks_the_course(alice, goal, survey):
    on = timezone.now() - timedelta(days=40)
    version = SurveyVersion.objects.create(survey=survey, number=2, published_at=on)
    rating = Question.objects.create(
        version=version, position=1, kind="nps", scale_minimum=0, scale_maximum=10,
        high_is_good=True,
    )  # fmt: skip
    Wording.objects.create(question=rating, language="en", text="Would you tell a friend?")
    text = page(alice, "detail", goal.public_id)
    assert "it is asked in other words (version 2)." in text
    spec = json.loads(re.search(r'<script id="course_spec"[^>]*>(.+?)</script>', text)[1])
    assert {value["part"] for value in spec["data"]["values"]} == {0, 1}


@pytest.mark.parametrize(
    ("value", "ahead", "verdict"),
    [
        (-60, 60, "At the goal for certain"),
        (95, 1, "Behind"),
        (24, 1, "On course cannot be said yet"),
        (-60, 0, "Reached"),
        (95, 0, "Not reached"),
        (22, 0, "Too close to tell"),
    ],
)
def test_the_verdict_goes_no_further_than_the_answers(
    alice, organisation, survey, value, ahead, verdict
):
    make_goal(organisation, survey, value=value, ahead=ahead)
    assert verdict in page(alice)


def test_a_goal_is_taken_away_and_brought_back(alice, client_of, charlie, organisation, goal):
    remove, restore = (
        reverse(f"goals:{name}", args=[goal.public_id]) for name in ("remove", "restore")
    )
    assert charlie.post(remove).status_code == 404
    assert client_of(organisation, "viewer").post(remove).status_code == 403
    shown = html.unescape(alice.post(remove, follow=True).content.decode())
    assert "The goal “Better” is gone." in shown
    page(alice, "detail", goal.public_id, status=404)
    assert charlie.post(restore).status_code == 404
    assert alice.post(restore).status_code == 302
    assert "Better" in page(alice)


def test_frontline_sees_goals_of_the_own_team_only(client_of, organisation, survey, goal):
    own, other = (Team.objects.create(organisation=organisation, name=n) for n in ("A", "B"))
    for team in (own, other):
        make_goal(organisation, survey, name=f"Goal {team.name}", address=f"team={team.public_id}")
    client = client_of(organisation, "frontline", teams=[own])
    text = page(client)
    assert "Goal A" in text
    assert "Goal B" not in text
    assert "Better" not in text
    page(client, "detail", goal.public_id, status=404)


def test_few_answers_are_not_shown(alice, organisation, survey, many, rebuild):
    many(survey, {9: 3}, last=timezone.now(), attributes={"region": "Isle"})
    rebuild(organisation)
    goal = make_goal(organisation, survey, address="attr%3Aregion=Isle", name="Few")
    text = page(alice, "detail", goal.public_id)
    assert "somebody could be recognised" in text
    assert 'id="score_goal"' not in text


def test_a_goal_about_a_survey_that_is_gone_still_stands(alice, organisation, survey, goal):
    survey.deleted_at = timezone.now()
    survey.save()
    assert "answers that are gone" in page(alice)
    page(alice, "detail", goal.public_id)
    page(alice, "change", goal.public_id)


def test_empty_pages_teach(alice, client_of, organisation, make_survey, many, rebuild):
    assert "First answers, then goals" in page(alice)
    assert "First answers, then goals" in page(alice, "new")
    many(make_survey(organisation), {9: 10})
    rebuild(organisation)
    assert "No goals yet" in page(alice)
    assert "Nog geen doelen" in page(alice, language="nl")
    assert "As soon as a colleague sets one" in page(client_of(organisation, "viewer"))


@pytest.mark.parametrize("count", [1, 30])
def test_it_asks_the_record_the_same_whatever_there_is(
    alice, organisation, survey, django_assert_num_queries, count
):
    for number in range(count):
        make_goal(organisation, survey, name=f"Goal {number}", value=number)
    page(alice)
    with django_assert_num_queries(9):
        page(alice)


def test_dates_are_kept_in_order(organisation, survey):
    from django.db import IntegrityError, transaction

    with pytest.raises(IntegrityError), transaction.atomic():
        make_goal(organisation, survey, ago=0, ahead=0)
