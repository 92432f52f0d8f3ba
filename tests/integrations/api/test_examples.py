"""Every example of the description is sent to the real API, and what comes back has its shape."""

from uuid import UUID

import pytest
from jsonschema import Draft202012Validator
from ninja import Schema

from gloed.analysis.goals.models import Goal
from gloed.base.models import Job
from gloed.base.worker import run_until_idle
from gloed.coding.operations.codebook import start
from gloed.coding.operations.coding import code_stale
from gloed.fieldwork.models import Invitation, ReceivedEvent
from gloed.integrations.api import describing
from gloed.integrations.api.examples import EXAMPLES
from gloed.integrations.api.examples import things as our
from gloed.integrations.exports.shelf import ARCHIVE
from gloed.integrations.webhooks.models import Endpoint
from gloed.loop.cases.models import Case
from gloed.loop.improvements.models import Improvement
from gloed.people.models import Account, Person
from gloed.responses.models import Response
from gloed.surveys.models import Survey
from tests.conftest import NOW

API = "gloed.integrations.api"
FIRST_IS_NEEDED = {"reopenCase": "closeCase"}
OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in describing.description()["paths"].items()
    for method, operation in methods.items()
}


def named(rows, wanted):
    """Give the one thing there is the id of the examples."""
    assert rows.update(public_id=UUID(hex=wanted.partition("_")[2])) == 1


def send(call, name):
    method, path, _operation = OPERATIONS[name]
    example = EXAMPLES[name]
    address = path.removeprefix("/api/v1/").format(**example.path)
    query = "&".join(f"{key}={value}" for key, value in example.query.items())
    return call(method.upper(), f"{address}?{query}" if query else address, example.body)


@pytest.fixture
def world(call, organisation, survey, settings, tmp_path):
    """One house with one of everything, by the ids of the examples."""
    settings.DATA = tmp_path
    organisation.minimum_group = 1
    organisation.save()
    start(organisation, now=NOW)
    named(Survey.objects.all(), our.SURVEY_ID)
    call("POST", "persons", our.PERSON_IN)
    named(Person.objects.all(), our.PERSON_ID)
    named(Account.objects.all(), our.ACCOUNT_ID)
    call("POST", "events", our.EVENT_IN | {"id": "order-8811"})
    named(ReceivedEvent.objects.all(), our.EVENT_ID)
    call("POST", "invitations", {"survey": our.SURVEY_ID, "person": our.PERSON_ID})
    named(Invitation.objects.all(), our.INVITATION_ID)
    late = {"id": "visit-5530", "text": "De wachttijd is veel te lang.", "language": "nl"}
    call("POST", "answers", our.ANSWER_IN | late)
    named(Response.objects.all(), our.ANSWER_ID)
    code_stale(organisation)
    call("POST", "cases", {"answer": our.ANSWER_ID})
    named(Case.objects.all(), our.CASE_ID)
    aim = {"name": our.GOAL["name"], "value": 40.0, "created_at": NOW}
    Goal.objects.create(organisation=organisation, set_on="2026-01-01", due_on="2026-12-31", **aim)
    named(Goal.objects.all(), our.GOAL_ID)
    send(call, "noteImprovement")
    named(Improvement.objects.all(), our.IMPROVEMENT_ID)
    send(call, "subscribeHook")
    named(Endpoint.objects.all(), our.HOOK_ID)
    call("POST", "exports")
    named(Job.objects.filter(kind=ARCHIVE), our.EXPORT_ID)
    return call


def test_every_operation_has_an_example_and_every_schema_a_name_of_its_own():
    assert set(EXAMPLES) == set(OPERATIONS)
    found = describing.description()["components"]["schemas"]
    assert "persons" in found["ManyPersons"]["properties"]
    assert "answers" in found["ManyAnswers"]["properties"]
    mine = [one.__name__ for one in every_subclass(Schema) if one.__module__.startswith(API)]
    names = [name for name in mine if "[" not in name]
    assert sorted(set(names)) == sorted(names)


def every_subclass(base):
    for one in base.__subclasses__():
        yield one
        yield from every_subclass(one)


READS = sorted(name for name, (method, _path, _told) in OPERATIONS.items() if method == "get")


def test_what_is_read_comes_back_as_told(world):
    run_until_idle()
    for name in READS:
        check(name, send(world, name))


@pytest.mark.parametrize("name", sorted(OPERATIONS.keys() - READS))
def test_what_is_written_comes_back_as_told(name, world):
    if name in FIRST_IS_NEEDED:
        send(world, FIRST_IS_NEEDED[name])
    check(name, send(world, name))


def check(name, reply):
    """The status, headers, schema and shape are those of the description."""
    _method, _path, operation = OPERATIONS[name]
    told = operation["responses"][str(reply.status_code)]
    assert 200 <= reply.status_code < 300
    assert set(told["headers"]) <= set(reply.headers)
    content = told.get("content", {}).get("application/json")
    if content is None:
        assert EXAMPLES[name].reply is None
        return
    components = describing.description()["components"]
    checker = Draft202012Validator(
        content["schema"] | {"components": components},
        format_checker=Draft202012Validator.FORMAT_CHECKER,
    )
    for one in (content["example"], reply.json()):
        checker.validate(one)
    assert shape(reply.json(), content["example"], name) == []


def shape(real, told, place):
    """Where an example has other names than what comes back; free words are not looked at."""
    if isinstance(real, dict) and isinstance(told, dict):
        if place.endswith(("/attributes", "/properties", "/words", "/histogram", "/data")):
            return []
        other = [f"{place}/{name}" for name in real.keys() ^ told.keys()]
        same = real.keys() & told.keys()
        return other + [
            lost for name in same for lost in shape(real[name], told[name], f"{place}/{name}")
        ]
    if isinstance(real, list) and isinstance(told, list) and real and told:
        return shape(real[0], told[0], f"{place}/")
    return []
