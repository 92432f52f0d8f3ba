"""A score, its groups and its periods held against a goal, through the real door."""

import json
import re
from datetime import date

import altair as alt
import pytest

from gloed.analysis.goals.models import Goal
from gloed.base.models import Team
from tests.analysis.explorer.conftest import page, rows_of
from tests.conftest import NOW


@pytest.fixture
def goal(organisation, survey):
    """An NPS of 30; the whole stands at 0, North at 80, South at -80."""
    return make_goal(organisation, survey)


def make_goal(organisation, survey, value=30.0, name="Recommended", **fields):
    return Goal.objects.create(
        organisation=organisation,
        name=name,
        about=str(survey.public_id),
        value=value,
        days=90,
        set_on=date(2026, 1, 1),
        due_on=date(2026, 12, 31),
        created_at=NOW,
        **fields,
    )


def asked_of(goal, **query):
    return {"by": "attr:region", "cut": "month", "versus": f"goal:{goal.public_id}", **query}


def test_the_whole_is_held_against_a_goal_with_its_interval(alice, goal):
    text = page(alice, **asked_of(goal))
    assert "Clearly below the goal of 30, “Recommended”: −30 (−40 to −20)." in text
    assert "Clearly above the goal: North." in text
    assert "Clearly below the goal: South." in text
    dutch = page(alice, language="nl", **asked_of(goal))
    assert "Duidelijk onder het doel van 30, “Recommended”: −30 (−40 tot −20)." in dutch


def test_near_a_goal_nothing_is_claimed(alice, organisation, survey):
    near = make_goal(organisation, survey, value=2.0)
    assert "Cannot be told from the goal of 2" in page(alice, **asked_of(near))


def test_each_group_and_period_tells_its_distance_and_the_file_holds_it(alice, goal):
    for row in rows_of(alice, "groups", **asked_of(goal)):
        for ours, own in (("difference", "score"), ("difference_low", "low")):
            assert float(row[ours]) == pytest.approx(float(row[own]) - 30)
        assert float(row["p_value_corrected"]) < 0.05
    months = rows_of(alice, "course", **asked_of(goal))
    assert [row["goal"] for row in months] == ["30.0"] * 3
    assert all(float(row["p_value_corrected"]) < 0.05 for row in months)
    assert "0 lie clearly above the goal and 3 clearly below it" in page(alice, **asked_of(goal))


def test_figures_draw_the_goal_as_a_dashed_line(alice, goal):
    text = page(alice, **asked_of(goal))
    specs = re.findall(r'<script id="(\w+)_spec" type="application/json">(.+?)</script>', text)
    drawn = {name: json.loads(spec) for name, spec in specs}
    for name in ("course", "groups"):
        alt.Chart.from_dict(drawn[name], validate=True)
        (rule,) = [layer for layer in drawn[name]["layer"]
                   if layer["mark"].get("strokeDash")]  # fmt: skip
        assert rule["data"]["values"][0]["aim"] == 30
    cells = drawn["heat"]["data"]["values"]
    assert {(cell["name"], cell["state"]) for cell in cells} == {
        ("North", "above"),
        ("South", "below"),
    }


def test_a_goal_for_other_answers_says_so_and_leads_to_them(alice, organisation, survey):
    north = make_goal(organisation, survey, address="attr:region=North")
    text = page(alice, **asked_of(north))
    assert "The goal was set for Region: North; here it is held against other answers." in text
    assert "attr%3Aregion=North" in text
    assert "was set for" not in page(alice, **asked_of(north, **{"attr:region": "North"}))


def test_only_goals_one_may_see_are_offered_and_others_are_as_if_not_there(
    alice, client_of, organisation, survey, goal, make_survey, put, rebuild
):
    team = Team.objects.create(organisation=organisation, name="A")
    put(survey, 2, {9: 12}, team=team, region="North", contract="Fixed")
    other = make_survey(organisation, title="Other")
    put(other, 1, {9: 20})
    elsewhere = make_goal(organisation, other, name="Elsewhere")
    rebuild(organisation)
    text = page(alice, **asked_of(elsewhere))
    assert "Elsewhere" not in text
    assert "Clearly above the rest: North." in text
    frontline = client_of(organisation, "frontline", teams=[team])
    assert "Recommended" not in page(frontline, **asked_of(goal))
    page(alice, versus="goal:\x00", by="attr:region")
    page(alice, versus="goal:", by="attr:region")
