"""What two people may write at once: cause, what was done, what the customer was told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from gloed.base.models import Staff
from gloed.loop.cases import news
from gloed.loop.cases.models import Case, Cause
from gloed.loop.cases.operations.story import locked, refresh, write_line
from gloed.loop.cases.rules import Clash, Happened, as_it_was, merge

FIELDS = ("cause", "cause_words", "done", "told")
"""What is edited together; a cause is its public id, or empty."""


@dataclass(frozen=True, slots=True)
class Edited:
    """What came of an edit: the version that is saved now, and what both changed differently."""

    version: int
    clashes: tuple[Clash, ...] = ()
    is_changed: bool = False


def contents_of(case: Case) -> dict[str, Any]:
    """What is saved, by the names of FIELDS."""
    cause = str(case.cause.public_id) if case.cause else ""
    return {"cause": cause, "cause_words": case.cause_words, "done": case.done, "told": case.told}


@transaction.atomic
def edit_case(
    case: Case, mine: Mapping[str, Any], *, read: int, staff: Staff | None, now: datetime
) -> Edited:
    """Save what was changed since version `read`; what others changed meanwhile stays.

    Where both changed one field differently nothing is written and both texts come back. Every
    earlier text stays in the story. Raises ValueError for a field that is not in FIELDS.
    """
    if not mine.keys() <= set(FIELDS):
        raise ValueError("only the fields of a case are edited here")
    fresh = locked(case)
    saved = contents_of(fresh)
    merged = merge(was=_as_read(fresh, saved, read), now=saved, mine=mine)
    if merged.clashes:
        refresh(case, fresh)
        return Edited(fresh.version, merged.clashes)
    if not merged.changes:
        return Edited(fresh.version)
    _write(fresh, merged.changes, now=now)
    detail = {
        "version": fresh.version,
        "changes": {name: [saved[name], value] for name, value in merged.changes.items()},
    }
    write_line(fresh, Happened.EDITED, staff=staff, detail=detail, now=now)
    refresh(case, fresh)
    return Edited(fresh.version, is_changed=True)


def _as_read(case: Case, saved: Mapping[str, Any], read: int) -> dict[str, Any]:
    """What stood in the version that was read, told by the edits since."""
    edits = case.events.filter(kind=Happened.EDITED, detail__version__gt=read)
    newest_first = sorted(edits, key=lambda event: -event.detail["version"])
    return as_it_was(
        saved,
        [
            {name: (before, after) for name, (before, after) in event.detail["changes"].items()}
            for event in newest_first
        ],
    )


def _write(case: Case, changes: Mapping[str, Any], *, now: datetime) -> None:
    for name in ("cause_words", "done", "told"):
        if name in changes:
            setattr(case, name, changes[name])
    if "cause" in changes:
        wanted = changes["cause"]
        causes = Cause.objects.filter(organisation=case.organisation)
        case.cause = causes.get(public_id=wanted) if wanted else None
    firsts = (
        ("caused_at", case.cause is not None, news.CAUSED),
        ("done_at", bool(case.done), news.DONE),
        ("told_at", bool(case.told), news.TOLD),
    )
    told = [] if "cause" not in changes else [news.CAUSED]
    for column, is_there, kind in firsts:
        if is_there and getattr(case, column) is None:
            setattr(case, column, now)
            told.append(kind)
    case.version += 1
    case.save()
    for kind in dict.fromkeys(told):
        news.tell(kind, case, now=now, cause=case.cause.name if case.cause else "")
