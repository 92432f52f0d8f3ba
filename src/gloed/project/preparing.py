"""Making an installation ready: the data folder, the database's tables, the sample organisation."""

import fcntl
import importlib
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gloed.base.models import Organisation
from gloed.project.refusals import Refused

ADVISORY_LOCK = 0x676C6F6564  # "gloed"
SAMPLE = "gloed.channels.sample.operations"


def prepare() -> int:
    """Bring the tables up to date; returns how many migrations were applied.

    Safe to run from many processes and machines at once: one does it, the others wait.
    """
    data: Path = settings.DATA
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as problem:
        raise Refused(f"The data folder {data} cannot be made: {problem.strerror}.") from None
    with _alone(data):
        pending = pending_migrations()
        if pending:
            call_command("migrate", interactive=False, verbosity=0)
    return len(pending)


def pending_migrations() -> list[str]:
    """The names of the migrations that the database still lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def is_empty() -> bool:
    """Whether nobody uses this installation yet."""
    return not Organisation.objects.exists()


def load_sample() -> str:
    """Load the sample organisation; returns its log-in as one line."""
    if importlib.util.find_spec(SAMPLE) is None:
        raise Refused("This installation has no sample organisation.")
    log_in = importlib.import_module(SAMPLE).load_sample()
    return str(log_in)


@contextmanager
def _alone(data: Path) -> Iterator[None]:
    """Hold the lock of this folder and, on PostgreSQL, that of the database."""
    with (data / "prepare.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if connection.vendor != "postgresql":
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            try:
                yield
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
