"""Who answered, through the real door."""

import csv
import html
import io
import json
import re
from datetime import timedelta
from urllib.parse import urlencode

import altair as alt
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gloed.analysis import queries as analysis
from gloed.analysis.coverage.models import PopulationTable
from gloed.analysis.coverage.queries import weighted_score, weights_for
from gloed.analysis.measures import measure_of
from gloed.analysis.queries import Query, Selection
from gloed.base.models import AuditEntry, Team
from gloed.fieldwork.models import Invitation
from gloed.people.models import Person
from gloed.stats import NetCounts, post_stratify
from gloed.surveys.rules import Metric
from tests.conftest import NOW

NORTH, SOUTH = {9: 60, 7: 20, 2: 20}, {9: 5, 7: 5, 2: 10}


@pytest.fixture(autouse=True)
def _own_projection(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def invite(organisation):
    """Invitations that went out: `invite(survey, 40, "sent", region="North")`."""

    def put(survey, number, disposition, **attributes):
        people = Person.objects.bulk_create(
            Person(organisation=organisation, attributes=attributes, created_at=NOW)
            for _ in range(number)
        )
        Invitation.objects.bulk_create(
            Invitation(
                organisation=organisation,
                survey=survey,
                person=person,
                channel="email",
                disposition=disposition,
                created_at=NOW,
                sent_at=NOW - timedelta(days=place % 90),
            )
            for place, person in enumerate(people)
        )

    return put


@pytest.fixture
def survey(organisation, make_survey, many, rebuild, invite):
    """North answers often and is content, South answers seldom and is not."""
    found = make_survey(organisation)
    many(found, NORTH, attributes={"region": "North"})
    many(found, SOUTH, attributes={"region": "South"})
    invite(found, 100, "complete", region="North")
    invite(found, 100, "sent", region="North")
    invite(found, 20, "complete", region="South")
    invite(found, 380, "opened", region="South")
    invite(found, 50, "bounced", region="South")
    rebuild(organisation)
    return found


def page(client, view="coverage", *args, status=200, language="en", **query):
    response = client.get(
        reverse(f"coverage:{view}", args=args) + "?" + urlencode(query),
        headers={"accept-language": language},
    )
    assert response.status_code == status, response.content.decode()[:500]
    return html.unescape(response.content.decode())


def rows_of(client, name, **query):
    response = client.get(reverse("coverage:figure", args=[name, "csv"]) + "?" + urlencode(query))
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def bring(client, content, *, name="people.csv", column="attr:region"):
    body = content if isinstance(content, bytes) else content.encode()
    return client.post(
        reverse("coverage:new_table"),
        {"column": column, "file": SimpleUploadedFile(name, body)},
        follow=True,
    )


def test_the_silent_are_the_fourth_group_with_bounds_and_tipping_point(alice, survey):
    text = page(alice)
    assert "20% of the invitations were answered" in text
    assert "480 of 600 invitations stayed unanswered." in text
    # rr 0.2, NPS 29.17: 0.2 * 29.17 -+ 80 (methods 4.1), and -29.17 * 0.2 / 0.8
    assert "lies between −74 and 86" in text
    assert "If their own score were −7, everybody’s would be 0." in text
    four = rows_of(alice, "four")
    assert [row["people"] for row in four][-1] == "480"
    assert sum(float(row["share_of_asked"]) for row in four) == pytest.approx(1)


def test_response_is_told_by_segment(alice, survey):
    found = {row["segment"]: row for row in rows_of(alice, "segments", by="attr:region")}
    assert (found["North"]["asked"], found["North"]["answered"]) == ("200", "100")
    assert float(found["South"]["response_rate"]) == pytest.approx(20 / 400)
    assert "North answers most often (50%), South least often (5%)." in page(alice)


def test_segments_that_answer_alike_are_not_set_apart(alice, survey, invite):
    invite(survey, 360, "complete", region="South")  # 380 of 760, as 100 of 200 in North
    assert "Every segment answers about as often (50%)." in page(alice)


def test_one_silent_customer_is_told_as_one(alice, organisation, survey, invite, rebuild):
    Invitation.objects.filter(
        organisation=organisation, disposition__in=["sent", "opened"]
    ).delete()
    invite(survey, 1, "sent", region="North")
    assert "1 of 121 invitations stayed unanswered." in page(alice)
    assert "1 van 121 uitnodigingen bleef onbeantwoord." in page(alice, language="nl")


def test_a_segment_with_few_answers_is_hidden_with_another(alice, survey, invite):
    invite(survey, 3, "complete", region="Isle")
    found = {row["segment"]: row for row in rows_of(alice, "segments", by="attr:region")}
    assert found["Isle"]["answered"] == ""
    assert found["South"]["answered"] == ""
    assert found["North"]["answered"] == "100"


def test_every_figure_is_sound_and_can_be_taken_along(alice, survey):
    bring(alice, "Region;People\nNorth;1000\nSouth;3000\n")
    text = page(alice)
    specs = re.findall(r'<script id="(\w+)_spec" type="application/json">(.+?)</script>', text)
    assert [name for name, _spec in specs] == ["four", "segments", "weights"]
    for _name, spec in specs:
        alt.Chart.from_dict(json.loads(spec), validate=True)
    assert alice.get(reverse("coverage:figure", args=["four", "svg"])).status_code == 200
    assert alice.get(reverse("coverage:figure", args=["nothing", "csv"])).status_code == 404


def test_answers_are_weighted_to_the_people_of_a_table(alice, organisation, survey, rebuild):
    answer = bring(alice, "Region;People\nnorth;1.000\nSOUTH;3.000\n")
    assert "The table is kept" in answer.content.decode()
    table = PopulationTable.objects.get()
    assert table.sizes == {"North": 1000, "South": 3000}
    known = post_stratify(
        {"N": NetCounts(60, 20, 20), "S": NetCounts(5, 5, 10)}, {"N": 1000, "S": 3000}
    ).score
    source = rebuild(organisation)
    selection = Selection(surveys=(str(survey.public_id),), metric="nps")
    weights = weights_for(organisation, source, selection)
    assert weights.fitted.score.value == pytest.approx(known.value)
    assert weights.fitted.score.low == pytest.approx(known.low)
    assert weights.weights["South",] == pytest.approx(0.75 * 120 / 20)
    rows = {row["segment"]: row for row in rows_of(alice, "weights")}
    assert float(rows["South"]["weight"]) == pytest.approx(4.5)
    assert "each of its answers counts for 4.50" in page(alice)
    # what other pages do with the weights: any group from its histograms by stratum
    result = analysis.run(source, Query(selection, by=weights.columns))
    measure = measure_of(Metric.NPS, result.scale)
    again = weighted_score(measure, result.by_group(), weights)
    assert again.value == pytest.approx(known.value)
    assert again.effective_n == pytest.approx(weights.effective_n, rel=0.2)
    assert weighted_score(measure, {("Elsewhere",): result.merged()}, weights) is None


def test_two_tables_are_met_together_and_large_weights_are_capped(
    alice, organisation, survey, many, rebuild
):
    many(survey, {2: 6}, attributes={"region": "Isle", "kind": "b"})
    many(survey, {9: 40, 2: 10}, attributes={"region": "North", "kind": "a"})
    many(survey, {9: 20, 2: 10}, attributes={"region": "South", "kind": "b"})
    rebuild(organisation)
    bring(alice, "Region,People\nNorth,40\nSouth,40\nIsle,60\n")
    assert "No answer counts for more than 5 times the mean" in page(alice)
    bring(alice, "kind,n\na,90\nb,50\n", column="attr:kind")
    assert "cannot be met together" in page(alice)
    bring(alice, "kind,n\na,40\nb,100\n", column="attr:kind")
    text = page(alice, weights="attr:kind")
    assert "by region and kind" in text or "by kind and region" in text
    assert "120 answers of which this is not known stay out." in text


def test_what_does_not_fit_is_told_with_its_names(alice, organisation, survey, many, rebuild):
    answer = bring(alice, "Region,People\nNorth,10\nSouth,10\nIsle,5\n")
    assert "No answer has this segment: Isle." in html.unescape(answer.content.decode())
    assert "nobody answered from Isle" in page(alice)
    bring(alice, "Region,People\nNorth,10\nSouth,10\n")
    many(survey, {9: 10}, attributes={"region": "Coast"})
    rebuild(organisation)
    assert "there are answers from Coast" in page(alice)


def workbook(rows):
    book, held = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(held)
    return held.getvalue()


def test_workbooks_and_teams_by_name(alice, organisation, survey, many, rebuild):
    teams = [Team.objects.create(organisation=organisation, name=n) for n in ("Zuid", "Noord")]
    for team in teams:
        many(survey, {9: 10}, team=team)
    rebuild(organisation)
    content = workbook([["Team", "People"], ["Zuid", 10], ["Noord", 30]])
    bring(alice, content, name="people.xlsx", column="team")
    assert set(PopulationTable.objects.get().sizes) == {str(team.public_id) for team in teams}
    assert "Zuid" in page(alice, "tables")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "empty"),
        ("Region,People\n", "nothing below them"),
        ("Region\nNorth\nSouth\n", "one column"),
        ("Region,People\nNorth,many\nSouth,2\n", "Line 2 has no number"),
        ("Region,People\nNorth,1\nnorth,2\n", "for the second time"),
        ("Region,People\nNorth,1\n", "one segment"),
        (b"PK\x03\x04 not a workbook", "cannot be opened"),
    ],
)
def test_a_bad_file_keeps_nothing_and_says_what_to_mend(alice, survey, content, words):
    answer = bring(alice, content)
    assert answer.status_code == 422
    assert words in html.unescape(answer.content.decode())
    assert not PopulationTable.objects.exists()


def test_versions_stay_and_a_removed_table_comes_back(alice, charlie, survey):
    for number in (10, 20):
        bring(alice, f"Region,People\nNorth,{number}\nSouth,30\n")
    first, second = PopulationTable.objects.order_by("number")
    assert (first.retired_at is None, second.retired_at is None) == (False, True)
    remove = reverse("coverage:remove_table", args=[second.public_id])
    use = reverse("coverage:use_table", args=[first.public_id])
    assert charlie.post(remove).status_code == 404
    text = html.unescape(alice.post(remove, follow=True).content.decode())
    assert "Answers are no longer weighted by region." in text
    assert "No table yet" in text
    undo = reverse("coverage:use_table", args=[second.public_id])
    assert undo in text
    alice.post(undo)
    alice.post(use)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.retired_at is None, second.retired_at is None) == (True, False)
    assert alice.post(use).status_code == 404
    deeds = AuditEntry.objects.filter(action__startswith="population.")
    assert deeds.count() == 5


def test_who_may_only_look_brings_nothing(client_of, organisation, survey):
    viewer = client_of(organisation, "viewer")
    assert "A manager can bring in" in page(viewer, "tables")
    page(viewer, "new_table", status=403)
    frontline = client_of(organisation, "frontline", teams=[])
    assert "kept silent is not known" not in page(frontline)


def test_frontline_sees_no_silent(client_of, organisation, survey, many, rebuild):
    team = Team.objects.create(organisation=organisation, name="Zuid")
    many(survey, {9: 12}, team=team)
    rebuild(organisation)
    text = page(client_of(organisation, "frontline", teams=[team]))
    assert "Who kept silent is not known by team" in text
    assert "480" not in text


def test_answers_without_invitations_say_what_is_not_known(
    alice, organisation, make_survey, many, rebuild
):
    assert "Here you see who answers" in page(alice)
    survey = make_survey(organisation)
    assert "Nothing to weight by yet" in page(alice, "new_table")
    many(survey, {9: 20})
    rebuild(organisation)
    text = page(alice)
    assert "How many were asked is not known" in text
    assert "nobody knows who kept silent" in text
    assert "Gewogen naar je mensen" in page(alice, language="nl")


def test_few_answers_and_strangers(alice, charlie, organisation, make_survey, many, rebuild):
    survey = make_survey(organisation)
    many(survey, {9: 3})
    rebuild(organisation)
    assert "somebody could be recognised" in page(alice)
    assert "No responses in this selection" in page(alice, **{"from": "1999-01-01",
                                                              "to": "1999-01-02"})  # fmt: skip
    page(charlie, about=str(survey.public_id), status=404)


@pytest.mark.parametrize("count", [1, 30])
def test_it_asks_the_record_the_same_whatever_there_is(
    alice, organisation, survey, invite, django_assert_num_queries, count
):
    for number in range(count):
        invite(survey, 1, "complete", region=f"R{number}")
        PopulationTable.objects.create(
            organisation=organisation, column="attr:region", number=number + 1,
            sizes={"North": 1, "South": 2}, created_at=NOW, retired_at=NOW,
        )  # fmt: skip
    page(alice)
    with django_assert_num_queries(13):
        page(alice)
    page(alice, "tables")
    with django_assert_num_queries(8):
        page(alice, "tables")
