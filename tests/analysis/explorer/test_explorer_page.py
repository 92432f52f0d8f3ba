"""The explorer, through the real door."""

import html
import io
import json
import re
from datetime import UTC, datetime
from urllib.parse import urlencode

import altair as alt
import pytest
from django.urls import reverse
from openpyxl import load_workbook

from gloed.analysis.models import SavedView
from tests.analysis.explorer.conftest import page, rows_of


def test_a_score_is_split_by_time_and_two_columns(alice, survey):
    text = page(alice, by="attr:region", then="attr:contract", cut="month")
    assert "300 answers" in text
    assert "Clearly above the rest: North · Fixed and North · Variable." in text
    found = rows_of(alice, "heat", by="attr:region", then="attr:contract", cut="month")
    assert len(found) == 4 * 3
    assert {row["answers"] for row in found} == {"25"}
    assert all(float(row["p_value_corrected"]) < 0.05 for row in found)


def test_every_figure_is_sound_and_can_be_taken_along(alice, survey):
    query = {"by": "attr:region", "cut": "month"}
    text = page(alice, **query)
    specs = re.findall(r'<script id="(\w+)_spec" type="application/json">(.+?)</script>', text)
    assert [name for name, _spec in specs] == ["course", "groups", "heat"]
    for _name, spec in specs:
        alt.Chart.from_dict(json.loads(spec), validate=True)
    address = "?" + urlencode(query)
    book = alice.get(reverse("explorer:figure_xlsx", args=["groups"]) + address)
    sheet = load_workbook(io.BytesIO(book.content)).active
    assert [cell.value for cell in sheet["A"]] == ["attr:region", "North", "South"]
    svg = alice.get(reverse("explorer:figure_svg", args=["heat"]) + address)
    assert svg.content.startswith(b"<svg")
    png = alice.get(reverse("explorer:figure_png", args=["course"]) + address)
    assert png.content.startswith(b"\x89PNG")
    page(alice, "figure_png", "nothing", status=404)


def test_the_latest_of_each_person_counts_as_an_old_tool_did(
    alice, organisation, survey, put, rebuild
):
    from gloed.people.models import Person

    person = Person.objects.create(
        organisation=organisation, name="Anna", created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    for month in (1, 2, 3):
        put(survey, month, {0: 1}, person=person, region="North", contract="Fixed")
    rebuild(organisation)
    assert "303 answers" in page(alice)
    text = page(alice, which="latest")
    assert "301 answers" in text
    assert "all ratings, of each person the latest" in text
    assert "the past changes each time somebody answers again" in text


def test_groups_are_compared_with_the_same_time_before(alice, organisation, survey, put, rebuild):
    put(survey, 3, {2: 60}, region="North", contract="Fixed")
    rebuild(organisation)
    query = {"by": "attr:region", "from": "2026-03-01", "to": "2026-03-31", "versus": "before"}
    assert "Clearly down: North." in page(alice, **query)
    assert rows_of(alice, "groups", **query)[0]["difference"]


def test_small_cells_are_quiet_and_cannot_be_reckoned_back(
    alice, organisation, survey, put, rebuild
):
    put(survey, 1, {9: 2}, region="Isle", contract="Fixed")
    put(survey, 2, {9: 9}, region="Isle", contract="Fixed")
    rebuild(organisation)
    found = rows_of(alice, "heat", by="attr:region", cut="month")
    january = [row for row in found if row["period_from"] == "2026-01-01"]
    february = [row for row in found if row["period_from"] == "2026-02-01"]
    assert [row["answers"] for row in january].count("") == 2
    assert [row["answers"] for row in february].count("") == 2
    assert "Take a filter away" in page(alice, **{"attr:region": "Isle", "to": "2026-01-31",
                                                  "from": "2026-01-01"})  # fmt: skip


def test_a_view_is_saved_shared_thrown_away_and_brought_back(
    alice, client_of, charlie, organisation, survey
):
    save = reverse("explorer:save")
    answer = alice.post(
        save, {"name": "By region", "address": "?by=attr:region&nonsense=1", "is_shared": "on"}
    )
    assert answer["Location"] == reverse("explorer:explorer") + "?by=attr%3Aregion"
    alice.post(save, {"name": "Mine alone", "address": "?cut=month"})
    alice.post(save, {"name": "By region", "address": "?by=attr:contract", "is_shared": "on"})
    told = alice.post(save, {"name": " ", "address": "?cut=month"}, follow=True).text
    assert "Not kept: give the view a name" in told
    assert SavedView.objects.count() == 2
    viewer = client_of(organisation, "viewer")
    text = page(viewer)
    assert "By region" in text
    assert "Mine alone" not in text
    assert "Have it watched" not in text
    assert page(alice).count("Have it watched") == 2
    view = SavedView.objects.get(name="By region")
    assert view.address == "by=attr%3Acontract"
    delete, restore = (
        reverse(f"explorer:{name}", args=[view.public_id]) for name in ("delete", "restore")
    )
    assert viewer.post(delete).status_code == 404
    assert charlie.post(delete).status_code == 404
    shown = alice.post(delete, follow=True).content.decode()
    assert "The view “By region” is gone." in html.unescape(shown)
    assert "By region" not in page(viewer)
    assert alice.post(restore)["Location"].endswith("?by=attr%3Acontract")
    assert "By region" in page(viewer)


@pytest.mark.parametrize(
    "query",
    [
        {"by": "nowhere", "then": "attr:region", "versus": "x", "which": "x", "cut": "hour"},
        {"by": "attr:region", "then": "attr:region"},
        {"by": "attr:region", "then": "attr:contract", "cut": "day", "versus": "before"},
        {"by": "attr:region", "when": "7d", "versus": "before", "which": "latest"},
        {"band": "promoter", "by": "attr:region"},
        {"from": "0001-01-01", "to": "9999-12-31", "by": "attr:region", "versus": "before"},
        {"attr:region": "x' OR 1=1 --"},
    ],
)
def test_any_address_gives_a_page(alice, survey, query):
    page(alice, **query)


def test_others_see_nothing_and_frontline_the_own_team(
    client_of, charlie, organisation, survey, put, rebuild
):
    from gloed.base.models import Team

    own = Team.objects.create(organisation=organisation, name="A")
    put(survey, 2, {9: 12}, team=own, region="North", contract="Fixed")
    rebuild(organisation)
    page(charlie, about=str(survey.public_id), status=404)
    text = page(client_of(organisation, "frontline", teams=[own]), by="attr:region")
    assert "12 answers" in text
    assert "South" not in text


def test_nobody_answered_teaches_what_will_stand_here(alice, organisation, make_survey):
    make_survey(organisation)
    assert "Here you can explore" in page(alice)
    assert "Hier kun je verkennen" in page(alice, language="nl")


@pytest.mark.parametrize("count", [1, 20])
def test_it_asks_the_record_the_same_whatever_there_is(
    alice, organisation, survey, make_survey, answer, rebuild, django_assert_num_queries, count
):
    for number in range(count):
        answer(make_survey(organisation, title=f"Survey {number}"), 9)
        alice.post(reverse("explorer:save"), {"name": f"View {number}", "address": "?cut=month"})
    rebuild(organisation)
    page(alice, by="attr:region")
    with django_assert_num_queries(15):
        page(alice, by="attr:region")


def test_a_question_asked_otherwise_breaks_the_course_and_says_so(
    alice, organisation, survey, rebuild
):
    from gloed.surveys.models import Question, SurveyVersion, Wording

    version = SurveyVersion.objects.create(
        survey=survey, number=2, published_at=datetime(2026, 2, 10, tzinfo=UTC)
    )
    rating = Question.objects.create(
        version=version, position=1, kind="nps", scale_minimum=0, scale_maximum=10,
        high_is_good=True,
    )  # fmt: skip
    Wording.objects.create(question=rating, language="en", text="Would you tell a friend?")
    text = page(alice, cut="month")
    assert "Since 10 Feb 2026 it is asked in other words (version 2)." in text
    specs = re.findall(r'<script id="(\w+)_spec" type="application/json">(.+?)</script>', text)
    course = json.loads(dict(specs)["course"])
    alt.Chart.from_dict(course, validate=True)
    rule, text = [layer for layer in course["layer"] if "data" in layer][-2:]
    assert (rule["mark"]["type"], text["mark"]["type"]) == ("rule", "text")
    [broken] = rule["data"]["values"]
    assert (broken["start"], broken["label"]) == ("2026-02-10T00:00:00", "new wording")
    months = [(value["name"], value["part"]) for value in course["data"]["values"]]
    assert months[:3] == [("Jan 2026", 0), ("Feb 2026", 0), ("Mar 2026", 1)]
    assert months[-1][1] == 1
    marks = [layer["mark"]["type"] for layer in course["layer"] if "data" not in layer]
    assert marks == ["rule", "area", "line", "point"]  # March stands alone
