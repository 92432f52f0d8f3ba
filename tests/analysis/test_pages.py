"""The score pages through the real door."""

import csv
import html
import io
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import altair as alt
import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags

from gloed.analysis.figures import NAMES
from gloed.stats import Estimate

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def survey(organisation, make_survey, spread, rebuild):
    """An NPS survey with 120 answers in two regions that differ."""
    found = make_survey(organisation)
    spread(
        found,
        {10: 40, 8: 15, 2: 5},
        attributes={"region": "North"},
        words="They called back at once.",
    )
    spread(
        found,
        {10: 10, 8: 15, 2: 35},
        attributes={"region": "South"},
        words="Nobody called me back in three weeks.",
    )
    rebuild(organisation)
    return found  # fmt: skip


def page(client, name, *args, status=200, **query):
    response = client.get(reverse(f"analysis:{name}", args=args) + ("?" + urlencode(query)))
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def test_the_score_stands_with_interval_base_and_definition(alice, survey):
    # promoters 50, detractors 40 of 120
    text = page(alice, "score", survey.public_id)
    assert re.search(r'class="score__value">8<', text)
    assert "120 answers" in text
    assert "95%, multinomial score interval" in text
    assert "how many were asked is not known" in text
    assert "Everything that came in is counted here." in text


def test_the_page_speaks_dutch(alice, survey):
    text = html.unescape(
        alice.get(
            reverse("analysis:score", args=[survey.public_id]), headers={"accept-language": "nl"}
        ).content.decode()
    )
    assert "120 antwoorden" in text
    assert "Alles wat binnenkwam telt hier mee." in text


def test_every_filter_is_in_the_address(alice, survey):
    north = page(alice, "score", survey.public_id, **{"attr:region": "North"})
    assert "60 answers" in north
    assert "Region: North" in north
    promoters = page(alice, "score", survey.public_id, band="promoter")
    assert "50 answers" in promoters
    week = page(alice, "score", survey.public_id, **{"from": "2026-02-27", "to": "2026-03-02"})
    assert re.search(r"\b8 answers", week)  # two sets of answers, one a day each


def test_a_region_that_differs_is_called_so(alice, survey):
    text = page(alice, "score", survey.public_id, by="attr:region")
    assert "Clearly above the rest: North. Clearly below the rest: South." in text


def test_without_a_difference_it_says_so(alice, organisation, make_survey, spread, rebuild):
    found = make_survey(organisation)
    for region in ("North", "South"):
        spread(found, {10: 20, 2: 20}, attributes={"region": region})
    rebuild(organisation)
    assert "No clear difference by region." in page(alice, "score", found.public_id)


def test_nobody_answered_teaches_what_will_stand_here(alice, organisation, make_survey):
    text = page(alice, "score", make_survey(organisation).public_id)
    assert "Here the score will stand" in text
    assert "NaN" not in text


def test_one_answer_gives_a_score_and_a_warning(alice, organisation, make_survey, answer, rebuild):
    found = make_survey(organisation)
    answer(found, 9)
    rebuild(organisation)
    text = page(alice, "score", found.public_id)
    assert "1 answer" in text
    assert "Few answers: read the interval, not the number." in text


def test_a_filter_that_leaves_few_withholds_the_score(alice, organisation, survey, answer, rebuild):
    for rating in (0, 1, 2):
        answer(survey, rating, attributes={"region": "Isle"})
    rebuild(organisation)
    text = page(alice, "score", survey.public_id, **{"attr:region": "Isle"})
    assert "Fewer than 5 answers: somebody could be recognised." in text
    assert 'score__value">Not shown' in text


def test_employees_are_never_shown_below_the_smallest_group(
    alice, organisation, make_survey, spread, rebuild
):
    found = make_survey(organisation, "enps")
    spread(found, {9: 4})
    rebuild(organisation)
    assert "Not shown" in page(alice, "score", found.public_id)
    assert "too few to show" in page(alice, "scores")


@pytest.mark.parametrize("metric", ["nps", "csat", "ces", "enps", "stars", "thumbs"])
def test_every_metric_has_its_page_and_its_figures_are_sound(
    alice, organisation, make_survey, spread, rebuild, metric
):
    found = make_survey(organisation, metric)
    for region in ("North", "South"):
        spread(found, {1: 20, 0 if metric == "thumbs" else 3: 20}, attributes={"region": region})
    rebuild(organisation)
    text = page(alice, "score", found.public_id)
    specs = re.findall(r'<script id="(\w+)_spec" type="application/json">(.+?)</script>', text)
    assert [name for name, _spec in specs] == ["distribution", "trend", "segments"]
    for _name, spec in specs:
        alt.Chart.from_dict(json.loads(spec), validate=True)


def test_numbers_behind_every_figure_can_be_taken_along(alice, survey):
    for name in NAMES:
        response = alice.get(reverse("analysis:figure_csv", args=[survey.public_id, name]))
        rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
        assert rows
        assert response["Content-Disposition"].startswith("attachment")
    assert {row["value"] for row in rows} == {"North", "South"}
    assert page(alice, "figure_csv", survey.public_id, "nothing", status=404)


def test_a_figure_can_be_drawn_outside_a_browser(alice, survey):
    response = alice.get(reverse("analysis:figure_svg", args=[survey.public_id, "distribution"]))
    assert response.content.startswith(b"<svg")
    assert "distribution.svg" in response["Content-Disposition"]


@pytest.mark.parametrize(
    "query",
    [
        {
            "when": "nonsense",
            "from": "31-12",
            "to": "x",
            "band": "x",
            "cut": "hour",
            "by": "survey",
        },
        {"from": "0001-01-01", "to": "9999-12-31"},
        {"from": "2026-03-02", "to": "2026-03-01"},
        {"attr:region": "x' OR 1=1 --", 'attr:"; DROP': "1"},
        {"by": "attr:nowhere", "team": "\x00"},
        {"when": "7d", "cut": "quarter"},
        {"cut": "day"},
    ],
)
def test_any_address_gives_a_page(alice, survey, query):
    for name in ("score", "survey_answers"):
        page(alice, name, survey.public_id, **query)


def test_only_the_region_is_sent_when_htmx_asks_for_it(alice, survey):
    response = alice.get(
        reverse("analysis:score", args=[survey.public_id]) + "?when=&band=promoter&team=",
        headers={"hx-request": "true", "hx-target": "score"},
    )
    text = response.content.decode()
    assert text.strip().startswith('<div id="score"')
    assert response["HX-Push-Url"].endswith("?band=promoter")
    assert "HX-Target" in response["Vary"]


@pytest.mark.parametrize("count", [1, 30])
def test_lists_need_the_same_number_of_questions_whatever_their_length(
    alice, organisation, make_survey, answer, rebuild, django_assert_num_queries, count
):
    for number in range(count):
        found = make_survey(organisation, title=f"Survey {number}")
        answer(found, 9, words="Good")
    rebuild(organisation)
    alice.get(reverse("analysis:scores"))
    with django_assert_num_queries(LIST_QUERIES["scores"]):
        alice.get(reverse("analysis:scores"))
    with django_assert_num_queries(LIST_QUERIES["answers"]):
        alice.get(reverse("analysis:answers"))


LIST_QUERIES = {"scores": 8, "answers": 16}


def test_another_organisations_survey_and_answer_do_not_exist(charlie, survey):
    answer = survey.responses.first()
    for name in ("score", "survey_answers", "survey_answers_csv"):
        page(charlie, name, survey.public_id, status=404)
    for name in NAMES:
        page(charlie, "figure_csv", survey.public_id, name, status=404)
        page(charlie, "figure_svg", survey.public_id, name, status=404)
    page(charlie, "answer", answer.public_id, status=404)
    for name in ("withdraw", "restore", "correct"):
        url = reverse(f"analysis:{name}", args=[answer.public_id])
        assert charlie.post(url).status_code == 404
    assert "called back" not in page(charlie, "answers")
    assert survey.title not in page(charlie, "scores")


def test_a_viewer_sees_scores_and_no_words(client_of, organisation, survey):
    viewer = client_of(organisation, "viewer")
    assert "called back" not in page(viewer, "score", survey.public_id)
    page(viewer, "answers", status=403)
    page(viewer, "answer", survey.responses.first().public_id, status=403)
    page(viewer, "answers_csv", status=403)


def test_frontline_reads_the_own_teams_answers_only(
    client_of, organisation, survey, answer, rebuild
):
    from gloed.base.models import Team

    own, other = (Team.objects.create(organisation=organisation, name=n) for n in ("A", "B"))
    mine = answer(survey, 9, words="This is for team A, thank you all.", team=own)
    theirs = answer(survey, 10, words="This is for team B, thank you all.", team=other)
    rebuild(organisation)
    frontline = client_of(organisation, "frontline", teams=[own])
    for name, args in (("answers", ()), ("survey_answers", (survey.public_id,))):
        for query in ({}, {"q": "thank you"}, {"band": "promoter"}):
            text = page(frontline, name, *args, **query)
            assert "team A" in text
            assert "team B" not in text
            assert "They called back" not in text
    score = page(frontline, "score", survey.public_id)
    assert "team B" not in score
    page(frontline, "answer", mine.public_id)
    page(frontline, "answer", theirs.public_id, status=404)
    teamless = client_of(organisation, "frontline", email="new@example.org")
    assert "thank you" not in page(teamless, "answers")


def test_answers_are_found_by_words_and_by_the_filters_of_the_score(alice, survey):
    assert "60 answers" in page(
        alice, "survey_answers", survey.public_id, **{"attr:region": "South"}
    )
    found = page(alice, "survey_answers", survey.public_id, q="THREE WEEKS")
    assert "Nobody called me back" in found
    assert "They called back" not in found
    none = page(alice, "survey_answers", survey.public_id, q="giraffe")
    assert "No answers in this selection" in none


def test_paging_shows_every_answer_once(alice, organisation, survey, answer, rebuild):
    for _ in range(3):
        answer(survey, 5, at=None)
    rebuild(organisation)
    seen, path = [], reverse("analysis:survey_answers", args=[survey.public_id])
    url = path
    while url:
        text = html.unescape(alice.get(url).content.decode())
        seen += re.findall(r'id="answer_([0-9a-f-]+)"', text)
        older = re.search(r'href="(\?[^"]*after=[^"]+)" rel="next"', text)
        url = (
            reverse("analysis:survey_answers", args=[survey.public_id]) + older[1] if older else ""
        )
    assert len(seen) == len(set(seen)) == 123


def test_the_export_is_complete_and_harmless(alice, organisation, survey, answer, rebuild):
    answer(survey, 3, words="=HYPERLINK(1)", attributes={"region": "+49"})
    rebuild(organisation)
    response = alice.get(reverse("analysis:survey_answers_csv", args=[survey.public_id]))
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 121
    assert rows[0].keys() >= {"rating", "verbatim", "region"}
    risky = next(row for row in rows if "HYPERLINK" in row["verbatim"])
    assert risky["verbatim"] == "'=HYPERLINK(1)"
    assert risky["region"] == "'+49"


def test_an_answer_is_withdrawn_and_counts_again(alice, organisation, survey):
    from gloed.base.worker import run_until_idle

    response = survey.responses.first()
    shown = html.unescape(
        alice.post(
            reverse("analysis:withdraw", args=[response.public_id]), follow=True
        ).content.decode()
    )
    assert "This answer no longer counts." in shown
    run_until_idle()
    assert "119 answers" in page(alice, "score", survey.public_id)
    alice.post(reverse("analysis:restore", args=[response.public_id]))
    run_until_idle()
    assert "120 answers" in page(alice, "score", survey.public_id)


def test_a_rating_is_corrected_and_nonsense_changes_nothing(alice, survey):
    response = survey.responses.filter(answers__rating=2).first()
    url = reverse("analysis:correct", args=[response.public_id])
    for rating in ("", "99", "-1", "two", "²"):
        alice.post(url, {"rating": rating, "position": "1"})
        assert response.answers.get(question__position=1).rating == 2
    alice.post(url, {"rating": "7", "position": "1"})
    assert response.answers.get(question__position=1).rating == 7


def test_the_detail_shows_the_words_it_was_asked_in(alice, survey):
    text = page(alice, "answer", survey.responses.first().public_id)
    assert "How likely?" in text
    assert "Why?" in text
    assert "North" in text


def test_an_answer_over_the_door_stands_on_the_score_page(alice, organisation, survey):
    from gloed.base.worker import run_until_idle
    from gloed.responses.operations import receive_answer
    from gloed.responses.rules import GivenAnswer, IncomingAnswer
    from gloed.surveys import queries

    survey.current = survey.versions.get()
    survey.save()
    incoming = IncomingAnswer((GivenAnswer(1, rating=10),), source="link", client_key="k" * 20)
    receive_answer(incoming, survey=queries.get_asked(survey.pk), now=NOW + timedelta(minutes=1))
    waiting = page(alice, "score", survey.public_id)
    assert "the newest answers are on their way" in waiting
    run_until_idle()
    assert "121 answers" in page(alice, "score", survey.public_id)


def test_vega_is_served_by_ourselves_and_kept(client, settings, tmp_path):
    settings.DATA = tmp_path
    response = client.get("/static-figures/vega.js", headers={"accept-encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) < 400_000
    again = client.get("/static-figures/vega.js", headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_a_rating_can_be_chosen_where_it_has_one_meaning(alice, survey):
    assert 'name="band"' not in page(alice, "answers")
    assert 'name="band"' in page(alice, "survey_answers", survey.public_id)
    everywhere = page(alice, "answers", band="promoter")
    assert "120 answers" in everywhere
    assert "Remove this filter" not in everywhere


@pytest.mark.parametrize(
    ("low", "high", "comparisons", "says"),
    [
        (1.0, 9.0, 23, "No clear change after correcting for 23 comparisons"),
        (-9.0, -1.0, 2, "No clear change after correcting for 2 comparisons"),
        (-1.0, 9.0, 23, "No clear change (−1"),
        (1.0, 9.0, 1, "No clear change (+1 to +9)"),
    ],
)
def test_a_correction_is_named_where_the_interval_alone_says_otherwise(
    low, high, comparisons, says
):
    estimate = Estimate(value=(low + high) / 2, low=low, high=high, n=100, method="score")
    context = {"estimate": estimate, "is_clear": False, "comparisons": comparisons}
    text = " ".join(strip_tags(render_to_string("gloed/parts/change.html", context)).split())
    assert text.startswith(says)
