"""Rows of the record as lines of JSON, and lines as values for the record."""

import datetime as dt
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from django.core.exceptions import ValidationError
from django.db import connection, models

from gloed.base import bulk
from gloed.base.models import Organisation
from gloed.integrations.exports.kinds import Kind

CHUNK = 2_000
Field: TypeAlias = "models.Field[Any, Any]"
PLAIN = (
    models.CharField,
    models.TextField,
    models.BooleanField,
    models.IntegerField,
    models.ForeignKey,
)
"""What every database takes as it is, once it was checked."""


def fields_of(kind: Kind) -> list[Field]:
    """The columns of a kind that go along; whose organisation it is goes without saying."""
    return [
        field
        for field in kind.model._meta.local_concrete_fields
        if field.attname not in kind.without and field.related_model is not Organisation
    ]


def lines_of(kind: Kind, rows: "models.QuerySet[models.Model]") -> Iterator[tuple[int, bytes]]:
    """Each row as its id and a line of JSON; a binary value as the name of its file."""
    fields = fields_of(kind)
    names = [field.attname for field in fields]
    binary = {field.attname for field in fields if isinstance(field, models.BinaryField)}
    values = rows.values_list("pk", *names)
    for pk, *row in values.iterator(chunk_size=CHUNK):
        found = dict(zip(names, row, strict=True))
        for name in binary:
            found[name] = file_of(kind, pk) if found[name] else None
        yield pk, json.dumps(found, default=_plain, ensure_ascii=False).encode() + b"\n"


def file_of(kind: Kind, pk: int) -> str:
    """Where the binary value of a row stands in the archive."""
    return f"files/{kind.name}/{pk}"


def binary_of(kind: Kind) -> str | None:
    """The one binary column of a kind, where it has one."""
    names = [f.attname for f in fields_of(kind) if isinstance(f, models.BinaryField)]
    return names[0] if names else None


def _plain(value: object) -> str:
    """What JSON does not know, so that the field reads the same value again."""
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, uuid.UUID | Decimal):
        return str(value)
    raise TypeError(f"a {type(value).__name__} cannot be written to an archive")


Convert = Callable[[Any], Any]


class Reader:
    """Lines of one kind as rows for the database, references moved to their new places."""

    def __init__(self, kind: Kind, organisation: int, moved: Callable[[Field, int], int]) -> None:
        self.kind = kind
        model = kind.model
        self._fields = fields_of(kind)
        left = [f for f in model._meta.local_concrete_fields if f not in self._fields]
        self._fixed = [self._value_behind(field, organisation) for field in left]
        self.columns = [str(field.column) for field in (*self._fields, *left)]
        self._known = {field.attname for field in self._fields}
        self._converts = [self._converter(field, moved) for field in self._fields]
        self._names = [field.attname for field in self._fields]
        self._preps = [None if isinstance(f, PLAIN) else f for f in self._fields]
        self._unique = [
            place
            for place, field in enumerate(self._fields)
            if field.unique and not field.is_relation and not field.primary_key
        ]

    def row(self, line: Any) -> list[Any]:
        """The values of a line as fields hold them; raises ValueError where it does not fit."""
        if not isinstance(line, dict) or not line.keys() <= self._known:
            raise ValueError("not a row of this kind")
        pairs = zip(self._names, self._fields, self._converts, strict=True)
        return [
            convert(line[name]) if name in line else _default(field)
            for name, field, convert in pairs
        ]

    def place(self, name: str) -> int:
        """Where in a row the value of a column stands."""
        return self._names.index(name)

    def settle(self, rows: Sequence[list[Any]]) -> list[list[Any]]:
        """Rows as the database takes them; an id or token that is taken here becomes a new one."""
        for place in self._unique:
            field = self._fields[place]
            wanted = [row[place] for row in rows]
            taken = set(
                self.kind.model._base_manager.filter(
                    **{f"{field.attname}__in": wanted}
                ).values_list(field.attname, flat=True)
            )
            for row in rows:
                if row[place] in taken:
                    row[place] = self._another(field, row[place])
        return [
            [
                *(
                    value if prep is None else prep.get_db_prep_save(value, connection)
                    for prep, value in zip(self._preps, row, strict=True)
                ),
                *self._fixed,
            ]
            for row in rows
        ]

    def _another(self, field: Field, taken: Any) -> Any:
        """A value that is free here; a name in an address gets a number behind it."""
        if field.has_default():
            return field.get_default()
        room = (field.max_length or 255) - 4
        wanted, number = taken, 1
        while self.kind.model._base_manager.filter(**{field.attname: wanted}).exists():
            number += 1
            wanted = f"{taken[:room]}-{number}"
        return wanted

    def _value_behind(self, field: Field, organisation: int) -> Any:
        """What a column that did not come along gets."""
        if field.related_model is Organisation:
            return organisation
        return field.get_db_prep_save(_default(field), connection)

    def _converter(self, field: Field, moved: Callable[[Field, int], int]) -> Convert:
        is_late = field.attname in self.kind.later
        checked = None if field.is_relation or field.primary_key else _checker(field)

        def convert(value: Any) -> Any:
            if value is None or is_late:
                if value is None and not field.null:
                    raise ValueError(field.attname)
                return None
            if checked is not None:
                return checked(value)
            if type(value) is not int:
                raise ValueError(field.attname)
            return moved(field, value)

        return convert


def _default(field: Field) -> Any:
    """What a row has where nothing was said: an older archive knows less."""
    if field.has_default():
        return field.get_default()
    if field.has_db_default():
        return field.db_default
    return None if field.null else field.get_default()


def _checker(field: Field) -> Convert:
    """What makes a value of the right kind and size, or raises ValueError for another."""
    if isinstance(field, models.BinaryField):
        return lambda value: value  # the name of its file; the caller reads it
    if isinstance(field, models.JSONField):
        return _json
    if isinstance(field, models.BooleanField):
        return lambda value: _of_kind(value, bool)
    if isinstance(field, models.IntegerField):
        return _whole_number(field)
    if isinstance(field, models.CharField | models.TextField):
        return _text(field)

    def other(value: Any) -> Any:
        try:
            return field.to_python(value)
        except (ValidationError, TypeError):
            raise ValueError(field.attname) from None

    return other


def _json(value: Any) -> Any:
    return json.loads(bulk.as_json(value)) if isinstance(value, dict | list) else value


def _whole_number(field: Field) -> Convert:
    low, high = connection.ops.integer_field_range(field.get_internal_type())

    def checked(value: Any) -> int:
        number: int = _of_kind(value, int)
        if (low is not None and number < low) or (high is not None and number > high):
            raise ValueError(field.attname)
        return number

    return checked


def _text(field: Field) -> Convert:
    most = (field.max_length or 0) if isinstance(field, models.CharField) else 0

    def checked(value: Any) -> str:
        text = bulk.clean(_of_kind(value, str))
        if most and len(text) > most:
            raise ValueError(field.attname)
        return text

    return checked


def _of_kind(value: Any, kind: type) -> Any:
    if type(value) is not kind:
        raise ValueError(f"not {kind.__name__}")
    return value
