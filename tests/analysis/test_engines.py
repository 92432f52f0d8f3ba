"""Pages show the same on every engine, and say so where an engine is not there."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from gloed.analysis import schema, store
from gloed.analysis.store import statements

START = datetime(2026, 1, 5, 12, tzinfo=UTC)


@pytest.fixture
def survey(organisation, make_survey, answer, rebuild):
    """North fell in February, South did not."""
    found = make_survey(organisation)
    for month, ratings in ((0, {9: 3, 7: 1}), (1, {9: 1, 3: 3})):
        for region in ("North", "South"):
            given = ratings if region == "North" else {9: 3, 7: 1}
            for rating, many in given.items():
                for place in range(7 * many):
                    at = START + timedelta(days=31 * month + place % 20)
                    answer(found, rating, at=at, attributes={"Region": region}, words="Because.")
    rebuild(organisation)
    return found


def figures_of(client, address):
    response = client.get(address)
    assert response.status_code == 200
    text = html.unescape(response.content.decode())
    main = text[text.index("<main") : text.index("</main>")]
    return re.sub(r"csrf\S+ value=\S+|\d\d:\d\d</dd>", "", main)


@pytest.mark.parametrize(
    "address",
    [
        "{score}?from=2026-01-01&to=2026-02-28&by=attr:Region&cut=week",
        "{explorer}?from=2026-01-01&to=2026-02-28&by=attr:Region&cut=month&which=latest",
        "{explorer}?from=2026-01-01&to=2026-02-28&by=attr:Region&versus=before",
        "{changes}?from=2026-02-01&to=2026-02-28&pfrom=2026-01-01&pto=2026-01-31",
    ],
)
def test_a_page_shows_the_same_on_both_engines(alice, survey, settings, spark_url, address):
    places = {
        "score": reverse("analysis:score", args=[survey.public_id]),
        "explorer": reverse("explorer:explorer"),
        "changes": reverse("changes:changes"),
    }
    shown = []
    for url in ("duckdb://", spark_url):
        settings.ANALYSIS_URL = url
        forget()
        shown.append(figures_of(alice, address.format(**places)))
    assert "North" in shown[0]
    assert shown[0] == shown[1]


def test_a_server_may_find_the_files_at_another_place(alice, survey, settings, spark_url, tmp_path):
    (tmp_path / "elsewhere").symlink_to(settings.PROJECTION)
    settings.ANALYSIS_URL = f"{spark_url}?files={tmp_path / 'elsewhere'}"
    forget()
    told = figures_of(alice, reverse("analysis:score", args=[survey.public_id]))
    assert "112 answers" in told


def test_an_engine_that_does_not_answer_is_named(settings):
    settings.ANALYSIS_URL = "mongodb://somewhere"
    with pytest.raises(store.NoEngine, match="cannot analyse with mongodb://"):
        store.engine()


def test_a_server_that_is_not_there_is_named():
    engine = store.engine("sc://127.0.0.1:1")
    source = store.from_arrow(schema.make_table({"rating": [9]}))
    with pytest.raises(store.NoEngine, match="does not answer at sc://127"):
        engine.run(source, store.table_of(source).count())


def test_what_does_not_fit_in_memory_stays_under_the_data_folder(settings, tmp_path, monkeypatch):
    import ibis

    monkeypatch.chdir(tmp_path)
    rows = 1_000_000
    columns = {"person": list(range(rows)), "rating": [7] * rows, "metric": ["nps"] * rows}
    source = store.from_arrow(schema.make_table(columns))
    answers = store.table_of(source)
    latest = answers.order_by(ibis.desc("person")).select("person", "rating", "metric")
    found = store.engine("duckdb://?threads=2&memory=32MB").run(source, latest)
    assert found.num_rows == rows
    assert any(settings.SPILL.iterdir())
    assert not list(tmp_path.iterdir())


def test_a_choice_that_is_counted_often_is_made_once():
    def twice(source):
        import ibis

        chosen = store.table_of(source).select("rating", "team").limit(store.EVERYTHING)
        counted = [chosen.group_by(name).agg(n=ibis._.count()) for name in ("rating", "team")]
        return ibis.union(*(one.select("n") for one in counted))

    asked = {
        dialect: statements.template(twice, tuple(schema.CORE), (), dialect)
        for dialect in (statements.DUCKDB, statements.SPARK)
    }
    assert not [dialect for dialect, sql in asked.items() if "LIMIT" in sql]
    assert "MATERIALIZED (" in asked[statements.DUCKDB]
    assert "MATERIALIZED" not in asked[statements.SPARK]


def forget():
    """Answers that were kept are asked for again."""
    from gloed.analysis.queries import histograms, latest, lists, people, pieces

    for module in (histograms, latest, lists, people, pieces):
        for kept in vars(module).values():
            if hasattr(kept, "cache_clear"):
                kept.cache_clear()
