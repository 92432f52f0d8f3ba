"""The user's options from JSON (the command line and the API give them so)."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import NoReturn

from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.values import DateOrder, Metric, Options, Scale


def options_from(wishes: Mapping[str, object], *, folder: Path | None = None) -> Options:
    """Options from an object with the names of `Options`' fields.

    A relative `structure` is looked for in `folder`. Raises UnreadableFile for what does not
    fit, so that a misspelt option is never silently ignored.
    """
    unknown = set(wishes) - set(_READERS)
    if unknown:
        name = min(unknown)
        _refuse(name, wishes[name], f"The options are: {', '.join(_READERS)}.")
    given = {
        name: _READERS[name](name, value) for name, value in wishes.items() if value is not None
    }
    structure = given.get("structure")
    if isinstance(structure, Path) and folder is not None and not structure.is_absolute():
        given["structure"] = folder / structure
    return Options(**given)  # type: ignore[arg-type]  # each reader gives its field's type


def _refuse(option: str, value: object, hint: str) -> NoReturn:
    refuse(Reason.BAD_OPTION, option=option, value=value, hint=hint)


def _text(name: str, value: object) -> str:
    return value if isinstance(value, str) else _refuse(name, value, "Give a text.")


def _path(name: str, value: object) -> Path:
    return Path(_text(name, value))


def _flag(name: str, value: object) -> bool:
    return value if isinstance(value, bool) else _refuse(name, value, "Give true or false.")


def _count(name: str, value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    _refuse(name, value, "Give a whole number from 0.")


def _object(name: str, value: object) -> Mapping[str, object]:
    if isinstance(value, Mapping):
        return value
    _refuse(name, value, "Give an object with names and values.")


def _mapping(name: str, value: object) -> Mapping[str, str]:
    return {k: "" if v is None else _text(name, v) for k, v in _object(name, value).items()}


def _metric(name: str, value: object) -> Metric:
    wanted = _text(name, value).strip().casefold()
    if wanted in set(Metric):
        return Metric(wanted)
    _refuse(name, value, f"Choose from {', '.join(Metric)}.")


def _order(name: str, value: object) -> DateOrder:
    wanted = _text(name, value)
    if wanted in set(DateOrder):
        return DateOrder(wanted)
    _refuse(name, value, f"Choose from {', '.join(DateOrder)}.")


def _scales(name: str, value: object) -> Mapping[str, Scale]:
    return {k: _scale(name, v) for k, v in _object(name, value).items()}


def _scale(name: str, value: object) -> Scale:
    if isinstance(value, (list, tuple)) and len(value) == 2:
        low, high = value
        if type(low) is int and type(high) is int and low < high <= low + 100:
            return low, high
    _refuse(name, value, "Give the lowest and the highest number, such as [1, 5].")


def _labels(name: str, value: object) -> Mapping[str, Mapping[str, int | None]]:
    labels: dict[str, Mapping[str, int | None]] = {}
    for metric, numbers in _object(name, value).items():
        read: dict[str, int | None] = {}
        for label, number in _object(name, numbers).items():
            if number is not None and type(number) is not int:
                _refuse(name, number, "Give a whole number, or null for no answer.")
            read[label] = number
        labels[metric] = read
    return labels


def _names(name: str, value: object) -> frozenset[str]:
    if isinstance(value, (list, tuple, set, frozenset)):
        return frozenset(_text(name, item) for item in value)
    _refuse(name, value, "Give a list of metrics.")


def _day(name: str, value: object) -> date:
    try:
        return date.fromisoformat(_text(name, value))
    except ValueError:
        _refuse(name, value, "Give a date such as 2026-03-01.")


_READERS = {
    "timezone": _text,
    "mapping": _mapping,
    "metric": _metric,
    "scales": _scales,
    "labels": _labels,
    "inverted": _names,
    "sheet": _text,
    "structure": _path,
    "date_order": _order,
    "skip_rows": _count,
    "format": _text,
    "undated_at": _day,
    "keep_private": _flag,
    "file_name": _text,
}
