"""Bringing a file of 200,000 rows into the record.

The file was read through before, for the page that shows what it holds and what will come of it.
Then each row becomes a canonical record, a person, a response and its answers, a transaction per
5,000 rows; a file of this size is read in a process of its own beside the one that writes. Beside
it the same rows by bare executemany (on PostgreSQL by COPY as well) into three tables of the same
columns without any index or check: what the database alone takes. *Understanding it first* counts
the earlier reading too. Each engine is measured in a process of its own.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from benchmarks.ratios import Figure

ROWS = 200_000
TARGET = 20_000
ROOT = Path(__file__).parent.parent


def run() -> list[Figure]:
    """Measure on SQLite, and on a PostgreSQL of our own."""
    sys.path.insert(0, str(ROOT))
    from tests.environment import postgresql

    figures = _figures("SQLite", "")
    with postgresql.server() as url:
        figures += _figures("PostgreSQL", url)
    return figures


def _figures(engine: str, url: str) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="gloed-bench-") as folder:
        measured = subprocess.run(
            [sys.executable, "-m", "benchmarks.bench_imports", folder],
            env={**os.environ, "GLOED_DATA": folder, "DATABASE_URL": url},
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    rates = json.loads(measured.stdout.splitlines()[-1])
    target = Figure(
        f"import on {engine}", rates["import"], "rows/s", TARGET, "target", more_is_better=True
    )
    shares = [
        Figure(
            f"{what}, as a share of bare {by}",
            rates[own] / rates[by],
            f"of {rates[by]:,.0f} rows/s",
            0.1,
            f"{by} of the same rows, same run",
            more_is_better=True,
        )
        for what, own, by in (
            (f"import on {engine}", "import", "executemany"),
            (f"import on {engine}", "import", "COPY"),
            (f"understanding it first, on {engine}", "whole", "executemany"),
        )
        if by in rates
    ]
    return [target, *shares]


def write_file(path: Path, rows: int = ROWS) -> None:
    """Answers of a quarter as many persons, with words, a touchpoint and two attributes."""
    names = ("Order", "Delivery", "Invoice", "Repair")
    words = ("Quick and friendly.", "", "I had to call three times.", "", "Fine; thank you")
    with path.open("w", encoding="utf-8") as target:
        target.write("response id,time,score,comment,email,touchpoint,region,amount\n")
        for n in range(rows):
            target.write(
                f"r-{n},2026-{1 + n % 9:02}-{1 + n % 28:02}T{n % 24:02}:{n % 60:02}:00Z,{n % 11},"
                f"{words[n % 5]},p{n % (rows // 4)}@example.org,{names[n % 4]},R{n % 12},"
                f'"1.{n % 1000:03},50"\n'
            )


def measure(folder: Path) -> dict[str, float]:
    """Rows per second of an import, and of bare inserts of the same rows."""
    from django.utils import timezone

    from gloed.base.models import Organisation
    from gloed.channels.file_import import operations

    path = folder / "answers.csv"
    write_file(path)
    now = timezone.now()
    organisation = Organisation.objects.create(name="Bench", created_at=now)
    of_import = operations.upload(
        organisation, name=path.name, chunks=[path.read_bytes()], by=None, now=now
    )
    of_import.options = {"metric": "nps", "timezone": "UTC"}
    entered = time.perf_counter()
    operations.understand(of_import)
    of_import = operations.start(of_import, by=None, now=now)
    began = time.perf_counter()
    operations.run(of_import, now=timezone.now)
    ended = time.perf_counter()
    of_import.refresh_from_db()
    if of_import.counts["new"] != ROWS:
        raise RuntimeError(f"the import did not bring every row: {of_import.counts}")
    rates = {"import": ROWS / (ended - began), "whole": ROWS / (ended - entered)}
    contents = _contents()
    rates["executemany"] = ROWS / bare_seconds(contents, _executemany)
    if connection.vendor == "postgresql":
        rates["COPY"] = ROWS / bare_seconds(contents, _copy)
    return rates


def _contents() -> list[tuple[str, list[tuple[object, ...]]]]:
    """The rows that the import made, by table."""
    contents = []
    with connection.cursor() as cursor:
        for table in ("people_person", "responses_response", "responses_answer"):
            cursor.execute(f"SELECT * FROM {table}")
            contents.append((table, [_plain(row) for row in cursor.fetchall()]))
    return contents


def bare_seconds(
    contents: list[tuple[str, list[tuple[object, ...]]]], insert: Callable[..., None]
) -> float:
    """Seconds for the rows that the import made, into tables without index or check."""
    began = time.perf_counter()
    for table, rows in contents:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS bare_{table}")
            cursor.execute(f"CREATE TABLE bare_{table} AS SELECT * FROM {table} WHERE 1 = 0")
            insert(cursor, f"bare_{table}", rows)
    return time.perf_counter() - began


def _executemany(cursor: Any, table: str, rows: list[tuple[object, ...]]) -> None:
    signs = ", ".join(["%s"] * len(rows[0]))
    cursor.executemany(f"INSERT INTO {table} VALUES ({signs})", rows)


def _copy(cursor: Any, table: str, rows: list[tuple[object, ...]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _plain(row: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(json.dumps(v) if isinstance(v, (dict, list)) else v for v in row)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
    import django

    django.setup()
    from gloed.project import preparing

    preparing.prepare()
    print(json.dumps(measure(Path(sys.argv[1]))))
