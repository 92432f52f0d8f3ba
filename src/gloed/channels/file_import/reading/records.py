"""From a row to a canonical record, or to the reason why it is none (rules R1 to R10)."""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from gloed.channels.file_import.reading.answers import NOT_SCORED, AnswerReader, Scored
from gloed.channels.file_import.reading.cells import address_in, is_nobody, items_in, text_of
from gloed.channels.file_import.reading.tables import Header, Layout, Row, ScoreColumn
from gloed.channels.file_import.reading.times import NOT_STAMPED, TimeReader
from gloed.channels.file_import.reading.values import (
    Answer,
    DateOrder,
    Moment,
    Options,
    Precision,
    Record,
    Respondent,
    Skipped,
    SkipReason,
    SourceFile,
    Status,
    Target,
    WarningCode,
)
from gloed.channels.file_import.reading.words import is_private, plain

_IDENTITIES = (Target.EMAIL, Target.NAME, Target.EXTERNAL_ID, Target.LAST_NAME)
_TOTALS = frozenset({"gemiddelde", "totaal", "average", "total", "mean", "gemiddeld", "totalen"})
_MOST_KINDS = 5_000
_PLAIN_TARGETS = (
    Target.SURVEY,
    Target.TOUCHPOINT,
    Target.LANGUAGE,
    Target.CHANNEL,
    Target.DEVICE,
)


class Clock(NamedTuple):
    """How the times of a file are read."""

    zone: tzinfo
    name: str
    order: DateOrder


class RecordReader:
    """Reads the rows of one file by its layout and the user's options."""

    def __init__(
        self,
        layout: Layout,
        options: Options,
        source: SourceFile,
        clocks: Mapping[int, Clock],
        *,
        uses_ids: bool = True,
    ) -> None:
        self._layout = layout
        self._options = options
        self._source = source
        self._width = len(layout.table.headers)
        self._scores = [
            (score.header.index, AnswerReader(score, options)) for score in layout.scores
        ]
        self._switched: dict[tuple[str, ...], AnswerReader | None] = {}
        self._times = [
            (h.index, _time_reader(h, clocks, layout)) for h in layout.targets.get(Target.TIME, [])
        ]
        self._starts = [
            (h.index, _time_reader(h, clocks, layout))
            for h in layout.targets.get(Target.STARTED, [])
        ]
        self._at = {
            target: tuple(h.index for h in headers) for target, headers in layout.targets.items()
        }
        self._id = self._at.get(Target.RESPONSE_ID, ()) if uses_ids else ()
        mapped = layout.mapped - set(() if uses_ids else self._at.get(Target.RESPONSE_ID, ()))
        self._rest = tuple(
            (h.index, h.name)
            for h in layout.table.headers
            if h.index not in mapped
            and h.index not in layout.expand
            and (options.keep_private or not is_private(plain(h.title)))
        )
        self._plain = tuple(
            (self._at.get(target, ()), layout.within.get(target, ()), layout.fixed.get(target))
            for target in _PLAIN_TARGETS
        )
        self._identities = tuple(self._at[target] for target in _IDENTITIES if self._at.get(target))
        self._undated = (
            Moment(datetime(*options.undated_at.timetuple()[:3], tzinfo=UTC), "UTC", Precision.DAY)
            if options.undated_at
            else None
        )

    def key(self, row: Row) -> int | None:
        """A hash of what makes a response itself (rule R3), or None if nothing does.

        None too for a row that is not imported.
        """
        if self._reason_to_skip(row, self._scored(row)) is not None:
            return None
        for index in self._id:
            identity = text_of(row[index]).strip() if index < len(row) else ""
            if identity:
                return hash(identity)
        if self._options.keep_alike and not any(
            text_of(row[index]).strip()
            for index in self._at.get(Target.COMMENT, ())
            if index < len(row)
        ):
            return None
        if type(row[0]) is str:
            try:
                return hash(tuple(row))
            except TypeError:  # a cell of JSON that holds an object or a list
                pass
        return hash(tuple(map(text_of, row)))

    def read(self, number: int, row: Row, *, is_duplicate: bool = False) -> Record | Skipped:
        """The record of a row; `number` counts the file's filled data rows from 1."""
        scored = self._scored(row)
        reason = self._reason_to_skip(row, scored)
        if reason is None and is_duplicate:
            reason = SkipReason.DUPLICATE
        if reason is not None:
            return Skipped(number, reason, self._cells_of(row))
        attributes = self._attributes(row)
        warnings = scored.warnings
        moment, warning = self._time(row, attributes)
        if warning is not None:
            warnings = (*warnings, warning)
        survey, touchpoint, language, channel, device = (
            (self._text(row, at) if at else None)
            or (_first(attributes, within) if within else None)
            or fixed
            for at, within, fixed in self._plain
        )
        layout = self._layout
        return Record(
            self._source,
            number,
            self._text(row, self._id),
            self._respondent(row, attributes),
            moment,
            self._started(row),
            survey,
            touchpoint,
            scored.answers,
            self._comment(row),
            language,
            channel,
            device,
            layout.status(row) if layout.status else Status.COMPLETE,
            self._list(row, Target.TAGS),
            self._list(row, Target.NOTES),
            attributes,
            warnings,
            layout.suppress(row) if layout.suppress else False,
        )

    def _reason_to_skip(self, row: Row, scored: Scored) -> SkipReason | None:
        if self._layout.skip:
            reason = self._layout.skip(row)
            if reason is not None:
                return reason
        if not scored.has_score and not self._comment(row):
            return SkipReason.EMPTY
        if self._layout.has_totals and self._is_total(row):
            return SkipReason.EMPTY
        return None

    def _scored(self, row: Row) -> Scored:
        if self._layout.switch is not None:
            reader = self._switched_reader(row)
            if reader is None:
                return NOT_SCORED
            return reader.read(_cell(row, self._layout.switch.header.index))
        if len(self._scores) == 1:
            index, reader = self._scores[0]
            return reader.read(_cell(row, index))
        answers: tuple[Answer, ...] = ()
        warnings: tuple[WarningCode, ...] = ()
        for index, reader in self._scores:
            scored = reader.read(_cell(row, index))
            answers += scored.answers
            warnings += scored.warnings
        return Scored(answers, warnings)

    def _switched_reader(self, row: Row) -> AnswerReader | None:
        switch = self._layout.switch
        if switch is None:
            return None
        kinds = tuple(text_of(_cell(row, header.index)).strip() for header in switch.kinds)
        if kinds not in self._switched:
            if len(self._switched) > _MOST_KINDS:
                self._switched.clear()
            chosen = switch.choose(kinds)
            self._switched[kinds] = (
                AnswerReader(
                    ScoreColumn(switch.header, chosen[0], chosen[1], switch.labels), self._options
                )
                if chosen
                else None
            )
        return self._switched[kinds]

    @property
    def answer_readers(self) -> list[AnswerReader]:
        """The readers used so far, for the labels that they met."""
        switched = [reader for reader in self._switched.values() if reader]
        return [reader for _, reader in self._scores] + switched

    def _comment(self, row: Row) -> str | None:
        text = self._joined(row, Target.COMMENT, "\n")
        if text and self._layout.clean_comment:
            text = self._layout.clean_comment(text).strip()
        return text or None

    def _text(self, row: Row, at: tuple[int, ...]) -> str | None:
        for index in at:
            if index < len(row):
                text = text_of(row[index]).strip()
                if text:
                    return text
        return None

    def _joined(self, row: Row, target: Target, mark: str) -> str | None:
        at = self._at.get(target, ())
        if len(at) == 1:
            return self._text(row, at)
        texts = (text_of(_cell(row, index)).strip() for index in at)
        return mark.join(text for text in texts if text) or None

    def _time(
        self, row: Row, attributes: dict[str, str]
    ) -> tuple[Moment | None, WarningCode | None]:
        warning: WarningCode | None = WarningCode.TIME_MISSING
        for index, reader in self._times:
            reading = reader.read(_cell(row, index))
            if reading.moment is not None:
                return reading
            if reading is NOT_STAMPED:
                break
            if reading.warning is WarningCode.TIME_UNREADABLE:
                attributes[self._layout.table.headers[index].name] = text_of(row[index])
                warning = reading.warning
        if not self._times and self._undated is None:
            return None, WarningCode.TIME_MISSING
        return self._undated, warning

    def _started(self, row: Row) -> Moment | None:
        for index, reader in self._starts:
            reading = reader.read(_cell(row, index))
            if reading.moment is not None:
                return reading.moment
        return None

    def _respondent(self, row: Row, attributes: dict[str, str]) -> Respondent | None:
        at = self._at
        email = self._email(row, attributes)
        name = self._joined(row, Target.NAME, " ")
        if name is None and (Target.FIRST_NAME in at or Target.LAST_NAME in at):
            parts = (
                self._text(row, at.get(Target.FIRST_NAME, ())),
                self._text(row, at.get(Target.LAST_NAME, ())),
            )
            name = " ".join(part for part in parts if part) or None
        external_id = self._text(row, at.get(Target.EXTERNAL_ID, ()))
        phone = self._text(row, at.get(Target.PHONE, ()))
        if name is not None and is_nobody(name):
            name = None
            if email is None:
                return None
        if external_id is not None and is_nobody(external_id):
            external_id = None
        if email is None and name is None and external_id is None and phone is None:
            return None
        return Respondent(external_id, name, email, phone)

    def _email(self, row: Row, attributes: dict[str, str]) -> str | None:
        for index in self._at.get(Target.EMAIL, ()):
            raw = text_of(_cell(row, index))
            if not raw:
                continue
            email = address_in(raw)
            if email is not None:
                return email
            if raw.strip():
                attributes[self._layout.table.headers[index].name] = raw
        return None

    def _attributes(self, row: Row) -> dict[str, str]:
        size = len(row)
        if size < self._width:
            rest = {n: text_of(row[i]) for i, n in self._rest if i < size and row[i] is not None}
        else:
            rest = {n: text_of(row[i]) for i, n in self._rest}
        attributes = {name: text for name, text in rest.items() if text}
        if size > self._width:
            for index in range(self._width, size):
                if text_of(row[index]).strip():
                    attributes[f"column {index + 1}"] = text_of(row[index])
        for index, expand in self._layout.expand.items():
            attributes.update(expand(_cell(row, index)))
        return attributes

    def _list(self, row: Row, target: Target) -> tuple[str, ...]:
        at = self._at.get(target)
        if not at:
            return ()
        mark = "," if target is Target.TAGS else None
        items: tuple[str, ...] = ()
        for index in at:
            cell = _cell(row, index)
            if cell:
                items += items_in(cell, mark)
        return items

    def _is_total(self, row: Row) -> bool:
        """Whether a row sums up others: a label says so, and nobody answered it (rule R15)."""
        if self._text(row, self._id) and not self._names_total(row, self._id):
            return False
        for at in self._identities:
            if self._text(row, at) and not self._names_total(row, at):
                return False
        answered = {index for index, _ in self._scores} | set(self._at.get(Target.COMMENT, ()))
        labels = [
            text_of(cell).strip().rstrip(":").casefold()
            for index, cell in enumerate(row)
            if index not in answered
        ]
        filled = [label for label in labels if label]
        named = filled if self._times else filled[:1]
        if _TOTALS.isdisjoint(named):
            return False
        return not any(reader.read(_cell(row, index)).moment for index, reader in self._times)

    def _names_total(self, row: Row, at: tuple[int, ...]) -> bool:
        return (self._text(row, at) or "").rstrip(":").casefold() in _TOTALS

    def _cells_of(self, row: Row) -> dict[str, str]:
        headers = self._layout.table.headers
        return {
            headers[i].name if i < len(headers) else f"column {i + 1}": text_of(cell)
            for i, cell in enumerate(row)
            if text_of(cell).strip()
        }


def _cell(row: Row, index: int) -> object:
    return row[index] if index < len(row) else None


def _time_reader(header: Header, clocks: Mapping[int, Clock], layout: Layout) -> TimeReader:
    clock = clocks[header.index]
    return TimeReader(clock.zone, clock.name, clock.order, has_never=layout.has_never)


def _first(attributes: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((attributes[name] for name in names if name in attributes), None)
