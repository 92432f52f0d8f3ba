"""Passives in the record, the themes of what they wrote, and colleagues who talk with them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.record import put_answer

DAY = timedelta(days=1)


@pytest.fixture
def now():
    """Pages look at the clock: answers of a test lie just before it."""
    return timezone.now()


@pytest.fixture
def nps_survey(organisation, now):
    """An open NPS survey in English, made as people make one."""
    from gloed.surveys import operations
    from gloed.surveys.rules import Metric

    content = operations.usual_content(organisation, Metric.NPS, languages=("en",))
    made = operations.create_survey(organisation, title="Service", content=content, now=now)
    return operations.open_survey(made, now=now)


@pytest.fixture
def make_person(organisation, now):
    """Somebody we know: `make_person("Sanne")`."""
    from gloed.people.models import Person

    def make(name="Sanne de Wit", *, of=organisation, **fields):
        email = f"{name.split()[0].lower()}@example.org"
        known = {"email": email, "email_key": email, "created_at": now}
        return Person.objects.create(organisation=of, name=name, **(known | fields))

    return make


@pytest.fixture
def theme(organisation):
    """A theme of the codebook: `theme("price")`."""
    from gloed.coding.models import Theme

    def make(key):
        found, _is_new = Theme.objects.get_or_create(
            organisation=organisation, key=key, defaults={"names": {"en": key.title()}}
        )
        return found

    return make


@pytest.fixture
def says(nps_survey, make_person, theme, now):
    """Put an answer into the record, its words read: `says(7, "Too dear", barrier="price")`."""
    from gloed.coding.models import CodedVerbatim, Mention
    from gloed.responses.models import Answer

    def put(rating=7, words="", *, person=..., days=1, barrier="", polarity=-1, into=nps_survey,
            **fields):  # fmt: skip
        at = now - days * DAY
        known = {"source": "link", "language": "en", "at": at} | fields
        who = make_person() if person is ... else person
        response = put_answer(into, rating, words or None, person=who, **known)
        if words:
            answer = Answer.objects.get(response=response, verbatim=words)
            score = 1 if rating >= 9 else 0 if rating >= 7 else -1
            about = {
                "organisation": into.organisation, "answer": answer, "survey": into,
                "team_id": response.team_id, "day": at.date(), "score_class": score,
                "version_id": 1,
            }  # fmt: skip
            CodedVerbatim.objects.create(response=response, language="en", said_at=at, **about)
            if barrier:
                Mention.objects.create(
                    theme=theme(barrier), polarity_text=polarity, polarity_scored=polarity,
                    value=polarity, probability=1, source="codebook", **about,
                )  # fmt: skip
        return response

    return put


@pytest.fixture
def many_passives(says, make_person):
    """Twenty passives who name the price, ten who name waiting, and ten promoters."""

    def put(**fields):
        for place in range(20):
            says(7, "Too dear", person=make_person(f"P{place}"), barrier="price", **fields)
        for place in range(10):
            says(8, "Slow", person=make_person(f"W{place}"), barrier="waiting", **fields)
        for _place in range(10):
            says(10, person=None, **fields)

    return put


@pytest.fixture
def project(organisation):
    """Make the projection anew, as the worker does."""
    from gloed.analysis import projection
    from gloed.analysis.projection import Changes

    def run():
        projection.project(organisation, Changes(everything=True), now=timezone.now())

    return run
