"""Bringing an archive in as a new organisation, whole or not at all."""

import secrets
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import DataError, IntegrityError, InterfaceError, transaction
from django.db.models import Exists, OuterRef

from gloed.analysis import tasks as projecting
from gloed.base import audit, bulk
from gloed.base.models import Membership, Organisation, Staff
from gloed.base.rules import Role
from gloed.base.sealing import seal
from gloed.coding import tasks as coding
from gloed.coding.operations.coding import mark
from gloed.integrations.exports.adapting import adapted
from gloed.integrations.exports.kinds import (
    COLLEAGUES,
    MEMBERSHIPS,
    ORGANISATION,
    Kind,
    present_kinds,
)
from gloed.integrations.exports.making import Report, silent
from gloed.integrations.exports.manifest import Archive, Part, open_archive
from gloed.integrations.exports.refusals import ArchiveRefused, Reason
from gloed.integrations.exports.rows import CHUNK, Field, Reader, binary_of
from gloed.integrations.exports.staging import Staging, remove_abandoned, reserve, staged

SETTINGS = ("time_zone", "language", "minimum_group", "require_second_factor")
COLLEAGUE = ("name", "language", "theme")
STAFF = "base.staff"


def bring_in(
    path: Path,
    *,
    name: str = "",
    by: Staff | None = None,
    now: datetime,
    report: Report = silent,
) -> Organisation:
    """Bring an archive in as a new organisation and return it; `by` becomes an owner of it.

    Everything is checked before the first row is written. Raises ArchiveRefused, and leaves nothing
    behind, where something is not as it should be.
    """
    with open_archive(path) as archive:
        archive.check()
        remove_abandoned()
        with staged() as staging:
            return _Coming(archive, staging, now, report).bring_in(name, by)


class _Coming:
    """One archive on its way in."""

    def __init__(self, archive: Archive, staging: Staging, now: datetime, report: Report) -> None:
        self._archive = archive
        self._staging = staging
        self._now = now
        self._report = report
        self._done = 0
        self._kinds = present_kinds()
        self._by_label = {kind.label: kind for kind in self._kinds}
        self._ranges: dict[str, tuple[int, int, int]] = {}  # first, last, what is added
        self._staff: dict[int, int] = {}
        self._late: list[tuple[Kind, dict[str, Any]]] = []
        self._open: set[int] = set()  # memberships that are not closed

    def bring_in(self, name: str, by: Staff | None) -> Organisation:
        known = {kind.name for kind in (ORGANISATION, COLLEAGUES, *self._kinds)}
        for part in self._archive.manifest.parts:
            if part.kind not in known or part.file != f"{part.kind}.jsonl":
                raise ArchiveRefused(Reason.MISSING, file=part.file)
        self._report(0, self._archive.manifest.rows)
        organisation = self._make_organisation(name)
        self._make_colleagues()
        for kind in self._kinds:
            self._make_room(kind)
        try:
            with transaction.atomic():
                for kind in self._kinds:
                    if not kind.is_large:
                        self._bring_kind(kind, organisation)
                self._set_late()
        except IntegrityError:  # a reference into nothing, found at the end
            raise ArchiveRefused(Reason.DOES_NOT_FIT, file="*.jsonl", line="–") from None
        for kind in self._kinds:
            if kind.is_large:
                self._bring_kind(kind, organisation)
        self._look_for_orphans(organisation)
        self._open_up(organisation, by)
        return organisation

    def _make_organisation(self, name: str) -> Organisation:
        line: dict[str, Any] = next(self._lines(ORGANISATION), {})
        wanted = name.strip() or str(
            line.get("name") or self._archive.manifest.organisation["name"]
        )
        made = Organisation(
            name=_free_name(wanted),
            created_at=self._now,
            **{key: line[key] for key in SETTINGS if key in line},
        )
        try:
            public_id = UUID(str(line.get("public_id")))
            made.created_at = datetime.fromisoformat(str(line.get("created_at")))
            made.clean_fields()
        except (ValueError, ValidationError):
            raise _unfit(ORGANISATION, 1) from None
        if not Organisation.objects.filter(public_id=public_id).exists():
            made.public_id = public_id
        self._staging.organisation = made.public_id
        self._staging.note()
        made.save(force_insert=True)
        return made

    def _make_colleagues(self) -> None:
        """Find who logs in here already by address; make the others, who must set a password."""
        for number, line in enumerate(self._lines(COLLEAGUES), 1):
            try:
                key, email = line["id"], str(line["email"]).lower()
                validate_email(email)
                told = {name: str(line.get(name, "")) for name in COLLEAGUE}
            except (KeyError, TypeError, AttributeError, ValidationError):
                raise _unfit(COLLEAGUES, number) from None
            staff = Staff.objects.filter(email=email).first()
            if staff is None:
                with transaction.atomic():
                    staff = Staff.objects.create_user(email, name=told["name"][:120])
                    staff.language, staff.theme = told["language"][:8], told["theme"][:8]
                    staff.public_id = _free_id(line.get("public_id"), staff.public_id)
                    staff.save(update_fields=["language", "theme", "public_id"])
                self._staging.staff.append(staff.pk)
                self._staging.note()
            self._staff[key] = staff.pk

    def _make_room(self, kind: Kind) -> None:
        part = self._archive.manifest.part(kind.name)
        if part is None or not part.rows:
            return
        has_own_key = not kind.model._meta.pk.is_relation
        moved = reserve(kind.model, part.first, part.last) if has_own_key else 0
        self._ranges[kind.name] = (part.first, part.last, moved)

    def _bring_kind(self, kind: Kind, organisation: Organisation) -> None:
        part = self._archive.manifest.part(kind.name)
        if part is None:
            return
        reader = Reader(kind, organisation.pk, self._moved)
        lines, number = self._archive.lines(part), 0
        while chunk := list(islice(lines, CHUNK)):
            made = [self._row(kind, reader, line, number + n) for n, line in enumerate(chunk, 1)]
            try:
                with transaction.atomic():
                    bulk.insert_rows(kind.model, reader.columns, reader.settle(made))
            except (IntegrityError, DataError, InterfaceError):
                raise _unfit(kind, f"{number + 1}–{number + len(chunk)}") from None
            number += len(chunk)
            self._done += len(chunk)
            self._report(self._done)

    def _row(self, kind: Kind, reader: Reader, line: Any, number: int) -> list[Any]:
        try:
            row = dict(line)
            if kind is MEMBERSHIPS and not row.get("deactivated_at"):
                self._open.add(self._own(kind.name, row["id"]))
            if kind.later:
                self._late.append((kind, {name: row.get(name) for name in ("id", *kind.later)}))
            row = adapted(kind.name, row, self._own, closed_at=self._now.isoformat())
            values = reader.row(row)
            if (name := binary_of(kind)) and row.get(name):
                values[reader.place(name)] = self._archive.file(str(row[name]))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise _unfit(kind, number) from None
        return values

    def _moved(self, field: Field, value: int) -> int:
        """Where a reference of the archive points here."""
        target = field.related_model if field.is_relation else field.model
        label = target._meta.label_lower  # type: ignore[union-attr]  # a model by now
        if label == STAFF:
            return self._staff.get(value)  # type: ignore[return-value]  # None: left long ago
        return self._own(self._by_label[label].name, value)

    def _own(self, kind: str, value: int) -> int:
        first, last, moved = self._ranges.get(kind, (1, 0, 0))
        if type(value) is not int or not first <= value <= last:
            raise ValueError(kind)
        return value + moved

    def _set_late(self) -> None:
        """Set the references that had to wait for their target."""
        for number, (kind, line) in enumerate(self._late, 1):
            for name in kind.later:
                if line[name] is None:
                    continue
                field = kind.model._meta.get_field(name.removesuffix("_id"))
                try:
                    target = self._moved(field, line[name])  # type: ignore[arg-type]  # a column
                except (ValueError, TypeError):
                    raise _unfit(kind, number) from None
                own = kind.model._base_manager.filter(pk=self._own(kind.name, line["id"]))
                own.update(**{name: target})

    def _look_for_orphans(self, organisation: Organisation) -> None:
        """Refuse references into nothing that the database does not look up itself."""
        for kind in self._kinds:
            for field in kind.model._meta.local_concrete_fields:
                is_looked_up = getattr(field, "db_constraint", True)
                if is_looked_up or field.related_model is Organisation:
                    continue
                model: Any = field.related_model
                target = model._base_manager.filter(pk=OuterRef(field.attname))
                lost = kind.rows_of(organisation).filter(**{f"{field.name}__isnull": False})
                if lost.filter(~Exists(target)).exists():
                    raise _unfit(kind, "–")

    def _open_up(self, organisation: Organisation, by: Staff | None) -> None:
        """Let people in: the last step, all of it at once."""
        with transaction.atomic():
            Membership.objects.filter(organisation=organisation, pk__in=self._open).update(
                deactivated_at=None
            )
            if by is not None:
                Membership.objects.update_or_create(
                    organisation=organisation,
                    staff=by,
                    defaults={"role": Role.OWNER, "deactivated_at": None},
                )
            for kind in self._kinds:
                if kind.name == "widgets":
                    _new_secrets(kind, organisation)
            made_at = self._archive.manifest.made_at
            audit.record(
                by,
                "archive.brought_in",
                self._archive.manifest.organisation["name"],
                {"rows": self._done, "made": made_at},
                organisation=organisation,
                at=self._now,
            )
            projecting.rebuild(organisation, now=self._now)
            if self._archive.manifest.part("codebooks"):
                mark(organisation.pk, {None})
                coding.schedule(organisation.pk, now=self._now, is_long=True)

    def _lines(self, kind: Kind) -> Iterator[Any]:
        part: Part | None = self._archive.manifest.part(kind.name)
        found = self._archive.lines(part) if part else iter(())
        return iter([line for line in found if isinstance(line, dict)])


def _new_secrets(kind: Kind, organisation: Organisation) -> None:
    """Give widgets a secret of their own: the old one was sealed elsewhere."""
    for pk in kind.rows_of(organisation).values_list("pk", flat=True):
        kind.model._base_manager.filter(pk=pk).update(secret=seal(secrets.token_urlsafe(32)))


def _free_name(name: str) -> str:
    """The name, with a number behind it where an organisation here has it already."""
    wanted, number = name[:120], 1
    while Organisation.objects.filter(name__iexact=wanted).exists():
        number += 1
        wanted = f"{name[:110]} ({number})"
    return wanted


def _free_id(wanted: Any, made: UUID) -> UUID:
    """The id a colleague had, where nobody here has it."""
    try:
        known = UUID(str(wanted))
    except ValueError:
        return made
    return made if Staff.objects.filter(public_id=known).exists() else known


def _unfit(kind: Kind, line: object) -> ArchiveRefused:
    return ArchiveRefused(Reason.DOES_NOT_FIT, file=kind.file, line=str(line))
