"""Drivers, through the real door."""

import csv
import html
import io
import json
import random
import re
from urllib.parse import urlencode

import altair as alt
import pytest
from django.urls import reverse

from gloed.analysis.drivers.report import MOST
from gloed.base.models import Team
from gloed.responses.models import Answer
from gloed.surveys.models import Question, Wording

PARTS = {"price": "The price", "service": "Our service", "colour": "The colour of the van"}


@pytest.fixture(autouse=True)
def _own_projection(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def ask(db):
    """Give a survey further ratings from 1 to 5: `ask(survey, {"price": "The price"})`."""

    def run(survey, parts=PARTS, *, high_is_good=True):
        version = survey.versions.get()
        for place, (key, text) in enumerate(parts.items(), start=3):
            question = Question.objects.create(
                version=version, position=place, kind="rating", key=key,
                scale_minimum=1, scale_maximum=5, high_is_good=high_is_good,
            )  # fmt: skip
            Wording.objects.create(question=question, language="en", text=text)
            Wording.objects.create(question=question, language="nl", text=f"{text} (nl)")
        return survey

    return run


@pytest.fixture
def rated(many):
    """People who rate the whole after price and service, not after the colour."""

    def run(survey, number, *, seed=1, weights=(1.6, 0.7, 0.0), **fields):
        chance = random.Random(seed)
        given = []
        for _ in range(number):
            parts = [chance.randint(1, 5) for _ in weights]
            pull = sum(w * (part - 3) for w, part in zip(weights, parts, strict=True))
            given.append((min(10, max(0, round(6 + pull + chance.gauss(0, 1)))), parts))
        given.sort()
        counts = {
            r: sum(one == r for one, _p in given) for r in dict.fromkeys(r for r, _p in given)
        }
        responses = many(survey, counts, **fields)
        questions = list(survey.versions.get().questions.filter(kind="rating").order_by("position"))
        Answer.objects.bulk_create(
            Answer(response=response, question=question, rating=part)
            for response, (_rating, parts) in zip(responses, given, strict=True)
            for question, part in zip(questions, parts, strict=True)
        )

    return run


@pytest.fixture
def survey(organisation, make_survey, ask, rated, rebuild):
    """Three hundred people for whom the price counts most."""
    found = ask(make_survey(organisation))
    rated(found, 300)
    rebuild(organisation)
    return found


def page(client, *, status=200, language="en", **query):
    response = client.get(
        reverse("drivers:drivers") + "?" + urlencode(query), headers={"accept-language": language}
    )
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def rows_of(client, name, **query):
    response = client.get(reverse("drivers:figure", args=[name, "csv"]) + "?" + urlencode(query))
    assert response.status_code == 200
    text = io.StringIO(response.content.decode("utf-8-sig"))
    return {row["driver"]: row for row in csv.DictReader(text)}


def test_importance_stands_beside_performance_with_what_is_explained(alice, survey):
    text = page(alice)
    assert "Goes most with the score: The price" in text
    share = int(re.search(r"Together these explain (\d+)% of the differences", text)[1])
    low, high = re.search(r'score__interval">(\d+)% to (\d+)%<', text).groups()
    assert int(low) <= share <= int(high)
    found = rows_of(alice, "importance")
    assert list(found) == ["The price", "Our service", "The colour of the van"]
    assert sum(float(row["share_of_variance_percent"]) for row in found.values()) == pytest.approx(
        share, abs=0.6
    )
    assert (found["The price"]["place_best"], found["The price"]["place_worst"]) == ("1", "1")
    matrix = rows_of(alice, "matrix")
    assert 0 < float(matrix["Our service"]["performance_low"]) < 50
    assert "(nl)" in page(alice, language="nl")


def test_every_figure_is_sound_and_can_be_taken_along(alice, survey):
    text = page(alice)
    specs = re.findall(r'<script id="(\w+)_spec" type="application/json">(.+?)</script>', text)
    assert [name for name, _spec in specs] == ["importance", "matrix"]
    for _name, spec in specs:
        alt.Chart.from_dict(json.loads(spec), validate=True)
    assert alice.get(reverse("drivers:figure", args=["matrix", "svg"])).status_code == 200
    assert alice.get(reverse("drivers:figure", args=["nothing", "csv"])).status_code == 404


def test_too_few_answers_are_refused_in_words(
    alice, organisation, make_survey, ask, rated, rebuild
):
    survey = ask(make_survey(organisation))
    rated(survey, 99)
    rebuild(organisation)
    text = page(alice)
    assert "100 answers that rate all of these questions are needed" in text
    assert "there are 99." in text
    rated(survey, 1, seed=2)
    rebuild(organisation)
    assert "Together these explain" in page(alice)


def test_drivers_that_overlap_cannot_be_ordered(
    alice, organisation, make_survey, ask, rated, rebuild
):
    rated(ask(make_survey(organisation)), 150, weights=(0.6, 0.6, 0.6))
    rebuild(organisation)
    text = page(alice)
    assert "These drivers cannot be put in order" in text
    assert "Their places overlap" in text


def test_a_part_with_its_good_end_below_is_turned_round(
    alice, organisation, make_survey, ask, rated, rebuild
):
    rated(ask(make_survey(organisation), high_is_good=False), 150, weights=(-1.5, -0.5, 0.0))
    rebuild(organisation)
    assert float(rows_of(alice, "importance")["The price"]["slope"]) > 0


def test_constant_and_twin_parts_are_named(alice, organisation, make_survey, ask, rated, rebuild):
    survey = ask(make_survey(organisation))
    rated(survey, 200)
    Answer.objects.filter(question__key="colour").update(rating=4)
    rebuild(organisation)
    assert "everybody gave the same rating: The colour of the van." in page(alice)
    prices = dict(Answer.objects.filter(question__key="price").values_list("response_id", "rating"))
    for answer in Answer.objects.filter(question__key="colour"):
        Answer.objects.filter(pk=answer.pk).update(rating=prices[answer.response_id])
    rebuild(organisation)
    text = page(alice)
    assert "The price and The colour of the van are rated so much alike" in text
    assert "The price + The colour of the van" in rows_of(alice, "matrix")


def test_of_many_answers_some_are_drawn(
    alice, organisation, survey, monkeypatch, make_survey, ask, rated
):
    monkeypatch.setattr("gloed.analysis.drivers.report.MOST", 200)
    text = page(alice, **{"from": "2020-01-01"})
    assert "Reckoned on 200 answers drawn by chance from these 300." in text
    assert MOST == 4_000


def test_all_alike_says_so(alice, organisation, make_survey, ask, rated, rebuild):
    rated(ask(make_survey(organisation)), 120)
    Answer.objects.filter(question__kind="nps").update(rating=8)
    rebuild(organisation)
    assert "Everybody gave the same rating" in page(alice)


def test_frontline_sees_drivers_of_the_own_team(
    client_of, charlie, organisation, survey, rated, rebuild
):
    team = Team.objects.create(organisation=organisation, name="Zuid")
    rated(survey, 110, seed=3, team=team)
    rebuild(organisation)
    client = client_of(organisation, "frontline", teams=[team])
    assert "over 110 answers" in page(client)
    page(charlie, about=str(survey.public_id), status=404)


def test_pages_without_further_ratings_lead_somewhere(
    alice, client_of, organisation, make_survey, many, rebuild
):
    assert "Here you see what goes with the score" in page(alice)
    survey = make_survey(organisation)
    many(survey, {9: 20})
    many(make_survey(organisation, title="Other"), {9: 10})
    rebuild(organisation)
    text = page(alice)
    assert "This survey asks no further ratings" in text
    assert reverse("surveys:detail", args=[survey.public_id]) in text
    assert "Dit onderzoek vraagt geen andere cijfers" in page(alice, language="nl")


@pytest.mark.parametrize("count", [1, 20])
def test_it_asks_the_record_the_same_whatever_there_is(
    alice, organisation, survey, make_survey, ask, many, rebuild, django_assert_num_queries, count
):
    for number in range(count):
        many(ask(make_survey(organisation, title=f"Survey {number}")), {9: 1})
    rebuild(organisation)
    page(alice)
    with django_assert_num_queries(13):
        page(alice)
