"""The description: valid OpenAPI 3.1, and true whatever is fired at it."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from gloed.base.keys import Scope
from gloed.base.limits import Limiter
from gloed.base.models import Organisation
from gloed.integrations.api import describing, service
from gloed.integrations.webhooks.rules import News
from gloed.project.wsgi import application
from gloed.surveys import operations as surveys
from tests.conftest import NOW
from tests.integrations.api.conftest import caller_of

SCHEMA = schemathesis.openapi.from_dict(describing.description())
SCHEMA.app = application
CHECKS = (
    schemathesis.checks.not_a_server_error,
    schemathesis.checks.status_code_conformance,
    schemathesis.checks.content_type_conformance,
    schemathesis.checks.response_schema_conformance,
)


def test_the_description_is_valid_and_complete():
    found = describing.description()
    assert found["openapi"].startswith("3.1")
    validate(found, cls=OpenAPIV31SpecValidator)
    names = [o["operationId"] for methods in found["paths"].values() for o in methods.values()]
    assert len(set(names)) == len(names) >= 25
    for methods in found["paths"].values():
        for operation in methods.values():
            assert operation["description"]
            assert operation["security"] == [{"Bearer": []}]
            assert "application/problem+json" in operation["responses"]["422"]["content"]


def test_all_that_is_posted_to_webhooks_is_described_by_an_example_that_fits():
    found = describing.description()["webhooks"]
    assert set(found) == set(News)
    for name, methods in found.items():
        told = methods["post"]["requestBody"]["content"]["application/json"]
        Draft202012Validator(told["schema"]).validate(told["example"])
        assert told["example"]["type"] == name
        assert told["example"]["data"]["id"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_manual_needs_no_key(db, language):
    told = Client().get(reverse("api:openapi"))
    assert json.loads(told.content)["info"]["title"] == "Gloed API"
    page = Client().get(reverse("api:manual"), headers={"Accept-Language": language}).text
    assert "/api/v1/scores/{survey_id}" in page
    assert ("Begin hier" in page) == (language == "nl")
    problems = Client().get(reverse("api:problems"), headers={"Accept-Language": language}).text
    assert 'id="rate-limited"' in problems


@pytest.fixture
def _one_connection():
    """Keep the test's connection open over requests, as Django's own client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@SCHEMA.parametrize()
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@pytest.mark.django_db
@pytest.mark.usefixtures("_one_connection")
def test_nothing_that_is_fired_at_it_breaks_it(case):
    service.LIMITER = Limiter(per_minute=1_000_000, burst=1_000_000)
    organisation = Organisation.objects.create(name="Noord", created_at=NOW)
    content = surveys.usual_content(organisation, "nps")
    survey = surveys.create_survey(organisation, title="x", content=content, now=NOW)
    surveys.open_survey(survey, now=NOW)
    call = caller_of(organisation, *Scope)
    case.call_and_validate(headers={"Authorization": f"Bearer {call.text}"}, checks=CHECKS)
