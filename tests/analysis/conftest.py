"""Answers in the record, and the worker's part of the work done at once."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_projection(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def make_survey(db):
    """A survey with one published version: `make_survey(organisation, "nps")`."""
    from gloed.surveys.models import Question, Survey, SurveyVersion, Wording
    from gloed.surveys.rules import SCALES, Metric

    def make(organisation, metric="nps", *, title="Relationship", scale=None):
        scale = scale or SCALES[Metric(metric)][0]
        survey = Survey.objects.create(
            organisation=organisation,
            title=title,
            metric=metric,
            languages=["en", "nl"],
            state="open",
            created_at=NOW,
        )
        version = SurveyVersion.objects.create(survey=survey, number=1, published_at=NOW)
        rating = Question.objects.create(
            version=version,
            position=1,
            kind=metric,
            scale_minimum=scale.minimum,
            scale_maximum=scale.maximum,
            high_is_good=scale.high_is_good,
        )
        words = Question.objects.create(version=version, position=2, kind="open")
        for question, text in ((rating, "How likely?"), (words, "Why?")):
            Wording.objects.create(question=question, language="en", text=text)
        return survey

    return make


@pytest.fixture
def answer(db):
    """Put one answer into the record, as if it had come in long ago: no news of it is told."""
    from gloed.responses.models import Answer, Response
    from gloed.surveys.models import SurveyVersion

    def put(survey, rating=None, *, at=NOW, words="", raw="", **fields):
        version = SurveyVersion.objects.get(survey=survey, number=1)
        response = Response.objects.create(
            organisation=survey.organisation,
            survey=survey,
            version=version,
            key=f"test:{uuid4()}",
            source=fields.pop("source", "link"),
            responded_at=at,
            recorded_at=NOW,
            updated_at=NOW,
            **fields,
        )
        asked, opened = version.questions.order_by("position")
        if rating is not None or raw:
            Answer.objects.create(response=response, question=asked, rating=rating, raw=raw)
        if words:
            Answer.objects.create(response=response, question=opened, verbatim=words)
        return response

    return put


@pytest.fixture
def rebuild(db):
    """Make an organisation's projection anew and return it as a source of queries."""
    from gloed.analysis import projection, store
    from gloed.analysis.projection import Changes

    def run(organisation):
        projection.project(organisation, Changes(everything=True), now=NOW)
        return store.projection_of(organisation)

    return run


@pytest.fixture
def spread(answer):
    """Many answers over days back from NOW: `spread(survey, {9: 3, 2: 1}, team=…)`."""

    def put(survey, ratings, **fields):
        place = 0
        for rating, number in ratings.items():
            for _ in range(number):
                answer(survey, rating, at=NOW - timedelta(days=place % 90), **dict(fields))
                place += 1

    return put


@pytest.fixture
def many(db):
    """The same as `spread`, written in one go: `many(survey, {9: 300}, days=30, team=…)`."""
    from gloed.responses.models import Answer, Response
    from gloed.surveys.models import SurveyVersion

    def put(survey, ratings, *, days=90, last=NOW, **fields):
        version = SurveyVersion.objects.get(survey=survey, number=1)
        asked = version.questions.order_by("position").first()
        given = [rating for rating, number in ratings.items() for _ in range(number)]
        source = fields.pop("source", "link")
        responses = Response.objects.bulk_create(
            Response(
                organisation=survey.organisation,
                survey=survey,
                version=version,
                key=f"test:{uuid4()}",
                source=source,
                responded_at=last - timedelta(days=place % days),
                recorded_at=NOW,
                updated_at=NOW,
                **fields,
            )
            for place in range(len(given))
        )
        Answer.objects.bulk_create(
            Answer(response=response, question=asked, rating=rating)
            for response, rating in zip(responses, given, strict=True)
        )
        return responses

    return put


@pytest.fixture(scope="session")
def spark_url():
    """The address of a Spark Connect server on this machine; TEST_SPARK_URL names another."""
    import os

    given = os.environ.get("TEST_SPARK_URL")
    if given:
        yield given
        return
    pytest.importorskip("pysail", reason="no Spark Connect server is installed here")
    from tests.analysis import spark_server

    # it ends with this process: clients that find it gone would hold the end up
    yield spark_server.start()


@pytest.fixture(params=["duckdb", "spark"])
def each_engine(request, settings):
    """Runs a test on every engine: the same questions, the same answers, none kept from before."""
    from gloed.analysis.queries import histograms, latest, lists, people, pieces

    for module in (histograms, latest, lists, people, pieces):
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
    if request.param == "spark":
        settings.ANALYSIS_URL = request.getfixturevalue("spark_url")
    return request.param
