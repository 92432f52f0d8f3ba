"""Reading a large file in a process beside the one that writes, so that each has a core.

The reader works one block ahead and waits until that is taken: memory stays flat. It is a child
that knows no database; it ends with its reader, and with a broken pipe when that was killed.
"""

import gc
import os
import pickle
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, fields
from itertools import islice, repeat
from operator import attrgetter
from pathlib import Path
from typing import IO, Any, NoReturn, TypeVar, cast

from gloed.channels.file_import.blocks import Block, blocks_of
from gloed.channels.file_import.reading import (
    Companions,
    Options,
    Reason,
    UnreadableFile,
    open_source,
)
from gloed.channels.file_import.routing import Router
from gloed.channels.file_import.rules import Group
from gloed.people.rules import PersonData
from gloed.responses.rules import GivenAnswer, IncomingAnswer

LARGE = 20_000
"""From so many rows on a process beside is worth its start."""
_SCRIPT = "gloed.channels.file_import.reader"
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """What is to be read, and how it is sorted out.

    `known_rows` is the number of rows of the file `sha256` where an earlier pass has found none
    repeated; then the pass that looks for repeats is spared.
    """

    path: Path
    options: Options
    sha256: str
    known_rows: int | None
    after_row: int
    size: int
    format: str
    groups: Sequence[Group]
    keeps_survey_name: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that is being read: what it brings beside the answers, and its rows in blocks."""

    companions: Companions
    blocks: Iterator[Block]


class ReaderLost(RuntimeError):
    """The process beside did not come to its end; trying again may help."""


def read_here(assignment: Assignment) -> Reading:
    """Read in this process, as the blocks are asked for. Raises UnreadableFile, also later."""
    source = open_source(assignment.path, assignment.options)
    if assignment.known_rows is not None and source.file.sha256 == assignment.sha256:
        source.trust(rows=assignment.known_rows)
    router = Router(
        assignment.format, assignment.groups, keeps_survey_name=assignment.keeps_survey_name
    )
    items = source.records(after_row=assignment.after_row)
    return Reading(source.companions, blocks_of(items, router, size=assignment.size))


@contextmanager
def read_beside(assignment: Assignment) -> Iterator[Reading]:
    """Read in a process beside. Raises UnreadableFile and ReaderLost, also while reading."""
    # -P: the folder in which a command is given cannot bring modules of its own
    command = [sys.executable, "-P", "-m", _SCRIPT]
    process = subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        try:
            told, pipe = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
            _tell(told, assignment)
            yield Reading(_next(pipe), _blocks(pipe))
        finally:
            process.kill()


def _tell(pipe: IO[bytes], assignment: Assignment) -> None:
    try:
        with pipe:
            pickle.dump(assignment, pipe)
    except BrokenPipeError:
        raise ReaderLost("it did not start") from None


def _blocks(pipe: IO[bytes]) -> Iterator[Block]:
    while (packed := _next(pipe)) is not None:
        yield _unpacked(packed)


def one_ahead(items: Iterator[_Item]) -> Iterator[_Item]:
    """The same items, the next one made by a thread while the present one is worked on.

    Worth it where that work mostly waits for a server. SQLite works in this process and would
    wait for the thread. What makes the items may not ask the database.
    """
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item


def _next(pipe: IO[bytes]) -> Any:
    try:
        kind, content = pickle.load(pipe)  # noqa: S301 - a child of ours wrote it
    except EOFError:
        raise ReaderLost("it ended before its time") from None
    if kind == "refused":
        reason, parameters = content
        raise UnreadableFile(Reason(reason), **parameters)
    if kind == "failed":
        raise ReaderLost(content)
    return content


def serve() -> NoReturn:
    """The process beside: take an assignment from standard input, give blocks until the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the one who waits for us
    gc.freeze()
    gc.set_threshold(1_000_000)  # records form no rings of garbage: look for them seldom
    with os.fdopen(os.dup(1), "wb") as pipe:
        os.dup2(2, 1)  # whatever is printed does not get among the blocks
        try:
            _give(pickle.load(sys.stdin.buffer), pipe)  # noqa: S301 - our parent wrote it
        except BrokenPipeError:  # nobody reads any more: the parent has ended
            os._exit(0)
    sys.exit(0)


def _give(assignment: Assignment, pipe: IO[bytes]) -> None:
    try:
        reading = read_here(assignment)
        _put(pipe, "companions", reading.companions)
        for block in reading.blocks:
            _put(pipe, "block", _packed(block))
        _put(pipe, "end", None)
    except UnreadableFile as problem:
        _put(pipe, "refused", (problem.reason.value, dict(problem.parameters)))
    except BrokenPipeError:
        raise
    except Exception:  # noqa: BLE001 - told to the one who waits, who raises it
        _put(pipe, "failed", traceback.format_exc())


def _put(pipe: IO[bytes], kind: str, content: object) -> None:
    pickle.dump((kind, content), pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()


# How a block goes through the pipe: a column per field, of plain values, and a single value where
# all are the same. Objects themselves would take six times as long to pack and to unpack.

_T = TypeVar("_T", IncomingAnswer, GivenAnswer, PersonData)
_Columns = list[tuple[bool, Any]]
_NAMES = [field.name for field in fields(IncomingAnswer)]
_ANSWERS, _PERSON = _NAMES.index("answers"), _NAMES.index("person")
_counted = attrgetter("last_row", "counts", "skipped", "warnings", "opted_out")


def _packed(block: Block) -> tuple[Any, ...]:
    deliveries = []
    for group, incomings in block.deliveries.items():
        columns = _columns(incomings)
        columns[_ANSWERS] = (
            [len(incoming.answers) for incoming in incomings],
            _columns([given for incoming in incomings for given in incoming.answers]),
        )
        people = [incoming.person for incoming in incomings]
        columns[_PERSON] = (
            [person is not None for person in people],
            _columns([person for person in people if person is not None]),
        )
        deliveries.append((tuple(group), columns))
    return (*_counted(block), deliveries)


def _columns(items: Sequence[IncomingAnswer] | Sequence[GivenAnswer] | Sequence[PersonData]) -> Any:
    """By field: whether all values are the same, with that value, else with all of them."""
    if not items:
        return []
    values = attrgetter(*(field.name for field in fields(items[0])))
    return [
        (True, column[0]) if len(set(map(id, column))) == 1 else (False, column)
        for column in zip(*map(values, items), strict=True)
    ]


def _unpacked(packed: tuple[Any, ...]) -> Block:
    last_row, counts, skipped, warnings, opted_out, deliveries = packed
    made = {Group(*group): _incomings(columns) for group, columns in deliveries}
    return Block(last_row, counts, skipped, warnings, opted_out, made)


def _incomings(columns: list[Any]) -> list[IncomingAnswer]:
    counts, givens = columns[_ANSWERS]
    has_person, people = columns[_PERSON]
    size = len(counts)
    given = iter(_made(GivenAnswer, givens, sum(counts)))
    columns[_ANSWERS] = False, [tuple(islice(given, count)) for count in counts]
    person = iter(_made(PersonData, people, sum(has_person)))
    columns[_PERSON] = False, [next(person) if there else None for there in has_person]
    return _made(IncomingAnswer, columns, size)


def _made(kind: type[_T], columns: _Columns, size: int) -> list[_T]:
    if not size:
        return []
    return list(map(kind, *(repeat(what, size) if same else what for same, what in columns)))
