"""What passes between the containers, the formats and the reader of records."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from typing import TypeAlias

from gloed.channels.file_import.reading.cells import Cell, address_in, is_blank, text_of
from gloed.channels.file_import.reading.plans import Remark, Why
from gloed.channels.file_import.reading.refusals import Reason, refuse
from gloed.channels.file_import.reading.scores import NO_ANSWER, fold, number_in
from gloed.channels.file_import.reading.times import written_in
from gloed.channels.file_import.reading.values import (
    Companions,
    Metric,
    Scale,
    SkipReason,
    Status,
    Target,
)
from gloed.channels.file_import.reading.words import zone_stated

Row: TypeAlias = Sequence[Cell]
Rows: TypeAlias = Callable[[], Iterator[Row]]
Skips: TypeAlias = Callable[[Row], SkipReason | None]
States: TypeAlias = Callable[[Row], Status]
Says: TypeAlias = Callable[[Row], bool]

MOST_COLUMNS = 16_384
_HEAD_ROWS = 5_000
_HEAD_CELLS = 1_000_000
_MOSTLY, _SOME = 0.5, 0.3
# Longer than names and labels are: what people write in their own words.
_LONG_TEXT, _WORDS_APART = 20, 2


@dataclass(frozen=True, slots=True)
class Header:
    """A column: its name as attribute (unique), the question it asks, and what it brings.

    `labels` are the file's own value labels, folded cell to label; `zone` the zone that the
    header states; `key` is what the tool calls the column beside its title; `is_grid` marks one
    row of a question with several; `is_repeat` a name that stood there before.
    """

    index: int
    name: str
    title: str
    question: str
    labels: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None
    key: str = ""
    is_grid: bool = False
    is_repeat: bool = False

    @property
    def may_map(self) -> bool:
        """Whether rule R12 lets the column take part in the mapping."""
        return not self.is_repeat


@dataclass(frozen=True)
class Table:
    """Rows under headers, readable as often as needed. Rows are blank ones included."""

    headers: tuple[Header, ...]
    rows: Rows
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    notes: tuple[Remark, ...] = ()
    companions: Companions = field(default_factory=Companions)

    def __post_init__(self) -> None:
        if len(self.headers) > MOST_COLUMNS:
            refuse(Reason.TOO_MANY_COLUMNS, limit=MOST_COLUMNS)

    @cached_property
    def by_title(self) -> Mapping[str, Header]:
        """The first column of each title, by the title in lower case."""
        found: dict[str, Header] = {}
        for header in self.headers:
            found.setdefault(header.title.casefold(), header)
        return found

    def find(self, *titles: str) -> Header | None:
        """The first of these titles that the file has."""
        return next((self.by_title[title] for title in titles if title in self.by_title), None)

    @cached_property
    def facts(self) -> "Facts":
        """What the first rows say about each column."""
        most = max(50, min(_HEAD_ROWS, _HEAD_CELLS // max(1, len(self.headers))))
        filled = (row for row in self.rows() if not is_blank_row(row))
        return Facts(list(islice(filled, most)), most)

    def column(self, index: int) -> Iterator[Cell]:
        """Every cell of one column, in a pass over the whole file."""
        return (row[index] for row in self.rows() if index < len(row))


def is_blank_row(row: Row) -> bool:
    """Whether a row has no filled cell (rule R1)."""
    try:
        return not any(map(str.strip, row))  # type: ignore[arg-type]  # typed cells: below
    except TypeError:
        return all(map(is_blank, row))


class Facts:
    """Counts over the first rows of a file, column by column."""

    def __init__(self, head: list[Row], limit: int) -> None:
        self.head = head
        self.is_whole = len(head) < limit
        self._columns: dict[int, ColumnFacts] = {}

    def __getitem__(self, index: int) -> "ColumnFacts":
        """The facts of one column."""
        if index not in self._columns:
            self._columns[index] = ColumnFacts(
                [row[index] for row in self.head if index < len(row)]
            )
        return self._columns[index]


class ColumnFacts:
    """What the cells of one column look like."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.filled = [cell for cell in cells if not is_blank(cell)]

    @cached_property
    def texts(self) -> Counter[str]:
        """The distinct cells as text, with how often each occurs."""
        return Counter(text_of(cell).strip() for cell in self.filled)

    @cached_property
    def answered(self) -> list[Cell]:
        """The cells that are not one of the words for "no answer"."""
        return [cell for cell in self.filled if fold(text_of(cell)) not in NO_ANSWER]

    def share(self, holds: Callable[[Cell], object]) -> float:
        """The share of the answered cells for which `holds`; 0 without any."""
        cells = self.answered
        return sum(1 for cell in cells if holds(cell)) / len(cells) if cells else 0.0

    @cached_property
    def address_share(self) -> float:
        """The share of cells that look like an e-mail address."""
        return self.share(lambda cell: isinstance(cell, str) and address_in(cell))

    @cached_property
    def time_share(self) -> float:
        """The share of cells that are a time in either order of day and month."""
        return self.share(is_time_like)

    @cached_property
    def date_share(self) -> float:
        """The share of cells that are a time and not just digits, as numbers and ids are."""
        return self.share(lambda c: not text_of(c).strip().isdigit() and is_time_like(c))

    @cached_property
    def numbers(self) -> list[float]:
        """The numbers among the cells, leading numbers of labels included."""
        found = (number_in(cell) for cell in self.answered)
        return [float(number) for number in found if number is not None]

    @cached_property
    def number_share(self) -> float:
        """The share of answered cells that are numbers."""
        return len(self.numbers) / len(self.answered) if self.answered else 0.0

    @cached_property
    def is_free_text(self) -> bool:
        """Whether people wrote here in their own words."""
        if not self.answered or self.number_share > _MOSTLY or self.address_share > _MOSTLY:
            return False
        if self.time_share > _MOSTLY:
            return False
        length = sum(map(len, self.texts)) / len(self.texts)
        spaced = self.share(lambda cell: text_of(cell).strip().count(" ") >= _WORDS_APART)
        is_varied = len(self.texts) > _SOME * len(self.filled)
        return length >= _LONG_TEXT and spaced > _SOME and is_varied


def is_time_like(cell: Cell) -> bool:
    """Whether a cell is a time, whatever the order of its day and month."""
    if isinstance(cell, str) and cell.strip().isdigit():
        return len(cell.strip()) in {10, 13}
    if written_in(cell) is not None:
        return True
    text = text_of(cell).strip()
    parts = text.replace("-", "/").split("/", 2)
    return len(parts) == 3 and written_in("/".join((parts[1], parts[0], parts[2]))) is not None


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """A column that holds scores of one metric."""

    header: Header
    metric: Metric
    scale: Scale
    labels: Mapping[str, int | None] = field(default_factory=dict)
    why: Why = Why.FORMAT
    is_assumed: bool = False


@dataclass(frozen=True)
class ScoreSwitch:
    """A score column whose metric stands in other columns of the same row.

    `choose` gets the texts of the `kinds` columns and gives the metric and scale, or None.
    """

    header: Header
    kinds: tuple[Header, ...]
    choose: Callable[[tuple[str, ...]], tuple[Metric, Scale] | None]
    labels: Mapping[str, int | None] = field(default_factory=dict)


@dataclass
class Layout:
    """Which column is what. A format fills it, the user's wishes change it, the reader obeys it.

    `targets` may name several columns: names and comments are joined, of the others the first
    filled one counts. `expand` turns a cell into attributes (JSON inside CSV); `within` names
    attributes from there that fill a target.
    """

    format: str
    table: Table
    targets: dict[Target, list[Header]] = field(default_factory=dict)
    scores: list[ScoreColumn] = field(default_factory=list)
    switch: ScoreSwitch | None = None
    zone: str | None = None
    zone_is_assumed: bool = False
    reads_day_first: bool | None = None
    month_first: bool | None = None
    has_never: bool = False
    skip: Skips | None = None
    status: States | None = None
    clean_comment: Callable[[str], str] | None = None
    expand: dict[int, Callable[[Cell], Mapping[str, str]]] = field(default_factory=dict)
    within: dict[Target, tuple[str, ...]] = field(default_factory=dict)
    suppress: Says | None = None
    fixed: dict[Target, str] = field(default_factory=dict)
    why: dict[int, Why] = field(default_factory=dict)
    questions: list[Remark] = field(default_factory=list)
    notes: list[Remark] = field(default_factory=list)
    has_totals: bool = True
    facts_of_structure: Mapping[str, object] = field(default_factory=dict)

    def take(self, target: Target, *titles: str, why: Why = Why.FORMAT) -> None:
        """Map every one of these titles that the file has, in this order."""
        for title in titles:
            header = self.table.by_title.get(title)
            if header is not None:
                self.take_header(target, header, why)

    def take_header(self, target: Target, header: Header, why: Why) -> None:
        """Map one column."""
        if header not in self.targets.setdefault(target, []):
            self.targets[target].append(header)
            self.why[header.index] = why

    @property
    def mapped(self) -> set[int]:
        """The columns that are taken for something."""
        return {
            header.index
            for header in chain(
                chain.from_iterable(self.targets.values()),
                (score.header for score in self.scores),
                (self.switch.header,) if self.switch else (),
            )
        }

    @property
    def free(self) -> list[Header]:
        """The columns that may still be mapped."""
        mapped = self.mapped
        return [h for h in self.table.headers if h.may_map and h.index not in mapped]


def name_headers(
    titles: Sequence[str], questions: Sequence[str] | None = None
) -> tuple[Header, ...]:
    """Headers from one row of titles: unique names by rule R12, grids found by rule R13.

    `questions` are texts for R13 to look at where they differ from the titles.
    """
    from_titles = [title.lstrip("\ufeff").strip() for title in titles]
    asked = from_titles if questions is None else [q.strip() for q in questions]
    names = unique_names([t or f"column {i}" for i, t in enumerate(from_titles, start=1)])
    stems = Counter(_stem(title) for title in from_titles if _stem(title) is not None)
    seen: set[str] = set()
    headers = []
    for index, (title, question, name) in enumerate(zip(from_titles, asked, names, strict=True)):
        stem = _stem(title)
        headers.append(
            Header(
                index=index,
                name=name,
                title=title,
                question=question or title,
                zone=zone_stated(title),
                is_grid=stem is not None and stems[stem] > 1,
                is_repeat=bool(title) and title.casefold() in seen,
            )
        )
        seen.add(title.casefold())
    return tuple(headers)


def _stem(title: str) -> str | None:
    if title.endswith("]") and "[" in title:
        return title[: title.rindex("[")].strip().casefold()
    return None


def unique_names(names: Sequence[str]) -> list[str]:
    """Names with `(2)`, `(3)` behind those that stood there before, in any case."""
    seen: Counter[str] = Counter()
    taken = {name.casefold() for name in names}
    unique = []
    for name in names:
        seen[name.casefold()] += 1
        times = seen[name.casefold()]
        candidate = name if times == 1 else f"{name} ({times})"
        while times > 1 and candidate.casefold() in taken:
            times += 1
            candidate = f"{name} ({times})"
        taken.add(candidate.casefold())
        unique.append(candidate)
    return unique
