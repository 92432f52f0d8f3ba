"""A survey, people who answered it in their own words, and testimonials made from them."""

from datetime import timedelta

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
def anna(organisation):
    """A customer with a name, an address and a town."""
    return put_person(
        organisation, "anna@example.org", name="Anna de Vries", attributes={"Plaats": "Utrecht"}
    )


@pytest.fixture
def say(survey):
    """Put an answer into the record: `say("Snel geholpen", person=anna, may_quote=True)`."""
    from gloed.responses.models import Consent

    def put(words, *, rating=10, may_quote=False, at=NOW - timedelta(days=3), **fields):
        response = put_answer(survey, rating, words, at=at, **fields)
        if may_quote:
            asked = response.version.questions.order_by("position").first()
            Consent.objects.create(
                response=response, question=asked, purpose="quote", words="Mag dat?",
                language="nl", given_at=at,
            )  # fmt: skip
        return response

    return put


@pytest.fixture
def propose(anna, say):
    """A testimonial from an answer of Anna: `propose("Snel geholpen")`."""
    from gloed.loop.testimonials import operations
    from gloed.loop.testimonials.operations import Wanted
    from gloed.loop.testimonials.rules import Place, Shown

    def make(
        words="Snel geholpen", *, original=None, person=None, response="new", places=tuple(Place),
        shown=Shown.FIRST_TOWN, language="nl", by=None, **answer,
    ):  # fmt: skip
        person = person or anna
        if response == "new":
            response = say(original or words, person=person, **answer)
        return operations.propose(
            person,
            Wanted(words, shown, places),
            response=response,
            original=words if original is None else original,
            language=language,
            by=by,
            now=NOW,
        )

    return make


@pytest.fixture
def agree():
    """The customer is asked and agrees: `agree(testimonial, places=[Place.WALL])`."""
    from gloed.loop.testimonials import operations
    from gloed.loop.testimonials.rules import Place, Shown, State

    def make(one, *, words=None, places=(Place.WALL,), shown=None, at=NOW, on_wall=False):
        one.refresh_from_db()
        if one.state == State.PROPOSED:
            operations.ask(one, by_mail=False, by=None, now=at)
        made = operations.agree(
            one,
            version=one.version,
            words=one.words if words is None else words,
            shown=Shown(shown or one.shown),
            places=places,
            signed_name="Anna de Vries",
            language="nl",
            now=at,
        )
        if on_wall:
            operations.put_on_wall(one, by=None, now=at)
        one.refresh_from_db()
        return made

    return make
