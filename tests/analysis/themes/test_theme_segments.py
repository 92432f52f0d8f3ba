"""Who names a theme, and what changed in what people write: counted in the projection."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gloed.analysis import store
from gloed.analysis.queries import Filter, Selection, Window
from gloed.analysis.themes.report import moves_of, parts_of
from gloed.base.worker import run_until_idle
from gloed.coding.operations import codebook as books
from gloed.responses.operations import receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys.rules import Metric


@pytest.fixture
def written(organisation, settings, tmp_path):
    """240 answers: the north writes of invoices, and lately everybody does."""
    settings.PROJECTION = tmp_path / "projection"
    now = timezone.now()
    content = surveys.usual_content(organisation, Metric.NPS)
    survey = surveys.create_survey(organisation, title="Service", content=content, now=now)
    surveys.open_survey(survey, now=now)
    answers = []
    for number in range(240):
        is_late, is_north = number % 2 == 0, number % 4 < 2
        names = (is_north and number % 8 < 6) or is_late
        answers.append(
            IncomingAnswer(
                answers=(
                    GivenAnswer(1, rating=number % 11),
                    GivenAnswer(2, verbatim="The invoice is wrong" if names else "Friendly staff"),
                ),
                source="import",
                source_id=str(number),
                responded_at=now - timedelta(days=10 if is_late else 120),
                language="en",
                attributes={"region": "North" if is_north else "South"},
            )
        )
    books.start(organisation, languages=["en"], now=now)
    list(receive_many(survey, answers, now=now))
    run_until_idle()
    return survey


def test_groups_are_told_apart(organisation, written):
    parts, looks = parts_of(store.projection_of(organisation), Selection(), "invoice", minimum=5)
    north = next(part for part in parts if part.value == "North")
    assert north.is_clear
    assert north.against.value > 20
    assert north.share.n == 120
    assert looks >= 2


def test_a_theme_that_is_named_more_is_clear(organisation, written):
    today = timezone.localdate()
    before, after = (
        Selection(window=Window(today - timedelta(days=first), today - timedelta(days=last)))
        for first, last in ((180, 90), (90, -1))
    )
    moves, sizes = moves_of(store.projection_of(organisation), before, after, minimum=5)
    found = {move.key: move for move in moves}
    assert sizes == (120, 120)
    assert found["invoice"].is_clear
    assert found["invoice"].change.value > 20
    assert found["staff_attitude"].change.value < -20


def test_small_groups_are_not_told(organisation, written):
    source = store.projection_of(organisation)
    assert parts_of(source, Selection(), "invoice", minimum=200)[0] == []
    none = Selection(filters=(Filter("theme", ("no_such",)),))
    assert moves_of(source, none, none, minimum=1) == ([], (0, 0))


def test_the_page_of_a_theme_takes_it_in(alice, organisation, written):
    page = alice.get(reverse("coding:theme", args=["invoice"])).content.decode()
    url = reverse("theme_reports:segments", args=["invoice"])
    assert f'hx-get="{url}' in page
    part = alice.get(url, headers={"hx-request": "true"}).content.decode()
    assert "North" in part
    assert "<html" not in part
    assert "theme=invoice" in part
    whole = alice.get(url, {"when": "90", "survey": str(written.public_id)}).content.decode()
    assert "<html" in whole


def test_nobody_sees_another_organisations_theme(charlie, organisation, written):
    assert charlie.get(reverse("theme_reports:segments", args=["invoice"])).status_code == 404


def test_what_changed_tells_of_themes_too(alice, organisation, written):
    page = alice.get(reverse("changes:changes"), {"when": "90d"}).content.decode()
    assert "What people write about" in page
    assert reverse("coding:theme", args=["invoice"]) in page
    narrowed = alice.get(reverse("changes:changes"), {"when": "90d", "theme": "invoice"})
    assert "Theme: " in narrowed.content.decode()


def test_the_explorer_splits_by_theme(alice, organisation, written):
    page = alice.get(reverse("explorer:explorer"), {"by": "theme"}).content.decode()
    assert "Staff" in page
    assert 'value="theme" selected' in page
