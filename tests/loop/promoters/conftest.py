"""Customers who answered, and a programme that runs."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.conftest import NOW
from tests.record import open_survey, put_answer, put_person


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    return open_survey(organisation)


@pytest.fixture
def make_person(organisation):
    """Make a customer: `make_person("Anna", external_id="C-1")`."""

    def make(name="Anna Bos", **fields):
        address = fields.pop("email", f"{name.split()[0].lower()}-{uuid4().hex[:6]}@example.org")
        return put_person(organisation, address, name=name, now=NOW - timedelta(days=400), **fields)

    return make


@pytest.fixture
def say(survey):
    """Somebody answers: `say(person, 10, "Goed geholpen")`."""

    def put(person, rating, words="", *, at=NOW - timedelta(days=3), of=survey, **fields):
        return put_answer(of, rating, words or None, person=person, at=at, **fields)

    return put


@pytest.fixture
def anna(make_person, say):
    """A customer whose latest answer is in the highest group."""
    person = make_person("Anna Bos", external_id="C-1", phone="06 1234 5678")
    say(person, 10, "Binnen een dag geregeld, top")
    return person


@pytest.fixture
def programme(organisation):
    """A referral programme that runs."""
    from gloed.loop.promoters.operations.referring import keep_programme

    words = {"en": {"text": "Change to us", "friend": "One month free", "giver": "A cake"}}
    values = {"is_on": True, "address": "https://example.org/switch?via=web", "words": words}
    return keep_programme(organisation, values, staff=None, now=NOW)


@pytest.fixture
def link(anna, programme):
    """Anna's own link."""
    from gloed.loop.promoters.operations.referring import make_link

    return make_link(anna, staff=None, now=NOW - timedelta(days=30))
