"""The page of the teams, through the real door."""

import csv
import html
import io
import json
import re
from urllib.parse import urlencode

import altair as alt
import pytest
from django.urls import reverse

from gloed.base.models import Team
from gloed.surveys.models import Survey


@pytest.fixture(autouse=True)
def _own_projection(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def teams(organisation, make_survey, many, rebuild):
    """North does well and South badly on many answers; East has 14, West 20."""
    survey = make_survey(organisation)
    made = {
        name: Team.objects.create(organisation=organisation, name=name)
        for name in ("North", "South", "East", "West", "Centre")
    }
    many(survey, {9: 45, 7: 10, 2: 5}, team=made["North"], channel="link")
    many(survey, {9: 10, 7: 10, 2: 40}, team=made["South"], channel="link")
    many(survey, {9: 30, 7: 12, 2: 18}, team=made["Centre"], channel="link")
    many(survey, {9: 14}, team=made["East"], channel="link")
    many(survey, {2: 20}, team=made["West"], channel="link")
    rebuild(organisation)
    return made


def page(client, *, language="en", status=200, **query):
    response = client.get(
        reverse("teams:teams") + "?" + urlencode(query), headers={"accept-language": language}
    )
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def rows_of(client, **query):
    response = client.get(reverse("teams:figure", args=["csv"]) + "?" + urlencode(query))
    assert response.status_code == 200
    return {
        row["name"]: row
        for row in csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    }


def test_teams_stand_steadied_beside_counted_with_their_places(alice, teams):
    text = page(alice)
    assert "Some teams differ for certain" in text
    assert "Better than some others for certain: North." in text
    assert "Worse than some others for certain: South." in text
    found = rows_of(alice)
    north = {name: float(found["North"][name]) for name in ("score", "steadied", "low", "high")}
    assert north["score"] == pytest.approx(100 * 40 / 60)
    assert north["low"] < north["steadied"] < north["score"]
    assert (found["North"]["place_best"], found["North"]["of_teams"]) == ("1", "3")
    spec = json.loads(re.search(r'<script id="by_team_spec"[^>]*>(.+?)</script>', text)[1])
    alt.Chart.from_dict(spec, validate=True)
    for ending in ("xlsx", "svg", "png"):
        assert alice.get(reverse("teams:figure", args=[ending])).status_code == 200
    assert alice.get(reverse("teams:figure", args=["exe"])).status_code == 404


def test_fourteen_answers_are_shown_to_their_team_alone(alice, client_of, organisation, teams):
    assert rows_of(alice)["East"]["score"] == ""
    assert "2 teams have fewer than 30 people who answered" in page(alice)
    member = client_of(organisation, "analyst", teams=[teams["East"]])
    assert float(rows_of(member)["East"]["score"]) == 100
    assert rows_of(member)["West"]["score"] == ""


def test_frontline_sees_the_own_team_and_nothing_of_others(client_of, organisation, teams):
    client = client_of(organisation, "frontline", teams=[teams["South"]])
    found = rows_of(client)
    assert float(found["South"]["score"]) == -50
    assert {row["score"] for name, row in found.items() if name != "South"} == {""}
    text = page(client)
    assert "South: place 3 of 3." in text
    assert "All teams" not in text


def test_a_filter_cannot_single_out_a_person(alice, organisation, teams, many, rebuild):
    survey = str(Survey.objects.get().public_id)
    many(Survey.objects.get(), {0: 2}, team=teams["North"], channel="kiosk")
    rebuild(organisation)
    assert rows_of(alice, about=survey)["North"]["answers"] == "62"
    assert rows_of(alice, about=survey, channel="link")["North"]["answers"] == ""


def test_teams_that_cannot_be_ranked_say_so(alice, organisation, make_survey, many, rebuild):
    survey = make_survey(organisation)
    for name in ("A", "B", "C"):
        team = Team.objects.create(organisation=organisation, name=name)
        many(survey, {9: 20, 7: 10, 2: 10}, team=team)
    rebuild(organisation)
    assert "with these answers each could be first or last" in page(alice)
    assert "Deze teams zijn niet te rangschikken" in page(alice, language="nl")


@pytest.mark.parametrize("metric", ["csat", "ces"])
def test_other_metrics_keep_their_unit(alice, organisation, make_survey, many, rebuild, metric):
    survey = make_survey(organisation, metric)
    for name, good in (("A", 40), ("B", 30), ("C", 20)):
        team = Team.objects.create(organisation=organisation, name=name)
        many(survey, {5: good, 1: 50 - good}, team=team)
    rebuild(organisation)
    for row in rows_of(alice).values():
        assert float(row["low"]) <= float(row["score"]) <= float(row["high"])
        low, high = (0, 1) if metric == "csat" else (1, 7)
        assert low <= float(row["steadied_low"]) <= float(row["steadied"]) <= high


def test_nobody_answered_and_no_team_lead_somewhere(
    alice, client_of, organisation, make_survey, many, rebuild
):
    survey = make_survey(organisation)
    assert "Here your teams will stand" in page(alice)
    many(survey, {9: 12})
    rebuild(organisation)
    assert reverse("base:team_list") in page(alice)
    assert "Choose another survey" in page(client_of(organisation, "viewer"))


def test_strangers_see_nothing(charlie, organisation, teams):
    page(charlie, about=str(Survey.objects.get().public_id), status=404)
    assert charlie.get(reverse("teams:figure", args=["csv"])).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_it_asks_the_record_the_same_whatever_there_is(
    alice, organisation, make_survey, answer, rebuild, django_assert_num_queries, count
):
    survey = make_survey(organisation)
    for number in range(count):
        answer(survey, 9, team=Team.objects.create(organisation=organisation, name=f"T{number}"))
    rebuild(organisation)
    page(alice)
    with django_assert_num_queries(11):
        page(alice)
