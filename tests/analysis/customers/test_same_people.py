"""The same people twice, through the real door."""

import csv
import html
import io
import json
import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import altair as alt
import pytest
from django.urls import reverse

from gloed.analysis.customers.moves.report import transitions_of
from gloed.analysis.measures import measure_of
from gloed.people.models import Person
from gloed.stats import paired_change
from gloed.surveys.rules import SCALES, Metric

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ALL = {"from": "2026-02-01", "to": "2026-03-31"}
TABLE = {
    (3, 4): 10, (3, 7): 5, (3, 9): 5,
    (7, 2): 4, (8, 7): 30, (8, 10): 6,
    (10, 5): 2, (9, 8): 8, (10, 10): 80,
}  # fmt: skip


@pytest.fixture
def somebody(organisation):
    """A person who is known: `somebody("Anna")`."""
    return lambda name="": Person.objects.create(
        organisation=organisation, name=name, created_at=NOW
    )


@pytest.fixture
def twice(answer, somebody):
    """Two answers of one person, in January and in February."""

    def put(survey, before, after, *, name="", **fields):
        person = somebody(name)
        early = datetime(2026, 1, 10, 12, tzinfo=UTC)
        answer(survey, before, at=early, person=person, words=f"was {before}", **fields)
        late = datetime(2026, 2, 10, 12, tzinfo=UTC)
        answer(survey, after, at=late, person=person, words=f"is {after}", **fields)
        return person

    return put


@pytest.fixture
def survey(organisation, make_survey, twice, rebuild):
    """The worked example of the methods: 150 people twice."""
    found = make_survey(organisation)
    for (before, after), n in TABLE.items():
        for _place in range(n):
            twice(found, before, after)
    rebuild(organisation)
    return found


def page(client, name="home", *args, status=200, language="en", **query):
    response = client.get(
        reverse(f"customers:{name}", args=args) + "?" + urlencode(query),
        headers={"accept-language": language},
    )
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def cells_of(client, **query):
    response = client.get(reverse("customers:flow_csv") + "?" + urlencode(query))
    rows = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
    return {(row["before"], row["after"]): int(row["people"]) for row in rows}


def test_the_worked_example_of_the_methods():
    # methods.md 2.3: rows detractor, passive, promoter; +3.33, score -6.23 to 13.69
    measure = measure_of(Metric.NPS, SCALES[Metric.NPS][0])
    change = paired_change(transitions_of(measure, TABLE))
    assert change.value == pytest.approx(3.33333333)
    assert (change.low, change.high) == pytest.approx((-6.22626957, 13.6922477))


def test_the_page_says_what_the_same_people_did(alice, survey):
    text = page(alice, **ALL)
    assert "No certain change among the same people" in text
    assert "150 people answered twice: 16 went up a group, 14 went down, 120 stayed." in text
    assert "That makes +3 (−6 to +14) points: it may be nothing" in text
    assert "They are 100% of the 150 people who answered in this period." in text
    assert cells_of(alice, **ALL) == {
        ("detractor", "detractor"): 10,
        ("detractor", "passive"): 5,
        ("detractor", "promoter"): 5,
        ("passive", "detractor"): 4,
        ("passive", "passive"): 30,
        ("passive", "promoter"): 6,
        ("promoter", "detractor"): 2,
        ("promoter", "passive"): 8,
        ("promoter", "promoter"): 80,
    }


def test_the_figure_is_sound(alice, survey):
    (spec,) = re.findall(r'<script id="flow_spec" type="application/json">(.+?)</script>',
                         page(alice, **ALL))  # fmt: skip
    alt.Chart.from_dict(json.loads(spec), validate=True)


def test_every_cell_opens_the_people_in_it(alice, survey, client_of, organisation):
    text = page(alice, **ALL)
    links = re.findall(r'href="(/customers/same-people/[^"]+)"', text)
    assert len(links) == 9
    body = alice.get(links[2], headers={"accept-language": "en"}).content.decode()
    assert "2 people" in html.unescape(body)
    assert body.count("is 5") == body.count("was 10") == 2
    viewer = client_of(organisation, "viewer")
    assert "/customers/same-people/promoter/" not in page(viewer, **ALL)
    assert viewer.get(links[0]).status_code == 403


def test_a_period_can_be_laid_beside_the_one_before(alice, survey, answer, somebody, rebuild,
                                                   organisation):  # fmt: skip
    february = {"from": "2026-02-01", "to": "2026-02-28", "against": "before"}
    text = page(alice, **february)
    assert "150 people answered twice" in text
    assert "and 100% of the 150 of the earlier one" in text
    # somebody whose earlier answer lies before that period is no pair here
    person = somebody()
    answer(survey, 2, at=datetime(2025, 6, 1, tzinfo=UTC), person=person)
    answer(survey, 9, at=datetime(2026, 2, 11, tzinfo=UTC), person=person)
    rebuild(organisation)
    assert "150 people answered twice" in page(alice, **february)
    assert "151 people answered twice" in page(alice, **ALL)


def test_only_the_last_two_answers_count(alice, survey, answer, twice, rebuild, organisation):
    person = twice(survey, 0, 0)
    answer(survey, 10, at=datetime(2026, 2, 20, tzinfo=UTC), person=person)
    rebuild(organisation)
    cells = cells_of(alice, **ALL)
    assert cells["detractor", "promoter"] == 6
    assert sum(cells.values()) == 151


def test_certain_change_is_said(alice, organisation, make_survey, twice, rebuild):
    found = make_survey(organisation)
    for _place in range(40):
        twice(found, 3, 9)
        twice(found, 9, 9)
    rebuild(organisation)
    assert "The same people are more positive than before" in page(alice, **ALL)


def test_few_people_are_not_shown(alice, organisation, make_survey, twice, rebuild):
    found = make_survey(organisation)
    for _place in range(3):
        twice(found, 3, 9)
    rebuild(organisation)
    text = page(alice, **ALL)
    assert "somebody could be recognised" in text
    assert "flow_spec" not in text
    page(alice, "flow_csv", status=404, **ALL)


def test_colleagues_are_never_laid_beside_each_other(alice, organisation, make_survey, twice,
                                                     rebuild):  # fmt: skip
    found = make_survey(organisation, "enps")
    for _place in range(20):
        twice(found, 3, 9)
    rebuild(organisation)
    assert "Here it will stand where the same people went" in page(alice)
    page(alice, about=str(found.public_id), status=404)


def test_a_team_sees_its_own(organisation, make_survey, twice, rebuild, client_of):
    from gloed.base.models import Team

    north = Team.objects.create(organisation=organisation, name="North")
    found = make_survey(organisation)
    for _place in range(10):
        twice(found, 3, 9, team=north)
        twice(found, 9, 3)
    rebuild(organisation)
    frontline = client_of(organisation, "frontline", teams=[north])
    assert "10 people answered twice: 10 went up" in page(frontline, **ALL)


def test_strangers_see_nothing(charlie, survey):
    page(charlie, about=str(survey.public_id), status=404)
    page(charlie, "one_way", "promoter", "passive", about=str(survey.public_id), status=404)


def test_what_cannot_be_understood_is_no_harm(alice, survey):
    page(alice, **{"from": "x", "against": "y", "when": "z", "page": "²"})
    page(alice, "one_way", "promoter", "nobody", status=404)
    page(alice, "one_way", "promoter", "passive", page="0", **ALL)


def test_nothing_yet(alice):
    assert "Here it will stand where the same people went" in page(alice)
