"""Answers, cases and improvements, each as far on its way as a test says."""

from datetime import timedelta

import pytest

from tests.conftest import NOW


@pytest.fixture
def touchpoint(organisation):
    from gloed.surveys.models import Touchpoint

    return Touchpoint.objects.create(organisation=organisation, name="Moving house")


@pytest.fixture
def survey(organisation, touchpoint):
    from gloed.surveys import operations

    content = operations.usual_content(organisation, "nps")
    made = operations.create_survey(organisation, title="Customers", content=content, now=NOW)
    opened = operations.open_survey(made, now=NOW)
    type(opened).objects.filter(pk=opened.pk).update(touchpoint=touchpoint)
    opened.refresh_from_db()
    return opened


@pytest.fixture
def team(organisation):
    from gloed.base.models import Team

    return Team.objects.create(organisation=organisation, name="South")


@pytest.fixture
def answer(survey):
    """Somebody answered: `answer(3, "a", team="South", days=4)` came in four days ago."""
    from gloed.people.rules import PersonData
    from gloed.responses import operations
    from gloed.responses.models import Response
    from gloed.responses.rules import GivenAnswer, IncomingAnswer
    from gloed.surveys.queries import get_asked

    def give(rating, name, *, team="", days=1):
        at = NOW - timedelta(days=days)
        incoming = IncomingAnswer(
            answers=(GivenAnswer(1, rating=rating),),
            source="api",
            source_id=name,
            person=PersonData(external_id=name, name=name.title(), email=f"{name}@example.org"),
            responded_at=at,
            team=team,
        )
        receipt = operations.receive_answer(incoming, survey=get_asked(survey.pk), now=at)
        return Response.objects.get(public_id=receipt.response_id)

    return give


@pytest.fixture
def case(answer):
    """A case as far as `until` says: opened, contacted, cause, improvement, done, told, again."""
    from gloed.loop.cases import operations
    from gloed.loop.cases.models import Case, Cause
    from gloed.loop.improvements import operations as improving
    from gloed.loop.improvements.rules import Status

    order = ("opened", "contacted", "cause", "improvement", "done", "told", "again")

    def make(name, until="opened", *, team="", days=3):
        response = answer(2, name, team=team, days=days)
        at = NOW - timedelta(days=days)
        made = operations.open_case(response, now=at)
        reached = set(order[: order.index(until) + 1])
        if "contacted" in reached:
            operations.note_contact(made, how="call", now=at)
        if "cause" in reached:
            cause, _new = Cause.objects.get_or_create(
                organisation=made.organisation, name="Late invoice"
            )
            wanted = {"cause": str(cause.public_id)}
            operations.edit_case(made, wanted, read=made.version, staff=None, now=at)
        if "improvement" in reached:
            work = improving.create_improvement(
                made.organisation, {"title": name}, by=None, now=at, responses=[response]
            )
            if "done" in reached:
                improving.move(work, to=Status.FINISHED, by=None, now=at)
        if "told" in reached:
            Case.objects.filter(pk=made.pk).update(told="Thank you", told_at=at, closed_at=at)
        if "again" in reached:
            from gloed.fieldwork.models import Invitation

            Invitation.objects.create(
                organisation=made.organisation,
                survey=response.survey,
                person=response.person,
                channel="email",
                disposition="sent",
                created_at=at + timedelta(hours=1),
                sent_at=at + timedelta(hours=1),
            )
        return made

    return make
