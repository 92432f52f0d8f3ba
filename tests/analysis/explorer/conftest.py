"""Answers by region and contract, and the explorer through its real door."""

import csv
import html
import io
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from django.urls import reverse


@pytest.fixture(autouse=True)
def _own_projection(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def put(answer):
    """Answers of one month: `put(survey, 1, {9: 3}, region="North")`."""

    def run(survey, month, ratings, *, person=None, team=None, **known):
        for rating, number in ratings.items():
            for place in range(number):
                at = datetime(2026, month, 1 + place % 27, 12, tzinfo=UTC)
                answer(survey, rating, at=at, attributes=known, person=person, team=team)

    return run


@pytest.fixture
def survey(organisation, make_survey, put, rebuild):
    """North does well, South does not, in three months and two contracts."""
    found = make_survey(organisation)
    for month in (1, 2, 3):
        for contract in ("Fixed", "Variable"):
            put(found, month, {9: 20, 7: 5}, region="North", contract=contract)
            put(found, month, {7: 5, 2: 20}, region="South", contract=contract)
    rebuild(organisation)
    return found


def page(client, name="explorer", *args, status=200, language="en", **query):
    response = client.get(
        reverse(f"explorer:{name}", args=args) + "?" + urlencode(query),
        headers={"accept-language": language},
    )
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def rows_of(client, name, **query):
    response = client.get(reverse("explorer:figure_csv", args=[name]) + "?" + urlencode(query))
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
