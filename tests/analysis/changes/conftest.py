"""The sample organisation's answers as a source in memory, without loading it into the record."""

from datetime import date
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

import pytest

TODAY = date(2026, 11, 21)
ZONE = ZoneInfo("Europe/Amsterdam")


def survey_id(key):
    """The public id that stands for a survey of the sample."""
    return uuid5(NAMESPACE_URL, key)


@pytest.fixture(scope="session")
def sample():
    from gloed.channels.sample.generate import sample_organisation

    return sample_organisation(seed=2026, today=TODAY)


@pytest.fixture(scope="session")
def sample_source(sample):
    """Every answer of the sample that counts, as columns."""
    from gloed.analysis import store
    from gloed.analysis.schema import make_table

    surveys = {survey.key: survey for survey in sample.surveys}
    people = {person: number for number, person in enumerate(p.public_id for p in sample.persons)}
    held = [r for r in sample.responses if r.status != "withdrawn"]
    keys = sorted({key for response in held for key, _value in response.attributes})
    columns = {
        "response_id": list(range(len(held))),
        "survey": [str(survey_id(r.survey)) for r in held],
        "metric": [surveys[r.survey].metric for r in held],
        "scale_minimum": [surveys[r.survey].low for r in held],
        "scale_maximum": [surveys[r.survey].high for r in held],
        "high_is_good": [True] * len(held),
        "rating": [r.rating for r in held],
        "unreadable": [False] * len(held),
        "local_date": [r.answered_at.astimezone(ZONE).date() for r in held],
        "responded_at": [r.answered_at for r in held],
        "person": [people[r.person_id] for r in held],
        "team": [r.team for r in held],
        "language": [r.language for r in held],
        "device": [r.device for r in held],
    }
    columns |= {f"attr:{key}": [dict(r.attributes).get(key) for r in held] for key in keys}
    return store.from_arrow(make_table(columns))


@pytest.fixture
def subject_of(make_survey, organisation, sample):
    """A survey of the sample as a subject: `subject_of("bill")`."""
    from gloed.analysis.changes.subjects import Subject
    from gloed.surveys.rules import Metric, Scale

    def make(key):
        told = next(survey for survey in sample.surveys if survey.key == key)
        survey = make_survey(
            organisation, told.metric, title=told.name.en, scale=Scale(told.low, told.high)
        )
        survey.public_id = survey_id(key)
        survey.save(update_fields=["public_id"])
        return Subject(str(survey.public_id), survey.title, Metric(told.metric), (survey,))

    return make
