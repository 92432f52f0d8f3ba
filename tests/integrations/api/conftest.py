"""A caller with a key, and an organisation with an open survey."""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from gloed.base import operations as base
from gloed.base.keys import Scope
from gloed.base.limits import Limiter
from gloed.base.models import ApiKey, Organisation
from gloed.integrations.api import service
from gloed.integrations.api.ids import SURVEY, id_of
from gloed.surveys import operations as surveys
from tests.conftest import NOW


@dataclass
class Caller:
    """A program with one key."""

    key: ApiKey
    text: str

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        told = {"Authorization": f"Bearer {self.text}"}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        return Client(raise_request_exception=False).generic(
            method,
            f"/api/v1/{path}",
            data=b"" if body is None else json.dumps(body).encode(),
            content_type="application/json" if body is not None else "text/plain",
            headers=told,
        )


@pytest.fixture(autouse=True)
def _full_buckets(monkeypatch):
    monkeypatch.setattr(service, "LIMITER", Limiter(per_minute=60_000, burst=10_000))


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(name="Noorderlicht Energie", created_at=NOW)


@pytest.fixture
def call(organisation):
    """A caller who may do everything."""
    return caller_of(organisation, *Scope)


def caller_of(organisation, *scopes):
    key, text = base.make_key(organisation, "tests", scopes=scopes, by=None, at=NOW)
    return Caller(key, text)


@pytest.fixture
def survey(organisation):
    content = surveys.usual_content(organisation, "nps")
    made = surveys.create_survey(organisation, title="After a visit", content=content, now=NOW)
    surveys.open_survey(made, now=NOW)
    return made


@pytest.fixture
def survey_id(survey):
    return id_of(SURVEY, survey.public_id)
