"""A survey, people who answered it in their own words, and testimonials made from them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def survey(organisation):
    """An open NPS survey in Dutch and English."""
    from gloed.surveys import operations
    from gloed.surveys.rules import Metric

    content = operations.usual_content(organisation, Metric.NPS)
    made = operations.create_survey(organisation, title="Service", content=content, now=NOW)
    return operations.open_survey(made, now=NOW)


@pytest.fixture
def anna(organisation):
    """A customer with a name, an address and a town."""
    from gloed.people.models import Person

    return Person.objects.create(
        organisation=organisation,
        name="Anna de Vries",
        email="anna@example.org",
        email_key="anna@example.org",
        language="nl",
        attributes={"Plaats": "Utrecht"},
        created_at=NOW,
    )


@pytest.fixture
def say(survey):
    """Put an answer into the record: `say("Snel geholpen", person=anna, may_quote=True)`."""
    from gloed.responses.models import Answer, Consent, Response

    def put(words, *, rating=10, may_quote=False, at=NOW - timedelta(days=3), **fields):
        version = survey.versions.get()
        response = Response.objects.create(
            organisation=survey.organisation,
            survey=survey,
            version=version,
            key=f"test:{uuid4()}",
            source="import",
            responded_at=at,
            recorded_at=at,
            updated_at=at,
            **({"language": "nl"} | fields),
        )
        asked, opened = version.questions.order_by("position")[:2]
        Answer.objects.create(response=response, question=asked, rating=rating)
        Answer.objects.create(response=response, question=opened, verbatim=words)
        if may_quote:
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
