"""Questions to the projection on each engine, beside the engine's own SQL over the same files.

Made-up answers of two years, with a survey, a team, a region, a product and a person each, stand in
Parquet files by month, as the projection writes them. *Ours* asks `gloed.analysis.queries` with
nothing kept from before; *raw* is the shortest SQL a person would write for the same numbers, on
the same engine in the same process. Where a rollup serves, no answer is read at all. Sail stands
for a Spark Connect server; it runs in the process that asks.

`python -m benchmarks.bench_engines 100000000` measures another number of answers (100 million take
2.5 GB of disk and some ten minutes).
"""

import json
import os
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.ratios import Figure, median_seconds

SIZES = (1_000_000, 10_000_000)
MONTHS = 24
SURVEYS, TEAMS, REGIONS, PRODUCTS = 4, 12, 6, 5
START = date(2024, 1, 1)
AT_MOST = 1.5  # times raw, and what compiling and a round trip may add
ADDED_SECONDS = 0.05
ROOT = Path(__file__).parent.parent


def run(
    sizes: tuple[int, ...] = SIZES, engines: tuple[str, ...] = ("duckdb", "sail")
) -> list[Figure]:
    """Measure every question at every size on every engine, each engine in its own process."""
    figures = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="gloed-bench-") as folder:
            _in_process("fill", folder, str(size))
            for engine in engines:
                measured = json.loads(_in_process("ask", folder, engine).splitlines()[-1])
                figures += [
                    Figure(
                        f"{engine}, {size // 1_000_000} million: {what}",
                        ours,
                        "s",
                        AT_MOST * raw + ADDED_SECONDS,
                        f"raw {raw:.3f} s, half as much again and 0.05 s",
                    )
                    for what, ours, raw in measured
                ]
    return figures


def _in_process(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.bench_engines", *words],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "gloed.project.settings",
             "GLOED_DATA": words[1], "RUST_LOG": "error"},
        cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def fill(folder: Path, size: int) -> None:
    """Write a projection of so many answers, a file a month."""
    from gloed.analysis import manifest as manifests
    from gloed.analysis.manifest import Manifest

    dice = np.random.default_rng(20260301)
    parts = []
    for month in range(MONTHS):
        rows = size // MONTHS + (month < size % MONTHS)
        parts.append(_month(folder, dice, month, rows, size))
    manifests.write(folder, Manifest(uuid.uuid4().hex, datetime.now(UTC), "UTC", tuple(parts)))


def _month(folder: Path, dice: np.random.Generator, month: int, rows: int, size: int) -> Any:
    import pyarrow.parquet as pq

    from gloed.analysis import rollup
    from gloed.analysis.manifest import Part
    from gloed.analysis.schema import count_values

    table = _answers(dice, month, rows, size)
    first = START.replace(year=START.year + month // 12, month=month % 12 + 1)
    name = f"{first:%Y-%m}/{uuid.uuid4().hex}.parquet"
    part = Part(name, f"{first:%Y-%m}", rows, 1, rows, count_values(table))
    (folder / name).parent.mkdir()
    for path, held in ((part.path, table), (part.rollup, rollup.counts_of(table, part.distinct))):
        pq.write_table(held, folder / path, compression="zstd", row_group_size=250_000,
                       store_schema=False)  # fmt: skip
    return part


def _answers(dice: np.random.Generator, month: int, rows: int, size: int) -> Any:
    import pyarrow as pa

    from gloed.analysis.schema import CORE, arrow_type, make_table, stored_name

    first = START.replace(year=START.year + month // 12, month=month % 12 + 1)
    days = dice.integers(0, 28, rows)
    region, product = dice.integers(0, REGIONS, rows), dice.integers(0, PRODUCTS, rows)
    rating = np.clip(np.rint(dice.normal(7.4 - (region == 2), 2.2, rows)), 0, 10)
    survey = np.sort(dice.integers(0, SURVEYS, rows))
    since = (first - date(1970, 1, 1)).days + days
    moments = (since * 86_400 + dice.integers(0, 86_400, rows)) * 1_000_000
    given = {
        "response_id": pa.array(month * (size // MONTHS + 1) + np.arange(rows)),
        "survey": _coded(survey, "survey"),
        "metric": _coded(np.zeros(rows, int), "nps", numbered=False),
        "scale_minimum": pa.array(np.zeros(rows, np.int16)),
        "scale_maximum": pa.array(np.full(rows, 10, np.int16)),
        "high_is_good": pa.array(np.ones(rows, bool)),
        "rating": pa.array(rating.astype(np.int16)),
        "unreadable": pa.array(np.zeros(rows, bool)),
        "has_verbatim": pa.array(dice.random(rows) < 0.2),
        "responded_at": pa.array(moments, pa.timestamp("us", tz="UTC")),
        "local_date": pa.array(since.astype(np.int32)).cast(pa.date32()),
        "person": pa.array(dice.integers(0, max(1, size // 4), rows)),
        "team": _coded(dice.integers(0, TEAMS, rows), "team"),
        "channel": _coded(dice.integers(0, 3, rows), "channel"),
        "attr:region": _coded(region, "region"),
        "attr:product": _coded(product, "product"),
    }
    empty = make_table({})
    columns = {
        stored_name(name): given[name] if name in given else pa.nulls(rows, arrow_type(CORE[name]))
        for name in [*CORE, "attr:region", "attr:product"]
    }
    return pa.table(columns).select([*empty.column_names, "attr:region", "attr:product"])


def _coded(codes: Any, name: str, *, numbered: bool = True) -> Any:
    import pyarrow as pa

    words = [f"{name} {n}" if numbered else name for n in range(int(codes.max()) + 1)]
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), words)


def ask(folder: Path, engine: str) -> list[tuple[str, float, float]]:
    """What each question takes: ours and raw, in seconds."""
    import django
    from django.conf import settings

    django.setup()
    from gloed.analysis import manifest as manifests
    from gloed.analysis import store

    server = None
    if engine == "sail":
        from pysail.spark import SparkConnectServer

        server = SparkConnectServer(ip="127.0.0.1", port=0)
        server.start(background=True)
        host, port = server.listening_address
        settings.ANALYSIS_URL = f"sc://{host}:{port}"
    present = manifests.read(folder)
    source = store.from_manifest(folder, present or manifests.EMPTY)
    raw = _raw_sail(source, settings.ANALYSIS_URL) if server else _raw_duckdb(source)
    runs = 3 if source.rows > 20_000_000 else 5
    found = []
    for what, question, sql in questions(source):
        ours = median_seconds(_fresh(question), runs=runs)
        found.append((what, ours, median_seconds(partial(raw, sql), runs=runs)))
    return found


def questions(source: Any) -> list[tuple[str, Callable[[], object], str]]:
    """Questions with the SQL a person would write for them; `answers` is the table."""
    from gloed.analysis import queries
    from gloed.analysis.queries import Filter, Period, Query, Selection, Window

    one = Selection(surveys=("survey 1",), metric="nps")
    half = replace(one, window=Window(START + timedelta(days=366), START + timedelta(days=548)))
    three = half.narrowed(Filter("team", ("team 3",)), Filter("attr:region", ("region 2",)))
    where = "survey = 'survey 1' AND metric = 'nps'"
    within = (f"{where} AND local_date >= DATE '{half.window.start}' "
              f"AND local_date < DATE '{half.window.end}'")  # fmt: skip
    region = '"attr:region"'
    by_rating = "count(*) FROM answers"
    month = "date_trunc('month', local_date)"
    asked = [
        ("one survey (rollup)", lambda: queries.run(source, Query(one))),
        (
            "one survey by month (rollup)",
            lambda: queries.run(source, Query(one, period=Period.MONTH)),
        ),
        (
            "region by month",
            lambda: queries.run(source, Query(one, by=("attr:region",), period=Period.MONTH)),
        ),
        ("filtered by team, region and half a year", lambda: queries.run(source, Query(three))),
        ("people of a survey", lambda: queries.count_people(source, one, ())),
        ("latest answer of each person", lambda: queries.run_latest(source, Query(one))),
    ]
    place = "row_number() OVER (PARTITION BY person ORDER BY responded_at DESC, response_id DESC)"
    ranked = f"SELECT rating, {place} AS place FROM answers WHERE {where} AND rating IS NOT NULL"
    written = [
        f"SELECT rating, {by_rating} WHERE {where} GROUP BY 1",
        f"SELECT {month}, rating, {by_rating} WHERE {where} GROUP BY 1, 2",
        f"SELECT {region}, {month}, rating, {by_rating} WHERE {where} GROUP BY 1, 2, 3",
        (
            f"SELECT rating, {by_rating} WHERE {within} AND team = 'team 3' "
            f"AND {region} = 'region 2' GROUP BY 1"
        ),
        f"SELECT count(DISTINCT person) FROM answers WHERE {where} AND rating IS NOT NULL",
        f"SELECT rating, count(*) FROM ({ranked}) AS ranked WHERE place = 1 GROUP BY 1",
    ]
    return [(what, ask, sql) for (what, ask), sql in zip(asked, written, strict=True)]


def _fresh(question: Callable[[], object]) -> Callable[[], object]:
    from gloed.analysis.queries import histograms, latest, lists, people

    def asked() -> object:
        for module in (histograms, latest, lists, people):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()
        return question()

    return asked


def _raw_duckdb(source: Any) -> Callable[[str], object]:
    import duckdb
    from django.conf import settings

    from gloed.analysis.store.duck import SETTINGS
    from gloed.analysis.store.engines import MEMORY, THREADS

    config: Any = {
        "threads": THREADS,
        "memory_limit": MEMORY,
        "temp_directory": str(settings.SPILL),
    }
    engine = duckdb.connect(":memory:", config=config)
    for setting in SETTINGS:
        engine.execute(f"SET {setting}")
    files = ", ".join(f"'{name}'" for name in source.files)
    engine.execute(f"CREATE VIEW answers AS SELECT * FROM read_parquet([{files}])")
    return lambda sql: engine.execute(sql).fetchall()


def _raw_sail(source: Any, url: str) -> Callable[[str], object]:
    from pyspark.sql import SparkSession

    session = SparkSession.builder.remote(url).create()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.read.parquet(*source.files).createOrReplaceTempView("answers")
    return lambda sql: session.sql(sql.replace('"', "`")).toArrow()


def main(words: list[str]) -> None:
    """One step in a process of its own, or a size from the command line."""
    if words[0] == "fill":
        fill(Path(words[1]), int(words[2]))
    elif words[0] == "ask":
        print(json.dumps(ask(Path(words[1]), words[2])), flush=True)
        os._exit(0)  # the server ends before its clients, which would wait for it for minutes
    else:
        from benchmarks.__main__ import row

        for figure in run((int(words[0]),), tuple(words[1:]) or ("duckdb", "sail")):
            print(row(figure))


if __name__ == "__main__":
    main(sys.argv[1:])
