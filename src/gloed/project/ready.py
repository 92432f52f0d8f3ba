"""Setting Django up for a verb of the command line."""

import logging
import os

import django

from gloed.project import configuration


def set_up() -> None:
    """Read the settings (a bad one is refused in a sentence) and make Django ready."""
    configuration.load()
    os.umask(0o077)  # what Gloed writes is its owner's alone
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gloed.project.settings")
    django.setup()
    logging.captureWarnings(capture=True)
