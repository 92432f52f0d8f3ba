"""A large file is read in a process beside: the same comes out, and it never outlives us."""

import signal
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from gloed.channels.file_import import beside, operations
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.operations.understanding import rows_without_repeats
from gloed.channels.file_import.reading import UnreadableFile, open_source, options_from
from gloed.channels.file_import.rules import Group, Overtaken
from gloed.responses.models import Response
from tests.channels.file_import.conftest import CASES, SAMPLES
from tests.conftest import NOW

HEAD = "response id,time,nps,comment\n"
KINDS = {"delighted_responses.json", "generic_mixed.csv", "survey.xlsx"}


def assignment(path, *, size=5, **options):
    source = open_source(path, options_from(options))
    return beside.Assignment(
        path=path,
        options=options_from(options),
        sha256=source.file.sha256,
        known_rows=None,
        after_row=0,
        size=size,
        format=source.file.format,
        groups=[Group("", "nps", 0, 10)],
        keeps_survey_name=True,
    )


@pytest.fixture
def long_file(write):
    """Enough blocks that the reader cannot be through before the first is taken."""
    return write(HEAD + "".join(f"r{n},2026-01-0{1 + n % 9},{n % 11},{'w' * 90}\n"
                                for n in range(9_000)))  # fmt: skip


@pytest.mark.parametrize(
    "case", [case for case in CASES if case["file"] in KINDS], ids=lambda case: case["file"]
)
@pytest.mark.parametrize("way", [iter, beside.one_ahead], ids=["in turn", "ahead"])
def test_what_is_read_beside_is_what_is_read_here(case, way):
    work = assignment(SAMPLES / case["file"], **case.get("options", {}))
    here = beside.read_here(work)

    with beside.read_beside(work) as there:
        assert there.companions == here.companions
        assert list(way(there.blocks)) == list(here.blocks)


def test_reading_beside_goes_on_behind_a_row(long_file):
    work = replace(assignment(long_file, size=1_000), after_row=8_500)

    with beside.read_beside(work) as reading:
        (block,) = reading.blocks

    assert (block.last_row, block.counts["rows"]) == (9_000, 500)


@pytest.mark.parametrize("way", [iter, beside.one_ahead], ids=["in turn", "ahead"])
def test_a_damaged_file_is_refused_from_beside(write, way):
    path = write(HEAD + "r1,2026-01-01,9,fine\n")
    work = assignment(path)
    path.write_bytes(path.read_bytes() + b"r2,2026-01-01,9," + b"w" * 5_000_000 + b"\n")

    with pytest.raises(UnreadableFile) as told, beside.read_beside(work) as reading:
        list(way(reading.blocks))

    assert told.value.reason == "cell_too_long"
    assert "near line 3" in told.value.message


def test_a_reader_that_was_killed_is_missed(long_file, monkeypatch):
    started = remember_processes(monkeypatch)

    with beside.read_beside(assignment(long_file, size=100)) as reading:
        next(reading.blocks)
        started[0].send_signal(signal.SIGKILL)
        with pytest.raises(beside.ReaderLost):
            list(reading.blocks)


def test_the_reader_ends_with_the_one_who_asked(long_file, monkeypatch):
    started = remember_processes(monkeypatch)

    with suppress(Overtaken), beside.read_beside(assignment(long_file, size=100)) as reading:
        next(reading.blocks)
        raise Overtaken

    assert started[0].poll() is not None


def test_the_reader_ends_when_nobody_takes_its_blocks(long_file, monkeypatch):
    """As after kill -9 of the worker: the pipe breaks."""
    started = remember_processes(monkeypatch)

    with suppress(ValueError), beside.read_beside(assignment(long_file, size=100)) as reading:
        next(reading.blocks)
        started[0].stdout.close()
        deadline = time.monotonic() + 30
        while started[0].poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        assert started[0].returncode == 0


def remember_processes(monkeypatch):
    """The processes that are started from now on."""
    started, start = [], beside.subprocess.Popen

    def remembered(*arguments, **options):
        started.append(start(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(beside.subprocess, "Popen", remembered)
    return started


@pytest.mark.django_db
def test_a_large_import_is_read_beside_and_comes_in_whole(take_in, long_file, monkeypatch):
    monkeypatch.setattr(beside, "LARGE", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    started = remember_processes(monkeypatch)

    of_import = operations.start(take_in(long_file), by=None, now=NOW)
    operations.run(of_import, now=lambda: NOW, chunk=4_000)

    of_import.refresh_from_db()
    assert len(started) == 1
    assert (of_import.state, of_import.counts["new"]) == (Import.State.DONE, 9_000)
    assert Response.objects.count() == 9_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rows", "known"), [("r1,9\nr2,8\n", 2), ("r1,9\nr2,8\nr1,7\n", None)], ids=["once", "twice"]
)
def test_the_search_for_repeats_is_spared_only_where_there_are_none(take_in, write, rows, known):
    of_import = take_in(write("response id,nps\n" + rows))

    assert rows_without_repeats(of_import) == known

    of_import.options = {"timezone": "Europe/Amsterdam"}
    assert rows_without_repeats(of_import) is None, "it would be read in another way"
