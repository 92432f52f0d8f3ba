"""A project of the old service with its key, and somebody who calls it by hand."""

import base64
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from gloed.base.limits import Limiter
from gloed.base.models import Organisation
from gloed.integrations.delighted import operations, views

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@dataclass
class Hand:
    """Requests as curl and the old clients send them."""

    key: str

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        told = {"Authorization": "Basic " + base64.b64encode(f"{self.key}:".encode()).decode()}
        told |= {name.replace("_", "-"): value for name, value in headers.items()}
        data = b"" if body is None else json.dumps(body).encode()
        kind = "application/json"
        if isinstance(body, str):
            data, kind = body.encode(), "application/x-www-form-urlencoded"
        return Client(raise_request_exception=False).generic(
            method, f"/delighted/v1/{path}", data=data, content_type=kind, headers=told
        )


@pytest.fixture(autouse=True)
def _full_buckets(monkeypatch):
    monkeypatch.setattr(views, "LIMITER", Limiter(per_minute=60_000, burst=10_000))


@pytest.fixture
def organisation(db):
    return Organisation.objects.create(name="Noorderlicht Energie", created_at=NOW)


@pytest.fixture
def project(organisation):
    return operations.make_project(organisation, "Retail", "nps", by=None, now=NOW)


@pytest.fixture
def key(project):
    return operations.make_project_key(project, by=None, now=NOW)[1]


@pytest.fixture
def call(key):
    return Hand(key)
