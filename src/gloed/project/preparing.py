"""Making an installation ready: the data folder, the database's tables, the sample organisation."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gloed.base.models import Organisation
from gloed.channels.sample import operations as sample
from gloed.project.progress import bar
from gloed.project.refusals import Refused

ADVISORY_LOCK = 0x676C6F6564  # "gloed"


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
            with bar("Preparing the database", total=len(pending)) as advance:
                call_command(_Migrate(advance), interactive=False, verbosity=0)
    return len(pending)


class _Migrate(Migrate):
    """Django's own command, which tells of each step: the first time they take half a minute."""

    def __init__(self, advance: Callable[[int], None]) -> None:
        super().__init__()
        self._advance = advance

    def migration_progress_callback(self, action: str, *details: Any, **more: Any) -> None:
        """Called by Django around each migration."""
        super().migration_progress_callback(action, *details, **more)
        if action == "apply_success":
            self._advance(1)


def pending_migrations() -> list[str]:
    """The names of the migrations that the database still lacks."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


def is_empty() -> bool:
    """Whether nobody uses this installation yet."""
    return not Organisation.objects.exists()


def sample_log_in(*, load: bool) -> str:
    """The sample organisation's log-in as one line, empty where there is no sample.

    With `load` the sample is loaded first, if nobody uses this installation yet.
    """
    found = sample.find_log_in()
    if found is None and load and is_empty():
        found = sample.load_sample()
    return "" if found is None else str(found)


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
