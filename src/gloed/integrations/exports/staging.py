"""An organisation that is on its way in: nobody works there yet, and it goes if it is not finished.

While it comes in, a file beside the archives names it, locked by who brings it in. A killed
process loses its lock; whoever comes next finds the file and removes what it left.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, models, transaction

from gloed.base import bulk
from gloed.base.models import Organisation, Staff
from gloed.integrations.exports.kinds import Kind, present_kinds

SLACK = 1_000
"""Keys that others may take between two looks at a sequence."""
PIECE = 2_000


def folder() -> Path:
    """Where archives lie, and the marks of what comes in."""
    place: Path = settings.DATA / "archives"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


@dataclass(slots=True)
class Staging:
    """What was made so far, and so what must go if it is not finished."""

    held: IO[str]
    organisation: UUID | None = None
    staff: list[int] = field(default_factory=list)

    def note(self) -> None:
        """Write down what is about to be there; the last line counts."""
        told = {"organisation": str(self.organisation), "staff": self.staff}
        self.held.write(json.dumps(told) + "\n")
        self.held.flush()
        os.fsync(self.held.fileno())

    def remove(self) -> None:
        """Take out all that came in."""
        if self.organisation is None:
            return
        for found in Organisation.objects.filter(public_id=self.organisation):
            _remove(found)
        Staff.objects.filter(pk__in=self.staff, memberships=None).delete()


@contextmanager
def staged() -> Iterator[Staging]:
    """Hold the mark of something that comes in; what fails inside is removed again."""
    mark = folder() / f"{uuid4()}.coming"
    with mark.open("a+", encoding="utf-8") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        staging = Staging(held)
        try:
            yield staging
        except BaseException:
            staging.remove()
            raise
        finally:
            mark.unlink(missing_ok=True)


def remove_abandoned() -> None:
    """Remove what a killed process left half brought in."""
    for mark in folder().glob("*.coming"):
        with suppress(FileNotFoundError), mark.open("r+", encoding="utf-8") as held:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:  # somebody is at it
                continue
            for line in reversed(held.readlines()):
                with suppress(ValueError):  # cut off in the middle of the line
                    told = json.loads(line)
                    Staging(held, UUID(told["organisation"]), told["staff"]).remove()
                    break
            mark.unlink(missing_ok=True)


def reserve(model: type[models.Model], first: int, last: int) -> int:
    """Keep a range of keys free for rows with ids from `first` to `last`.

    Returns what is added to an id: nothing in an empty table, so that it stays what it was.
    """
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "pg_get_serial_sequence(%s, 'id')"
            cursor.execute(f"SELECT nextval({sequence})", [table])
            latest = int(cursor.fetchone()[0])
            moved = 0 if latest + SLACK < first else latest + SLACK - first
            if latest == 1 and not model._base_manager.exists():
                moved = 0
            cursor.execute(
                f"SELECT setval({sequence}, %s)",
                [table, last + moved],
            )
            return moved
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        latest = int(found[0]) if found else 0
        moved = 0 if latest < first else latest + 1 - first
        keep = (
            "UPDATE sqlite_sequence SET seq = %s WHERE name = %s"
            if found
            else "INSERT INTO sqlite_sequence (seq, name) VALUES (%s, %s)"
        )
        cursor.execute(keep, [last + moved, table])
        return moved


def _remove(organisation: Organisation) -> None:
    kinds = present_kinds()
    for kind in reversed(kinds):
        if kind.is_large:
            _remove_rows(kind, organisation)
    with transaction.atomic():
        for kind in kinds:
            if kind.later:
                kind.rows_of(organisation).update(**dict.fromkeys(kind.later))
        for kind in reversed(kinds):
            _remove_rows(kind, organisation)
        # whatever else has come to belong to it meanwhile goes by the cascade
        organisation.delete()


def _remove_rows(kind: Kind, organisation: Organisation) -> None:
    last = 0
    while True:
        rows = kind.rows_of(organisation).filter(pk__gt=last)
        keys = list(rows.values_list("pk", flat=True)[:PIECE])
        if not keys:
            return
        with transaction.atomic():
            bulk.delete_rows(kind.model, str(kind.model._meta.pk.column), keys)
        last = keys[-1]
