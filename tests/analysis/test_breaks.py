"""A change of the measured question breaks the trend, and every form of the figure says so."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import altair as alt
import pytest

from gloed.analysis import reports
from gloed.analysis.breaks import Break, within
from gloed.analysis.figures import figures_of
from gloed.analysis.filters import read
from gloed.analysis.scores import Point
from gloed.surveys import operations, queries
from gloed.surveys.rules import Change, OpenWords

START = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
PUBLISHED = datetime(2026, 2, 15, 23, 30, tzinfo=UTC)  # the 16th in Amsterdam


@pytest.fixture
def survey(organisation, answer):
    """Four months of answers; a second version came in the middle of February."""
    content = operations.usual_content(organisation, "nps")
    made = operations.create_survey(organisation, title="Klanten", content=content, now=START)
    operations.open_survey(made, now=START)
    for month in range(4):
        for number in range(8):
            answer(made, 9 - number % 4, at=START + timedelta(days=30 * month + number))
    return made


def publish(survey, change):
    content = queries.content_of(queries.read_version(survey.versions.latest("number")))
    operations.edit_survey(survey, title=survey.title, content=change(content), kind=survey.kind)
    operations.publish(survey, now=PUBLISHED)


def other_words(content):
    asked = content.rating["nl"]
    return replace(content, rating={**content.rating, "nl": replace(asked, text="Anders?")})


def other_reason(content):
    return replace(content, open={**content.open, "nl": OpenWords("Waarom?")})


def trend_of(survey, rebuild):
    now = START + timedelta(days=120)
    source = rebuild(survey.organisation)
    asked = read({"cut": "month"}, today=now.date())
    report = reports.score_report(source, survey, asked, now=now, is_current=True)
    return figures_of(report, csv_url=lambda _name: "")["trend"]


def test_other_words_of_the_rating_break_the_trend(survey, rebuild):
    publish(survey, other_words)
    figure = trend_of(survey, rebuild)
    assert "Since 16 Feb 2026 it is asked in other words (version 2)." in figure.says
    assert figure.columns[-1] == "Break"
    assert [row[-1] for row in figure.rows][:3] == ["", "16 Feb 2026: new wording", ""]
    assert figure.exact_columns[-1] == "question_changed_on"
    assert [row[-1] for row in figure.exact][:3] == [None, "2026-02-16", None]
    assert [value["part"] for value in figure.spec["data"]["values"]] == [0, 0, 1, 1]
    rule, text = figure.spec["layer"][-2:]
    assert (rule["mark"]["type"], text["mark"]["type"]) == ("rule", "text")
    assert rule["data"]["values"][0]["start"] == "2026-02-16T00:00:00"
    alt.Chart.from_dict(figure.spec)


def test_other_words_elsewhere_leave_it_whole(survey, rebuild):
    publish(survey, other_reason)
    figure = trend_of(survey, rebuild)
    assert "Break" not in figure.columns
    assert "Since" not in figure.says


def test_one_version_asks_the_record_once(survey, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert reports.breaks_of(survey) == ()


def test_a_break_outside_the_periods_shown_is_not_told():
    points = [Point(date(2026, month, 1), 20, None) for month in (2, 3)]
    days = (date(2026, 1, 15), date(2026, 2, 1), date(2026, 2, 2), date(2026, 3, 1))
    breaks = [Break(day, 2, (Change.SCALE,)) for day in days]
    assert [(place, one.on.day) for place, one in within(breaks, points)] == [(0, 2), (1, 1)]
