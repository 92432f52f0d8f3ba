"""Objects for the pages of cases; see objects_for_views."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from gloed.base.models import Membership, Organisation, Staff
from gloed.loop.cases import operations
from gloed.loop.cases.models import Absence, Case, Cause
from gloed.loop.cases.operations import planning
from gloed.loop.cases.rules import Asks, Fits
from gloed.people.models import Person
from gloed.responses.models import Response
from gloed.surveys import operations as surveys
from gloed.surveys.rules import Metric

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _case_of(organisation: Organisation) -> Case:
    person = Person.objects.create(organisation=organisation, name="Wim", created_at=NOW)
    return operations.open_for_person(person, because=[], how="hand", now=NOW)


def _case(organisation: Organisation) -> dict[str, Any]:
    return {"case_id": _case_of(organisation).public_id}


def _task(organisation: Organisation) -> dict[str, Any]:
    case = _case_of(organisation)
    task = operations.add_task(case, "Bellen", staff=None, now=NOW)
    return {"case_id": case.public_id, "task_id": task.public_id}


def _answer(organisation: Organisation) -> dict[str, Any]:
    content = surveys.usual_content(organisation, Metric.NPS)
    survey = surveys.create_survey(organisation, title="Zorg", content=content, now=NOW)
    surveys.open_survey(survey, now=NOW)
    response = Response.objects.create(
        organisation=organisation,
        survey=survey,
        version=survey.versions.get(),
        key=f"test:{uuid4()}",
        source="link",
        recorded_at=NOW,
        updated_at=NOW,
    )
    return {"answer_id": response.public_id}


def _person(organisation: Organisation) -> dict[str, Any]:
    person = Person.objects.create(organisation=organisation, name="Wim", created_at=NOW)
    return {"person_id": person.public_id}


def _rule(organisation: Organisation) -> dict[str, Any]:
    asks = Asks(bands=frozenset({"detractor"}))
    rule = planning.keep_rule(organisation, name="Laag", asks=asks, now=NOW)
    return {"rule_id": rule.public_id}


def _removed_rule(organisation: Organisation) -> dict[str, Any]:
    asks = Asks(bands=frozenset({"detractor"}))
    rule = planning.keep_rule(organisation, name="Weg", asks=asks, now=NOW)
    planning.remove_rule(rule, staff=None, now=NOW)
    return {"rule_id": rule.public_id}


def _route(organisation: Organisation) -> dict[str, Any]:
    route = planning.keep_route(
        organisation, name="Alles", fits=Fits(), team=None, way="load", members=[], now=NOW
    )
    return {"route_id": route.public_id}


def _absence(organisation: Organisation) -> dict[str, Any]:
    staff = Staff.objects.create_user(f"away-{organisation.pk}@example.org")
    membership = Membership.objects.create(organisation=organisation, staff=staff, role="analyst")
    absence = Absence.objects.create(
        membership=membership, starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 2)
    )
    return {"absence_id": absence.public_id}


def _cause(organisation: Organisation) -> dict[str, Any]:
    cause = Cause.objects.create(organisation=organisation, name="Prijs")
    return {"cause_id": cause.public_id}


OF_CASES: dict[str, Callable[[Organisation], dict[str, Any]]] = {
    **{
        f"cases:{name}": _case
        for name in (
            *("card", "edit", "note", "call", "contacted", "gesture", "no_room", "task"),
            *("assign", "priority", "close", "reopen"),
        )
    },
    "cases:task_done": _task,
    "cases:of_answer": _answer,
    "cases:open": _answer,
    "cases:of_person": _person,
    **{f"cases:{name}": _rule for name in ("rule", "rule_edit", "rule_preview", "rule_change")},
    "cases:rule_undo": _removed_rule,
    "cases:route_edit": _route,
    "cases:route_change": _route,
    "cases:route_undo": _route,
    "cases:absence_delete": _absence,
    "cases:cause_change": _cause,
    "cases:cause_undo": _cause,
}
