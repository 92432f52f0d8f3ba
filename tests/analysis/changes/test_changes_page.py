"""What changed, through the real door."""

import csv
import html
import io
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import altair as alt
import pytest
from django.urls import reverse

TODAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PERIODS = {"from": "2026-02-01", "to": "2026-02-28", "pfrom": "2026-01-01", "pto": "2026-01-31"}


@pytest.fixture(autouse=True)
def _own_projection(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def put(answer):
    """Answers of one month: `put(survey, 1, "North", {9: 3})`."""

    def run(survey, month, region, ratings, **fields):
        known = {"attributes": {"region": region}} if region else {}
        for rating, number in ratings.items():
            for place in range(number):
                at = datetime(2026, month, 1 + place % 27, 12, tzinfo=UTC)
                answer(survey, rating, at=at, **known, **fields)

    return run


@pytest.fixture
def survey(organisation, make_survey, put, rebuild):
    """North stays as it was, South falls."""
    found = make_survey(organisation)
    for month, south in ((1, {9: 30, 2: 10}), (2, {9: 10, 2: 30})):
        put(found, month, "North", {9: 25, 7: 10, 2: 5})
        put(found, month, "South", south)
    rebuild(organisation)
    return found


def page(client, name="changes", *args, status=200, language="en", **query):
    response = client.get(
        reverse(f"changes:{name}", args=args) + "?" + urlencode(query),
        headers={"accept-language": language},
    )
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def test_a_fall_is_told_with_the_group_it_sits_in(alice, survey):
    text = page(alice, **PERIODS)
    assert "It fell, and it sits in one place" in text
    assert "It sits with region South: from 50 to −50" in text
    assert "Among everybody else nothing clear happened" in text


def test_in_dutch_it_says_the_same(alice, survey):
    text = page(alice, language="nl", **PERIODS)
    assert "Het zit bij region South: van 50 naar −50" in text


def test_nothing_to_act_on_is_said_first(alice, organisation, make_survey, put, rebuild):
    found = make_survey(organisation)
    for month in (1, 2):
        put(found, month, "North", {9: 20, 2: 10})
        put(found, month, "South", {9: 20, 2: 10})
    rebuild(organisation)
    text = page(alice, **PERIODS)
    assert "Nothing you should act on" in text
    assert "NPS was 33 and still is; difference 0 (−33 to +33)." in text
    assert "a real change larger than 33 points would have shown" in text
    assert "NPS was 33 en is dat nog; verschil 0 (−33 tot +33)." in page(
        alice, language="nl", **PERIODS
    )


def test_scores_and_their_difference_are_told_so_that_they_add_up(
    alice, organisation, make_survey, put, rebuild
):
    # 20.5 and 21.6 round to 20 and 22, their difference of 1.1 to 1
    found = make_survey(organisation)
    put(found, 1, "North", {9: 24, 7: 5, 2: 15})
    put(found, 2, "North", {9: 24, 7: 14, 2: 13})
    rebuild(organisation)
    text = page(alice, **PERIODS)
    assert "NPS was 20.5 and is 21.6 now; that difference, +1.1 (−" in text


def test_another_mix_is_not_taken_for_another_opinion(
    alice, organisation, make_survey, put, rebuild
):
    found = make_survey(organisation)
    for month, glad, cross in ((1, 9, 1), (2, 1, 9)):
        put(found, month, "North", {10: 10 * glad, 7: glad})
        put(found, month, "South", {2: 10 * cross, 7: cross})
    rebuild(organisation)
    assert "Other people answered; they did not answer otherwise" in page(alice, **PERIODS)


def test_new_and_vanished_groups_and_channels_are_named(
    alice, organisation, make_survey, put, rebuild
):
    found = make_survey(organisation)
    put(found, 1, "Old", {9: 20, 2: 20}, channel="email")
    put(found, 2, "New", {9: 20, 2: 20}, channel="sms")
    for month in (1, 2):
        put(found, month, "Stays", {9: 20, 2: 20}, channel="link")
    rebuild(organisation)
    text = page(alice, **PERIODS)
    assert re.search(r"New in this period:[^.]*region New", text)
    assert re.search(r"No longer there:[^.]*region Old", text)
    assert "Answers came in by other ways: " in text


def test_small_groups_are_hidden_with_what_would_give_them_away(
    alice, organisation, survey, put, rebuild
):
    put(survey, 1, "Isle", {2: 3})
    put(survey, 2, "Isle", {2: 9})
    rebuild(organisation)
    response = alice.get(
        reverse("changes:figure_csv", args=["groups"])
        + "?" + urlencode({**PERIODS, "by": "attr:region"})
    )  # fmt: skip
    rows = {
        row["value"]: row
        for row in csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    }
    assert rows["Isle"]["answers_before"] == ""
    assert sum(row["answers_before"] == "" for row in rows.values()) == 2


@pytest.mark.parametrize("metric", ["nps", "csat", "ces", "enps", "stars", "thumbs"])
def test_every_metric_has_sound_figures(alice, organisation, make_survey, put, rebuild, metric):
    found = make_survey(organisation, metric)
    for month, low in ((1, 10), (2, 25)):
        for region in ("North", "South"):
            put(found, month, region, {1: low, 0 if metric == "thumbs" else 3: 20})
    rebuild(organisation)
    text = page(alice, **PERIODS)
    specs = re.findall(r'<script id="(\w+)_spec" type="application/json">(.+?)</script>', text)
    assert [name for name, _spec in specs] == ["steps", "groups"]
    for _name, spec in specs:
        alt.Chart.from_dict(json.loads(spec), validate=True)


def test_steps_add_up_to_the_score_now(alice, survey):
    response = alice.get(reverse("changes:figure_csv", args=["steps"]) + "?" + urlencode(PERIODS))
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    first, *moves, last = rows
    total = float(first["score_after_it"]) + sum(float(row["part"]) for row in moves)
    assert total == pytest.approx(float(last["score_after_it"]))


def test_a_figure_can_be_drawn_outside_a_browser(alice, survey):
    response = alice.get(reverse("changes:figure_svg", args=["groups"]) + "?" + urlencode(PERIODS))
    assert response.content.startswith(b"<svg")
    page(alice, "figure_svg", "nothing", status=404)


def test_new_words_of_the_question_are_called_out(alice, organisation, survey):
    from gloed.surveys.models import Question, SurveyVersion, Wording

    version = SurveyVersion.objects.create(
        survey=survey, number=2, published_at=datetime(2026, 2, 1, 8, tzinfo=UTC)
    )
    for position, kind in ((1, "nps"), (2, "open")):
        scale = {"scale_minimum": 0, "scale_maximum": 10} if position == 1 else {}
        asked = Question.objects.create(version=version, position=position, kind=kind, **scale)
        Wording.objects.create(question=asked, language="en", text=f"Quite other words {position}")
    text = page(alice, **PERIODS)
    assert "it is asked in other words (version 2). The change can be that." in text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({**PERIODS, "pto": "2026-02-10"}, "These two periods overlap"),
        ({"from": "2020-01-01", "to": "2020-02-01"}, "nobody answered"),
        ({"about": "nps-relationship"}, ""),
        ({"when": "x", "against": "x", "by": "survey", "attr:x": "1"}, ""),
        ({"from": "0001-01-01", "to": "9999-12-31", "against": "year"}, ""),
        ({"from": "0001-01-01", "to": "0001-02-01"}, ""),
        ({"pfrom": "2026-02-30", "pto": "x", "against": "own"}, ""),
    ],
)
def test_any_address_gives_a_page(alice, organisation, survey, make_survey, answer, rebuild,
                                  query, words):  # fmt: skip
    answer(make_survey(organisation, title="Second"), 9)
    rebuild(organisation)
    assert words in page(alice, **query)


def test_all_surveys_of_a_metric_and_a_kind_stand_together(
    alice, organisation, survey, make_survey, put, rebuild
):
    other = make_survey(organisation, title="Second")
    for month in (1, 2):
        put(other, month, "North", {9: 20})
    rebuild(organisation)
    text = page(alice, about="nps-relationship", **PERIODS)
    assert "All surveys with NPS about the relationship" in text
    assert "100 answers" in text


def test_nobody_answered_teaches_what_will_stand_here(alice, organisation, make_survey):
    make_survey(organisation)
    assert "Here it will stand what changed" in page(alice)


def test_others_see_nothing_and_frontline_the_own_team(
    client_of, charlie, organisation, survey, put, rebuild
):
    from gloed.base.models import Team

    own = Team.objects.create(organisation=organisation, name="A")
    for month in (1, 2):
        put(survey, month, "North", {9: 11, 2: 1}, team=own)
    rebuild(organisation)
    page(charlie, about=str(survey.public_id), status=404)
    frontline = client_of(organisation, "frontline", teams=[own])
    text = page(frontline, **PERIODS)
    assert "12 answers" in text
    assert "South" not in text
    teamless = client_of(organisation, "frontline", email="new@example.org")
    assert "nobody answered" in page(teamless, **PERIODS)


@pytest.mark.parametrize("count", [1, 20])
def test_it_asks_the_record_the_same_whatever_there_is(
    alice, organisation, survey, make_survey, answer, rebuild, django_assert_num_queries, count
):
    for number in range(count):
        answer(make_survey(organisation, title=f"Survey {number}"), 9, at=TODAY - timedelta(days=9))
    rebuild(organisation)
    page(alice, **PERIODS)
    with django_assert_num_queries(11):
        page(alice, **PERIODS)
