"""Expressions that every question is made of: which rows, which group, which first day."""

from collections.abc import Collection, Hashable
from dataclasses import replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any, Final

from gloed.analysis.queries.asked import Filter, Period, Selection, Window
from gloed.analysis.schema import GROUPABLE, THEME, is_attribute, stored_name
from gloed.analysis.store import (
    Build,
    Source,
    engine,
    is_stand_in,
    rows_in,
    stand_in,
    table_of,
)

KINDS: Final = ("scale_minimum", "scale_maximum", "rating", "high_is_good", "unreadable")
"""The columns that tell what a rating is and on which scale it was given."""

_NUMBERS: Final = KINDS[:3]  # small whole numbers; the other two are true, false or unknown
_OFFSET: Final = 2**15 + 1  # the smallest of them becomes 1, unknown 0
_REACH: Final = 2**16 + 1


_FROM: Final = date(1, 1, 1)
_UNTIL: Final = date(1, 1, 2)
"""These very objects stand for the ends of a window; equal days are days."""


def ask(
    source: Source, build: Build, selection: Selection, *shape: Hashable
) -> list[dict[str, Any]]:
    """The rows that `build(source, selection, *shape)` finds.

    What is built sees only the outline of the selection: stand-ins for names and days.
    """
    outline, values = outlined(selection, source.columns)
    return rows_in(engine().ask(source, build, (outline, *shape), values))


def outlined(selection: Selection, columns: Collection[str]) -> tuple[Selection, dict[str, str]]:
    """The shape of a selection of answers with these columns, and the value of each stand-in."""
    values: dict[str, str] = {}

    def aside(name: str, value: str) -> str:
        values[stand_in(name)] = value
        return stand_in(name)

    def column(name: str, place: int) -> str:
        if name not in columns or not (name in GROUPABLE or is_attribute(name)):
            return name  # no answer has it, or it is not of text
        return aside(f"column_{place}", stored_name(name))

    filters = tuple(
        Filter(
            column(only.column, place),
            tuple(
                None if value is None else aside(f"filter_{place}_{number}", value)
                for number, value in enumerate(only.values)
            ),
        )
        for place, only in enumerate(selection.filters)
    )
    window = selection.window
    for name, day in (("from", window.start), ("until", window.end)):
        if day is not None:
            aside(name, day.isoformat())
    outline = replace(
        selection,
        surveys=tuple(aside(f"survey_{n}", name) for n, name in enumerate(selection.surveys)),
        metric=aside("metric", selection.metric) if selection.metric else "",
        window=Window(window.start and _FROM, window.end and _UNTIL),
        filters=filters,
    )
    return outline, values


def limited(days: Any, window: Window) -> list[Any]:
    """The conditions under which a day lies in a window."""
    import ibis  # noqa: PLC0415  # heavy, see store

    conditions = []
    if window.start is not None:
        conditions.append(days >= ibis.literal(_text_of(window.start, "from")).cast("date"))
    if window.end is not None:
        conditions.append(days < ibis.literal(_text_of(window.end, "until")).cast("date"))
    return conditions


def _text_of(day: date, name: str) -> str:
    return stand_in(name) if day is _FROM or day is _UNTIL else day.isoformat()


def rows_of(source: Source, selection: Selection) -> Any:
    """The rows of a selection, or of the outline of one."""
    named = [only.column for only in selection.filters if is_stand_in(only.column)]
    source = replace(source, columns=(*source.columns, *named)) if named else source
    table = table_of(source)
    if selection.surveys:
        table = table.filter(table.survey.isin(list(selection.surveys)))
    if selection.metric:
        table = table.filter(table.metric == selection.metric)
    for condition in limited(table.local_date, selection.window):
        table = table.filter(condition)
    if selection.ratings:
        table = table.filter(table.rating.isin(list(selection.ratings)))
    for only in selection.filters:
        if only.column == THEME:
            table = table.filter(_names(table[THEME], only.values))
        else:
            table = table.filter(_matches(column_of(table, source, only.column), only.values))
    return table


def column_of(table: Any, source: Source, name: str) -> Any:
    """A column by its logical name; one that no answer ever had is empty for all."""
    import ibis  # noqa: PLC0415  # heavy, see store

    if name not in source.columns:
        return ibis.null("string")
    return table[stored_name(name)].cast("string")


def group_of(table: Any, source: Source, name: str) -> Any:
    """A column to group by: who names two themes becomes two rows, who names none keeps one."""
    import ibis  # noqa: PLC0415  # heavy, see store

    if name != THEME:
        return column_of(table, source, name)
    none = ibis.literal([None], "array<string>")
    return ibis.ifelse(table[THEME].length() > 0, table[THEME], none).unnest()


def needed(selection: Selection) -> tuple[str, ...]:
    """What tells ratings apart, but for the metric where only one is asked for."""
    return KINDS if selection.metric else ("metric", *KINDS)


def packed(rows: Any) -> Any:
    """The five columns of `KINDS` as one number, for rows that are kept or sorted before counting.

    To carry one number is faster than five columns there; who counts at once needs no packing.
    """
    number: Any = 0
    for name in _NUMBERS:
        number = number * _REACH + (rows[name].cast("int64") + _OFFSET).fill_null(0)
    for name in KINDS[3:]:
        number = number * 3 + (rows[name].cast("int64") + 1).fill_null(0)
    return number


def unpacked(number: int) -> dict[str, Any]:
    """The reverse of `packed`."""
    found: dict[str, Any] = {}
    for name in reversed(KINDS[3:]):
        number, part = divmod(number, 3)
        found[name] = None if part == 0 else bool(part - 1)
    for name in reversed(_NUMBERS):
        number, part = divmod(number, _REACH)
        found[name] = None if part == 0 else part - _OFFSET
    return found


def start_of(day: Any, period: Period, week_starts: int) -> Any:
    """The first day of the period a day falls in."""
    import ibis  # noqa: PLC0415  # heavy, see store

    if period is Period.DAY:
        return day
    if period is Period.WEEK and week_starts == 0:
        one = ibis.interval(days=1)
        return ((day + one).truncate("W") - one).cast("date")
    return day.truncate({Period.WEEK: "W", Period.MONTH: "M", Period.QUARTER: "Q"}[period])


def _matches(column: Any, values: tuple[str | None, ...]) -> Any:
    known = [value for value in values if value is not None]
    condition = column.isin(known)
    if None in values:
        condition = condition | column.isnull()
    return condition


def _names(themes: Any, values: tuple[str | None, ...]) -> Any:
    """Whether an answer names one of these themes; None stands for naming none."""
    conditions = [
        themes.length().fill_null(0) == 0 if value is None else themes.contains(value)
        for value in values
    ]
    return reduce(or_, conditions)
