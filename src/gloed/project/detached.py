"""Verbs that look at a file and at no installation: no data folder, no database, no settings."""

import logging
import os
import secrets
import tempfile
from pathlib import Path

from gloed.project.configuration import SETTINGS


def use_no_installation() -> None:
    """Enough for the queries alone; Django is configured, and not set up."""
    from django.conf import settings  # noqa: PLC0415 - Django is loaded when needed

    if not settings.configured:
        settings.configure(ANALYSIS_URL="duckdb://", SPILL=_nowhere())


def set_up_without_installation() -> None:
    """Django with templates and translations, and nothing of an installation.

    The settings are those of a folder that does not exist; a key made for this run spares
    writing one, and no database is ever opened.
    """
    for setting in SETTINGS:
        os.environ.pop(setting.name, None)
        os.environ.pop(f"{setting.name}_FILE", None)
    nowhere = _nowhere()
    os.environ["GLOED_DATA"] = str(nowhere)
    os.environ["GLOED_SECRET_KEY"] = secrets.token_urlsafe(48)
    os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
    import django  # noqa: PLC0415 - Django is loaded when needed
    from django.conf import settings  # noqa: PLC0415

    django.setup()
    settings.SPILL = nowhere
    logging.captureWarnings(capture=True)


def _nowhere() -> Path:
    """A folder that is not there; the engine makes and removes it if memory is not enough."""
    return Path(tempfile.gettempdir()) / f"gloed-nowhere-{secrets.token_hex(8)}"
