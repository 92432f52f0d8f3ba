"""What stays of a case when its person or its answer is gone."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from gloed.base.models import Organisation
from gloed.loop.cases.models import Case, CaseAnswer, Mention
from gloed.loop.cases.operations.handling import close_case
from gloed.loop.cases.rules import Because, Happened, Outcome, Status
from gloed.people.models import Person
from gloed.responses.models import Response

KEPT = ("gesture", "outcome", "is_reached", "how")
UNTOUCHED = (Happened.OPENED, Happened.ASSIGNED, Happened.REMINDED, Happened.ESCALATED)


def forget(organisation: Organisation | int, person_key: str, *, now: datetime) -> int:
    """Empty what was written about somebody who was erased; moments, causes and outcomes stay.

    An open case is closed: nobody can be reached any more. Returns how many cases there were.
    """
    key = organisation if isinstance(organisation, int) else organisation.pk
    cases = list(Case.objects.filter(organisation=key, person_key=person_key))
    for case in cases:
        _let_go(case, now=now)
    return len(cases)


def tidy(organisation: int, *, now: datetime) -> None:
    """Answers or persons were removed: let go of what is not there any more.

    A case that has lost its answers and that nobody has touched yet is closed: nothing to do.
    """
    own = Case.objects.filter(organisation=organisation)
    gone = own.filter(person__isnull=False).exclude(
        Exists(Person.objects.filter(pk=OuterRef("person_id")))
    )
    for case in list(gone):
        _let_go(case, now=now)
    lost = CaseAnswer.objects.filter(case__organisation=organisation).exclude(
        Exists(Response.objects.filter(pk=OuterRef("response_id")))
    )
    concerned = set(lost.values_list("case_id", flat=True))
    if not concerned:
        return
    lost.delete()
    own.filter(pk__in=concerned).exclude(
        Exists(Response.objects.filter(pk=OuterRef("response_id")))
    ).update(response=None)
    empty = own.filter(pk__in=concerned, status=Status.OPEN, answers=None)
    for case in empty.exclude(opened_how="hand"):
        by_itself = Q(kind__in=UNTOUCHED) | Q(kind=Happened.JOINED, staff=None)
        if not case.events.exclude(by_itself).exists():
            close_case(case, Outcome.NOTHING_TO_DO, staff=None, now=now)


def _let_go(case: Case, *, now: datetime) -> None:
    with transaction.atomic():
        _empty(case, now=now)
        if case.is_open:
            close_case(case, Outcome.NOTHING_TO_DO, staff=None, now=now)


def _empty(case: Case, *, now: datetime) -> None:
    case.cause_words = case.done = case.told = ""
    case.opened_because = _without_words(case.opened_because)
    case.priority_reasons = _without_words(case.priority_reasons)
    case.person_key = None
    case.person_id = None
    case.erased_at = now
    case.save()
    Mention.objects.filter(event__case=case).delete()
    for event in case.events.all():
        event.text = ""
        event.detail = {name: event.detail[name] for name in KEPT if name in event.detail}
        event.save(update_fields=["text", "detail"])
    case.tasks.update(title="")


def _without_words(reasons: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    told = {Because.WORDS, Because.ATTRIBUTE}
    return [{**one, "about": ""} if one["because"] in told else dict(one) for one in reasons]
