"""A complete copy of an installation in one folder, the same for SQLite and PostgreSQL."""

from gloed.project.backups.making import make_backup
from gloed.project.backups.restoring import restore_backup

__all__ = ["make_backup", "restore_backup"]
