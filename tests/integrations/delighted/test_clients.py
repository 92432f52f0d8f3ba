"""The official clients, unchanged: only the base address and the key are ours."""

import json
import subprocess
from pathlib import Path

import delighted
import pytest

from gloed.fieldwork.models import Invitation
from gloed.integrations.delighted import operations
from gloed.people.models import Person, Suppression
from gloed.responses.models import Response
from tests.environment import node_client
from tests.integrations.delighted.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def python_client(live_server, key):
    return delighted.Client(api_key=key, api_base_url=f"{live_server.url}/delighted/v1/")


def test_the_python_client_goes_through_every_resource(python_client, project):
    client = {"client": python_client}
    anna = delighted.Person.create(
        email="anna+test@example.org",
        name="Änna",
        delay=3600,
        properties={"plan": "zon"},
        **client,
    )
    assert anna.name == "Änna"
    assert anna.properties == {"plan": "zon"}
    assert isinstance(anna.survey_scheduled_at, int)
    again = delighted.Person.create(email="anna+test@example.org", send=False, **client)
    assert again.id == anna.id
    people = list(delighted.Person.list(email="anna+test@example.org", **client).auto_paging_iter())
    assert [one.id for one in people] == [anna.id]
    assert people[0].next_survey_scheduled_at == anna.survey_scheduled_at
    delighted.SurveyRequest.delete_pending(person_email="anna+test@example.org", **client)
    assert not Invitation.objects.filter(is_open=True).exists()

    zero = delighted.SurveyResponse.create(
        person=anna.id, score=0, comment="slecht", person_properties={"depot": "Assen"}, **client
    )
    ten = delighted.SurveyResponse.create(person=anna.id, score=10, **client)
    assert (zero.score, zero.comment, zero.person) == (0, "slecht", anna.id)
    assert zero.person_properties == {"depot": "Assen"}
    known = delighted.SurveyResponse.retrieve(zero.id, expand=["person"], **client)
    assert known.person.email == "anna+test@example.org"
    known.score = 9
    known.save(**client)
    changed = delighted.SurveyResponse.retrieve(zero.id, **client)
    assert (changed.score, changed.comment) == (9, "slecht")
    assert changed.person_properties == {"depot": "Assen"}
    listed = delighted.SurveyResponse.all(order="desc", **client)
    assert {one.id for one in listed} == {zero.id, ten.id}
    assert delighted.SurveyResponse.all(page=2, **client) == []

    metrics = delighted.Metrics.retrieve(**client)
    assert (metrics.nps, metrics.promoter_count, metrics.response_count) == (100, 2, 2)

    delighted.Unsubscribe.create(person_email="bob@example.org", **client)
    assert [one["email"] for one in delighted.Unsubscribe.all(**client)] == ["bob@example.org"]
    assert delighted.Bounce.all(**client) == []

    assert delighted.AutopilotConfiguration.retrieve("email", **client).active is False
    member = delighted.AutopilotMembership.forEmail().create(
        person_email="cas@example.org", properties={"plan": "wind"}, **client
    )
    assert member.person["email"] == "cas@example.org"
    members = delighted.AutopilotMembership.forEmail().list(**client).auto_paging_iter()
    assert [one.person["email"] for one in members] == ["cas@example.org"]
    delighted.AutopilotMembership.forEmail().delete(person_email="cas@example.org", **client)
    assert not project.members.exists()

    delighted.Person.delete(id=anna.id, **client)
    assert not Response.objects.exists()
    delighted.Person.delete(email="bob@example.org", **client)
    assert not Suppression.objects.exists()
    assert Person.objects.count() == 1


def test_the_python_client_reads_many_pages(python_client, project):
    for number in range(45):
        operations.keep_person(
            project, email=f"p{number}@example.org", phone="", name="", language="", now=NOW
        )
    found = delighted.Person.list(client=python_client, per_page=20).auto_paging_iter()
    assert [one.email for one in found] == [f"p{number}@example.org" for number in range(45)]


def test_the_python_client_knows_our_refusals(python_client, live_server, key):
    with pytest.raises(delighted.errors.ResourceValidationError):
        delighted.Person.create(email="nobody", client=python_client)
    stranger = delighted.Client(api_key="wrong", api_base_url=f"{live_server.url}/delighted/v1/")
    with pytest.raises(delighted.errors.AuthenticationError):
        delighted.Metrics.retrieve(client=stranger)
    with pytest.raises(delighted.errors.GeneralAPIError):
        delighted.SurveyResponse.retrieve("999", client=python_client)


def test_the_node_client_goes_through_every_resource(live_server, key):
    found = node_client.find()
    if found is None:
        pytest.skip("Node or its client is not installed: tests/environment/node_client.py")
    node, folder = found
    script = Path(__file__).with_name("through_every_resource.js")
    done = subprocess.run(
        [node, str(script), live_server.url, key],
        env={"NODE_PATH": str(folder / "node_modules"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    told = json.loads(done.stdout)
    assert told["person"]["name"] == "Jürgen"
    assert isinstance(told["person"]["survey_scheduled_at"], int)
    assert told["listed"] == ["jurgen+x@example.org"]
    assert (told["response"]["score"], told["changed"]["score"]) == (0, 8)
    assert told["changed"]["comment"] == "traag"
    assert told["metrics"]["passive_count"] == 1
    assert told["unsubscribes"] == ["weg@example.org"]
    assert told["bounces"] == []
    assert told["configuration"]["platform_id"] == "email"
    assert told["members"] == ["lid@example.org"]
    assert told["left"] == []
    assert told["refused"] == "ResourceValidationError"
    assert told["stranger"] == "AuthenticationError"
    assert not Response.objects.exists()
