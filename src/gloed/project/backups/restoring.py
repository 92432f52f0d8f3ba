"""Restoring a backup into an installation where nobody is yet."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from gloed.analysis import projection
from gloed.analysis.projection import Changes
from gloed.base.models import Organisation
from gloed.channels.sample.operations import LOG_IN_FILE
from gloed.project.backups import manifest as contents
from gloed.project.backups.making import SECRET_KEY
from gloed.project.backups.manifest import FILES, Manifest
from gloed.project.backups.rows import Report, insert_rows, read_rows
from gloed.project.backups.shape import (
    Node,
    applied_leaves,
    apps_at,
    check_known,
    reset_sequences,
    tables_of,
)
from gloed.project.refusals import Refused

RESTORING = ".restoring"
KEPT = frozenset({SECRET_KEY, LOG_IN_FILE})


def restore_backup(
    folder: Path, *, report: Report = lambda _rows: None, manifest: Manifest | None = None
) -> Manifest:
    """Bring a backup into an empty installation, whole or not at all.

    Raises Refused, and changes nothing, when the backup is damaged, when it comes from a newer
    Gloed, or when somebody uses this installation already.
    """
    manifest = manifest or contents.read(folder)
    contents.verify(manifest, folder)
    executor = MigrationExecutor(connection)
    leaves: list[Node] = [(app, name) for app, name in manifest.migrations]
    check_known(executor, leaves)
    refuse_used_installation(executor)
    settings.DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _fresh_database():
        _fill(folder, manifest, leaves, report)
        _place_files(folder, manifest)
    _project_everything()
    return manifest


def refuse_used_installation(executor: MigrationExecutor) -> None:
    """Raise Refused when there is already an organisation here."""
    if not executor.loader.applied_migrations:
        return
    with connection.cursor() as cursor:
        if "base_organisation" not in connection.introspection.table_names(cursor):
            return
        for table in ("base_organisation", "base_staff"):
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 - our own names
            if cursor.fetchone():
                raise Refused(
                    f"There are answers or colleagues in {_place()} already; a backup is restored "
                    "into an empty place only. Name another with --data DIR."
                )


def _fill(folder: Path, manifest: Manifest, leaves: list[Node], report: Report) -> None:
    """Make the tables as they were, fill them in one transaction, then bring them up to date."""
    executor = MigrationExecutor(connection)
    present = applied_leaves(executor)
    if present and present != sorted(leaves):
        raise Refused(
            f"The tables in {_place()} have another shape than those of the backup. Make the "
            "database anew (DROP DATABASE, CREATE DATABASE) and restore again."
        )
    executor.migrate(leaves)
    executor = MigrationExecutor(connection)
    tables = tables_of(apps_at(executor, leaves))
    by_label = {model._meta.label_lower: model for model in tables}
    with transaction.atomic():
        for model in reversed(tables):
            model._base_manager.all().delete()
        for table in manifest.tables:
            model = by_label[table.model]
            rows = read_rows(contents.inside(folder, table.file))
            count = insert_rows(model, table.columns, rows, report)
            if count != table.rows:
                raise Refused(f"{table.file} holds {count} rows instead of {table.rows}.")
        with connection.cursor() as cursor:
            for statement in reset_sequences(tables):
                cursor.execute(statement)
    call_command("migrate", interactive=False, verbosity=0)


@contextmanager
def _fresh_database() -> Iterator[None]:
    """Let everything happen in a new SQLite file that takes its place only when it is complete.

    A PostgreSQL database is filled in one transaction instead.
    """
    if connection.vendor != "sqlite":
        yield
        return
    final = Path(connection.settings_dict["NAME"])
    fresh = final.with_name(final.name + RESTORING)
    connection.close()
    _remove_database(fresh)
    connection.settings_dict["NAME"] = str(fresh)
    try:
        yield
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        _remove_database(final)
        fresh.replace(final)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(final)
        _remove_database(fresh)


def _remove_database(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _place_files(folder: Path, manifest: Manifest) -> None:
    uploads: Path = settings.UPLOADS
    fresh = uploads.with_name(uploads.name + RESTORING)
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    for file in manifest.files:
        source = contents.inside(folder / FILES, file.path)
        name = Path(file.path)
        if name.parts[0] == "uploads":
            target = contents.inside(fresh, str(Path(*name.parts[1:])))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
        elif file.path in KEPT:
            _place_privately(source, settings.DATA / file.path)
    shutil.rmtree(uploads, ignore_errors=True)
    fresh.replace(uploads)


def _place_privately(source: Path, target: Path) -> None:
    """Copy a file that nobody but its owner may read, in one step."""
    fresh = target.with_name(target.name + RESTORING)
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(source.read_bytes())
    fresh.replace(target)


def _project_everything() -> None:
    """Make the analysis files anew: they are not part of a backup."""
    for organisation in Organisation.objects.order_by("pk"):
        projection.project(organisation, Changes(everything=True), now=timezone.now())


def _place() -> str:
    return str(settings.DATA) if connection.vendor == "sqlite" else "this database"
