"""Surveys that are open, people and answers in the record, for tests that begin there."""

from uuid import uuid4

from tests.conftest import NOW


def open_survey(organisation, metric="nps", *, title="Service", now=NOW):
    """An open survey with the usual questions, in Dutch and English."""
    from gloed.surveys import operations
    from gloed.surveys.rules import Metric

    content = operations.usual_content(organisation, Metric(metric))
    made = operations.create_survey(organisation, title=title, content=content, now=now)
    return operations.open_survey(made, now=now)


def put_person(organisation, address, *, now=NOW, **fields):
    """Put a person with a mail address into the record, who reads Dutch unless it is said."""
    from gloed.people.models import Person

    return Person.objects.create(
        organisation=organisation,
        email=address,
        email_key=address.lower(),
        created_at=now,
        **({"language": "nl"} | fields),
    )


def put_answer(survey, rating=None, words=None, *, at=NOW, **fields):
    """Put a response into the record without telling anybody; what is None was not answered."""
    from gloed.responses.models import Answer, Response

    version = survey.current or survey.versions.get()
    usual = {
        "organisation": survey.organisation,
        "key": f"test:{uuid4()}",
        "source": "import",
        "language": "nl",
        "responded_at": at,
        "recorded_at": at,
        "updated_at": at,
    }
    response = Response.objects.create(survey=survey, version=version, **(usual | fields))
    asked, opened = version.questions.order_by("position")[:2]
    if rating is not None:
        Answer.objects.create(response=response, question=asked, rating=rating)
    if words is not None:
        Answer.objects.create(response=response, question=opened, verbatim=words)
    return response
