"""Making a backup while everybody goes on working."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gloed.base.snapshot import one_moment
from gloed.channels.sample.operations import LOG_IN_FILE
from gloed.project import configuration
from gloed.project.backups import manifest as contents
from gloed.project.backups.manifest import FILES, SETTINGS, TABLES, File, Manifest, Table
from gloed.project.backups.rows import Report, write_rows
from gloed.project.backups.shape import applied_leaves, apps_at, fields_of, tables_of
from gloed.project.refusals import Refused

SECRET_KEY = "secret_key"  # noqa: S105 - the name of its file


def make_backup(folder: Path, *, report: Report = lambda _rows: None) -> Manifest:
    """Copy the whole installation, as it is at one moment, to a new folder.

    Only the finished backup gets the name asked for. All of it can be read by its owner alone.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused(f"{folder} is not empty; name a folder that does not exist yet.")
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    mask = os.umask(0o077)
    try:
        (unfinished / TABLES).mkdir(parents=True)
        manifest = _write(unfinished, report)
        contents.write(manifest, unfinished)
        if folder.exists():
            folder.rmdir()
        unfinished.replace(folder)
    except OSError as problem:
        raise Refused(f"The backup could not be written: {problem}.") from None
    finally:
        os.umask(mask)
        shutil.rmtree(unfinished, ignore_errors=True)
    return manifest


def count_rows() -> int:
    """About how many rows a backup will hold, for a progress bar."""
    executor = MigrationExecutor(connection)
    tables = tables_of(apps_at(executor, applied_leaves(executor)))
    return sum(model._base_manager.count() for model in tables)


def _write(folder: Path, report: Report) -> Manifest:
    executor = MigrationExecutor(connection)
    leaves = applied_leaves(executor)
    if not leaves:
        raise Refused(f"There is nothing to back up yet in {settings.DATA}.")
    tables: list[Table] = []
    with one_moment():
        made_at = datetime.now(UTC)
        for number, model in enumerate(tables_of(apps_at(executor, leaves)), start=1):
            label = model._meta.label_lower
            file = f"{TABLES}/{number:03}_{label}.jsonl.gz"
            rows, checksum = write_rows(model, folder / file, report)
            columns = [field.attname for field in fields_of(model)]
            tables.append(Table(label, file, columns, rows, checksum))
    _write_settings(folder)
    return Manifest(
        gloed=version("gloed"),
        made_at=made_at.isoformat(timespec="seconds"),
        database=connection.vendor,
        migrations=[list(node) for node in leaves],
        tables=tables,
        files=list(_copy_files(folder / FILES)),
    )


def _copy_files(target: Path) -> Iterator[File]:
    """Copy what lies in the data folder, and the key with which log-ins and links are signed."""
    target.mkdir()
    if (sample := settings.DATA / LOG_IN_FILE).is_file():
        shutil.copyfile(sample, target / LOG_IN_FILE)
        yield _described(target / LOG_IN_FILE, target)
    uploads: Path = settings.UPLOADS
    for source in sorted(uploads.rglob("*")) if uploads.is_dir() else ():
        if source.is_file():
            copy = target / "uploads" / source.relative_to(uploads)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            yield _described(copy, target)
    key = target / SECRET_KEY
    key.write_text(settings.SECRET_KEY, encoding="utf-8")
    yield _described(key, target)


def _described(path: Path, target: Path) -> File:
    name = path.relative_to(target).as_posix()
    return File(name, path.stat().st_size, contents.digest(path))


def _write_settings(folder: Path) -> None:
    """Write down the settings in use, for whoever has to set up anew; never a secret."""
    values = configuration.load()
    lines = ["# The settings at the time of the backup; secrets are left out."]
    for setting in configuration.SETTINGS:
        if setting.name != "GLOED_DATA":
            shown = "(not kept)" if setting.secret else _as_text(values[setting.name])
            lines.append(f"{'# ' if setting.secret else ''}{setting.name}={shown}")
    (folder / SETTINGS).write_text("\n".join(lines) + "\n", encoding="utf-8")


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, tuple) else str(value)
