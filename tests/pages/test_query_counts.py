"""A list asks the database the same at one row and at thirty.

The lists of colleagues, teams, the audit trail, imports, scores, answers and Today are held to it
beside their own tests; here are those that gather rows of several rooms.
"""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from gloed.base.models import Membership, Organisation, Staff
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.responses.operations import receive_answer
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations, queries
from gloed.surveys.rules import Metric

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("rows", [1, 30])]


@pytest.fixture(autouse=True)
def _own_projection(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def open_survey(organisation):
    """An open survey at a touchpoint of its own."""

    def make(number: int = 0):
        content = operations.usual_content(organisation, Metric.NPS)
        survey = operations.create_survey(
            organisation,
            title=f"Survey {number:02}",
            content=content,
            touchpoint=f"Moment {number:02}",
            now=NOW,
        )
        return operations.open_survey(survey, now=NOW)

    return make


def get(client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_surveys(alice, open_survey, django_assert_num_queries, rows: int):
    for number in range(rows):
        open_survey(number)
    get(alice, "surveys:list")
    with django_assert_num_queries(9):
        text = get(alice, "surveys:list")
    assert text.count('<th scope="row">') == rows


def test_answers_counted_beside_the_surveys(alice, open_survey, django_assert_num_queries, rows):
    made = [open_survey(number) for number in range(rows)]
    query = "?" + "&".join(f"survey={survey.public_id}" for survey in made)
    with django_assert_num_queries(7):
        text = get(alice, "responses:counts", query=query)
    assert text.count("answers_") == rows


def test_versions_of_a_survey(alice, open_survey, django_assert_num_queries, rows: int):
    survey = open_survey()
    for number in range(rows - 1):
        operations.edit_survey(
            survey,
            title=survey.title,
            content=operations.usual_content(survey.organisation, Metric.NPS),
            kind=survey.kind,
        )
        operations.publish(survey, now=NOW + timedelta(days=number))
    get(alice, "surveys:detail", survey.public_id)
    with django_assert_num_queries(15):
        get(alice, "surveys:detail", survey.public_id)


def test_what_one_person_said_before(
    alice, organisation, open_survey, django_assert_num_queries, rows: int
):
    survey = open_survey()
    asked = queries.find_asked(survey.slug)
    for number in range(rows + 1):
        given = (GivenAnswer(1, rating=7), GivenAnswer(2, verbatim=f"Words {number}."))
        receive_answer(
            IncomingAnswer(answers=given, source="api", source_id=str(number)),
            survey=asked,
            now=NOW + timedelta(hours=number),
        )
    person = Person.objects.create(organisation=organisation, name="Zoë", created_at=NOW)
    Response.objects.update(person=person)
    newest = Response.objects.latest("responded_at")
    get(alice, "analysis:answer", newest.public_id)
    with django_assert_num_queries(17):  # one of them: whether it was marked as read before
        text = get(alice, "analysis:answer", newest.public_id)
    assert "Words 0." in text


def test_organisations_to_choose_from(client, django_assert_num_queries, rows: int):
    staff = Staff.objects.create_user("many@example.org", "a long enough password")
    for number in range(rows):
        house = Organisation.objects.create(name=f"House {number:02}", created_at=NOW)
        Membership.objects.create(organisation=house, staff=staff, role="owner")
    client.force_login(staff)
    get(client, "base:account")
    with django_assert_num_queries(6):
        get(client, "base:account")
