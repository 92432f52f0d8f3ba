"""A case's story: lines that are written once, also by neighbouring apps."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gloed.base.models import Staff
from gloed.loop.cases.models import Case, CaseEvent
from gloed.loop.cases.rules import Outcome, Status


class Refused(Exception):
    """Nothing was changed; `reason` is a stable word the page tells in a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def write_line(
    case: Case,
    kind: str,
    *,
    now: datetime,
    staff: Staff | None = None,
    text: str = "",
    detail: Mapping[str, Any] | None = None,
) -> CaseEvent:
    """Add a line to a case's story. `kind` is a `rules.Happened`, or one of a neighbouring app.

    A neighbour tells how its own kinds are shown with `sentences.name_line`.
    """
    return CaseEvent.objects.create(
        case=case, kind=str(kind), staff=staff, at=now, text=text, detail=dict(detail or {})
    )


def locked(case: Case) -> Case:
    """The case as it is now, locked until the transaction ends. Raises DoesNotExist."""
    return (
        Case.objects.select_for_update(of=("self",))
        .select_related("organisation", "response", "survey", "touchpoint", "team", "owner")
        .select_related("person", "cause")
        .get(pk=case.pk)
    )


def refresh(case: Case, fresh: Case) -> None:
    """Let the caller's case show what was written."""
    for field in Case._meta.concrete_fields:
        setattr(case, field.attname, getattr(fresh, field.attname))


def is_over(case: Case) -> bool:
    """Whether it is closed."""
    return case.status == Status.CLOSED


OUTCOMES = frozenset(Outcome)
