"""Those who did not answer in the base of a score, as some older tools have it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from gloed.analysis.changes.subjects import Subject
from gloed.analysis.coverage.models import PopulationTable
from gloed.analysis.explorer.silent import Silent
from gloed.analysis.queries import Filter, Period, Selection, Window
from gloed.base.models import Team
from gloed.fieldwork.models import Invitation
from gloed.people.models import Person
from gloed.surveys.rules import Metric
from tests.analysis.explorer.conftest import page, rows_of
from tests.conftest import NOW

NORTH, SOUTH = {9: 60, 7: 20, 2: 20}, {9: 5, 7: 5, 2: 10}


@pytest.fixture
def invite(organisation):
    """Invitations that went out: `invite(survey, 40, "sent", region="North")`."""

    def put(survey, number, disposition, *, at=None, **attributes):
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
                sent_at=at or NOW - timedelta(days=place % 90),
            )
            for place, person in enumerate(people)
        )

    return put


@pytest.fixture
def survey(organisation, make_survey, many, rebuild, invite):
    """Of 600 people reached 120 answered: 65 promoters and 30 detractors."""
    found = make_survey(organisation)
    many(found, NORTH, attributes={"region": "North"})
    many(found, SOUTH, attributes={"region": "South"})
    for region, answered, silent in (("North", 100, 100), ("South", 20, 380)):
        invite(found, answered, "complete", region=region)
        invite(found, silent, "opened", region=region)
        invite(found, 10, "bounced", region=region)
        invite(found, 10, "withdrawn", region=region)
    rebuild(organisation)
    return found


def test_the_unanswered_stand_in_the_base(alice, survey):
    text = page(alice, which="asked")
    assert "120 answers · 480 without an answer in the base" in text
    assert rows_of(alice, "course", which="asked", cut="quarter")
    assert "all ratings + asked without an answer" in text
    assert "the silent pull every score towards 0" in text
    found = {row["attr:region"]: row
             for row in rows_of(alice, "groups", by="attr:region", which="asked")}  # fmt: skip
    assert float(found["North"]["score"]) == pytest.approx(100 * 40 / 200)
    assert float(found["South"]["score"]) == pytest.approx(100 * -5 / 400)
    assert [found[name]["unanswered"] for name in ("North", "South")] == ["100", "380"]
    assert float(found["North"]["difference"]) == pytest.approx(20 + 1.25)


def test_a_share_is_taken_of_everybody_who_was_asked(
    alice, organisation, make_survey, many, rebuild, invite
):
    csat = make_survey(organisation, "csat")
    many(csat, {5: 30, 2: 20}, attributes={"region": "North"})
    many(csat, {4: 20, 1: 10}, attributes={"region": "South"})
    invite(csat, 50, "complete", region="North")
    invite(csat, 150, "sent", region="North")
    rebuild(organisation)
    found = rows_of(alice, "groups", about=str(csat.public_id), by="attr:region", which="asked")
    scores = {row["attr:region"]: float(row["score"]) for row in found}
    assert scores == pytest.approx({"North": 30 / 200, "South": 20 / 30})


def test_it_is_refused_in_words_where_it_cannot_be_counted(
    alice, client_of, organisation, survey, make_survey, many, rebuild
):
    team = Team.objects.create(organisation=organisation, name="A")
    many(survey, {9: 12}, attributes={"region": "North"}, team=team)
    ces, link = make_survey(organisation, "ces"), make_survey(organisation, title="By link")
    for other in (ces, link):
        many(other, {7: 20, 2: 20})
    PopulationTable.objects.create(
        organisation=organisation, column="attr:region", number=1,
        sizes={"North": 1, "South": 1}, created_at=NOW,
    )  # fmt: skip
    rebuild(organisation)
    for said, query in (
        ("Of those who did not answer, team is not known.", {"by": "team"}),
        ("Who did not answer gave no rating to choose by.", {"band": "promoter"}),
        ("A mean has no base", {"about": str(ces.public_id)}),
        ("so nobody knows who did not answer", {"about": str(link.public_id)}),
        ("those who did not answer would count twice", {"weighted": "1"}),
    ):
        assert said in page(alice, which="asked", **query)
    frontline = client_of(organisation, "frontline", teams=[team])
    assert "Who was asked is not known by team" in page(frontline, which="asked")


def test_each_invitation_counts_once_in_the_month_it_went_out(organisation, survey, invite):
    organisation.time_zone = "Europe/Amsterdam"
    organisation.save()
    invite(survey, 3, "sent", at=datetime(2025, 5, 31, 22, 30, tzinfo=UTC), region="Isle")
    subject = Subject("x", "x", Metric.NPS, (survey,))
    silent = Silent(organisation, subject)
    isle = Selection(filters=(Filter("attr:region", ("Isle",)),))
    assert silent.count(isle, (), Period.MONTH) == {((), date(2025, 6, 1)): 3}
    assert silent.count(isle, (), Period.QUARTER) == {((), date(2025, 4, 1)): 3}
    with translation.override("nl"):
        assert silent.count(isle, (), Period.WEEK) == {((), date(2025, 5, 26)): 3}
    june = Selection(window=Window(date(2025, 6, 1), date(2025, 7, 1)))
    assert silent.count(june, ("attr:region",), None) == {(("Isle",), None): 3}
    for period in Period:
        counted = silent.count(Selection(), ("attr:region",), period)
        assert sum(counted.values()) == 483
    nobody = Selection(filters=(Filter("attr:region", (None,)),))
    assert silent.count(nobody, (), None) == {}
