"""What the user is shown of a file: columns, metrics, times, questions and notes."""

from collections.abc import Iterator, Mapping
from datetime import UTC
from itertools import islice

from gloed.channels.file_import.reading.answers import AnswerReader, count_disagreeing
from gloed.channels.file_import.reading.plans import (
    ColumnPlan,
    LabelPlan,
    MetricPlan,
    Remark,
    TimePlan,
    Why,
)
from gloed.channels.file_import.reading.records import Clock
from gloed.channels.file_import.reading.refusals import UnreadableFile
from gloed.channels.file_import.reading.scores import fold
from gloed.channels.file_import.reading.tables import Header, Layout
from gloed.channels.file_import.reading.times import (
    OrderEvidence,
    TimeReader,
    written_in,
    zone_called,
)
from gloed.channels.file_import.reading.values import DateOrder, Options, Target
from gloed.channels.file_import.reading.words import is_private, plain

_SAMPLES = 5
_EXAMPLES = 3
_NEARLY_ALL = 0.9
_MOST_LABELS = 50
_SAMPLE_LENGTH = 200


class Planner:
    """Tells how a layout reads a file, from what the first rows hold."""

    def __init__(
        self,
        layout: Layout,
        options: Options,
        readers: list[AnswerReader],
        clocks: Mapping[int, Clock],
        order: Mapping[int, OrderEvidence],
        *,
        uses_ids: bool,
    ) -> None:
        self._layout = layout
        self._options = options
        self._readers = readers
        self._clocks = clocks
        self._order = order
        self._uses_ids = uses_ids

    def columns(self) -> Iterator[ColumnPlan]:
        """Every column with what it is taken for and why."""
        layout = self._layout
        taken: dict[int, str] = {}
        for target, headers in layout.targets.items():
            taken.update({header.index: target.value for header in headers})
        taken.update({score.header.index: score.metric.value for score in layout.scores})
        if layout.switch:
            taken[layout.switch.header.index] = "score"
        for header in layout.table.headers:
            name = taken.get(header.index)
            leaves_out = not self._options.keep_private and is_private(plain(header.title))
            why = layout.why.get(header.index, Why.FORMAT)
            if name is None:
                why = Why.PRIVATE if leaves_out else Why.REST
            samples = islice(layout.table.facts[header.index].texts, _SAMPLES)
            yield ColumnPlan(
                header.index,
                header.name,
                header.question,
                name,
                why,
                tuple(sample[:_SAMPLE_LENGTH] for sample in samples),
            )

    def metrics(self) -> Iterator[MetricPlan]:
        """The metrics met so far, with the labels that became numbers."""
        for reader in self._readers:
            column = reader.column
            counts = self._layout.table.facts[column.header.index].texts
            by_text = {fold(text): count for text, count in counts.items()}
            labels = [
                LabelPlan(text, score, by_text.get(fold(text), 0))
                for text, score in sorted(reader.texts.items())
                if text.strip() and not text.strip().isdigit()
            ]
            yield MetricPlan(
                column.metric,
                reader.scale,
                column.header.name,
                column.header.question,
                column.why,
                column.is_assumed,
                tuple(labels[:_MOST_LABELS]),
            )

    def time(self) -> TimePlan | None:
        """How the time of the answers is read, with three examples."""
        header = next(iter(self._layout.targets.get(Target.TIME, [])), None)
        if header is None:
            return None
        clock, evidence = self._clocks[header.index], self._order[header.index]
        reader = TimeReader(clock.zone, clock.name, clock.order)
        examples = []
        for text in islice(self._layout.table.facts[header.index].texts, 200):
            moment = reader.read(text).moment
            if moment is not None:
                shown = moment.at.astimezone(UTC).isoformat(timespec="seconds")
                examples.append((text, shown.replace("+00:00", "Z")))
            if len(examples) == _EXAMPLES:
                break
        return TimePlan(
            header.name,
            clock.name,
            self._assumes_zone(header),
            evidence.order,
            not evidence.is_certain,
            tuple(examples),
        )

    def _assumes_zone(self, header: Header) -> bool:
        if zone_in(header) or self._options.timezone:
            return False
        if self._layout.zone and not self._layout.zone_is_assumed:
            return False
        cells = self._layout.table.facts[header.index].filled
        written = (written_in(cell) for cell in cells[:500])
        return any(w is not None and w.local.tzinfo is None for w in written)

    def questions(self) -> Iterator[Remark]:
        """What only the user can know."""
        header = next(iter(self._layout.targets.get(Target.TIME, [])), None)
        if header is not None and self._assumes_zone(header):
            zone = self._clocks[header.index].name
            yield Remark(
                "timezone",
                f"In which time zone are the times of {header.name}? The file does not say;"
                f" without an answer they are read as {zone}.",
                {"column": header.name, "assumed": zone},
            )
        if header is not None and not self._order[header.index].is_certain:
            order = self._order[header.index].order or DateOrder.DAY_FIRST
            yield Remark(
                "date_order",
                f"Does {header.name} write the day or the month first? Nothing in the file"
                " decides it.",
                {"column": header.name, "assumed": order.value},
                tuple(choice.value for choice in DateOrder),
            )
        for score in self._layout.scores:
            is_open = score.is_assumed and score.metric not in self._options.scales
            if is_open and score.why is not Why.RANGE:
                yield Remark(
                    "scale",
                    f"Is {score.header.name} on a scale from {score.scale[0]} to {score.scale[1]}?",
                    {
                        "column": score.header.name,
                        "metric": score.metric.value,
                        "low": score.scale[0],
                        "high": score.scale[1],
                    },
                )
        if not self._layout.scores and not self._layout.switch:
            candidates = self._number_columns()
            if not any(q.code == "metric" for q in self._layout.questions):
                yield Remark(
                    "score_column",
                    "Which column holds the score? None was recognised by its name.",
                    {"columns": ", ".join(candidates)},
                    tuple(candidates),
                )

    def _number_columns(self) -> list[str]:
        facts = self._layout.table.facts
        return [
            header.name
            for header in self._layout.free
            if facts[header.index].number_share > _NEARLY_ALL
            and facts[header.index].time_share <= 1 - _NEARLY_ALL
            and all(-10 <= number <= 100 for number in facts[header.index].numbers)
        ][:20]

    def notes(self) -> Iterator[Remark]:
        """What the user should be told."""
        if not self._uses_ids:
            yield Remark(
                "rounded_ids",
                "A spreadsheet has rounded the response ids (1.18E+11), so they do not tell"
                " responses apart. Whole rows are compared instead.",
            )
        for score in self._layout.scores:
            disagreeing = count_disagreeing(self._layout, score)
            if disagreeing:
                yield Remark(
                    "groups_disagree",
                    f"In {disagreeing} of the first rows the file's own group does not fit the"
                    f" number in {score.header.name}. Groups are worked out from the numbers.",
                    {"column": score.header.name, "rows": disagreeing},
                )
        left_out = [h.name for h in self._layout.table.headers if is_private(plain(h.title))]
        if left_out and not self._options.keep_private:
            yield Remark(
                "private_left_out",
                f"Left out, because they tell where somebody was: {', '.join(left_out)}.",
                {"columns": ", ".join(left_out)},
            )


def zone_in(header: Header) -> str | None:
    """The zone that the header states, if there is such a zone."""
    if header.zone is None:
        return None
    try:
        zone_called(header.zone)
    except UnreadableFile:
        return None
    return header.zone
