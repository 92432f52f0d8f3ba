"""People who raised something, a finished improvement, and a mail server on this machine."""

from datetime import timedelta

import pytest

from tests.channels.email.post_office import NOW, mail_server
from tests.record import open_survey, put_answer, put_person


@pytest.fixture
def office(settings):
    """A running mail server, and settings that lead to it."""
    with mail_server(settings, patience=5) as box:
        yield box


@pytest.fixture
def survey(organisation):
    return open_survey(organisation, title="Klanten")


@pytest.fixture
def say(organisation, survey):
    """Somebody answers: `say("anna@example.org", "Nobody called")` gives the response."""

    def put(address, words, *, rating=3, language="nl", name="Anna", at=NOW - timedelta(days=40)):
        person = put_person(organisation, address, name=name, language=language, now=at)
        return put_answer(survey, rating, words, person=person, at=at, language=language)

    return put


@pytest.fixture
def finished(organisation):
    """Note and finish an improvement that rests on these answers: `finished([response])`."""
    from gloed.loop.improvements import operations
    from gloed.loop.improvements.rules import Status

    def make(responses=(), *, cases=(), themes=(), **values):
        made = operations.create_improvement(
            organisation,
            {"title": "Call back", "outcome": "We call back within an hour.", **values},
            by=None,
            now=NOW,
            responses=responses,
            cases=cases,
            themes=themes,
        )
        operations.move(made, to=Status.FINISHED, by=None, now=NOW)
        return made

    return make


@pytest.fixture
def work():
    """Do the worker's part at a moment: write the lines, send, ask again."""
    from gloed.base import jobs
    from gloed.base.models import Job
    from gloed.channels.told_back import tasks

    def at(**later):
        moment = NOW + timedelta(**later)
        for job in Job.objects.filter(kind="told_back.write", state="waiting"):
            tasks.write(jobs.JobRun(job=job, now=lambda: moment))
        run = jobs.JobRun(job=None, now=lambda: moment)
        tasks.send(run)
        tasks.again(run)

    return at


@pytest.fixture
def tell():
    """Begin the telling of an improvement: `tell(improvement)`."""
    from gloed.channels.told_back import operations

    def begin(improvement, *, now=NOW, **changed):
        telling = operations.telling_of(improvement, now=now)
        for name, value in changed.items():
            setattr(telling, name, value)
        telling.save()
        operations.begin(telling, by=None, now=now)
        return telling

    return begin
