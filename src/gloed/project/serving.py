"""The web entry of `gloed web`: the same application, ending with the process that started it."""

import os

from django.urls import get_resolver

from gloed.project.processes import end_with_parent
from gloed.project.wsgi import application

os.umask(0o077)  # what Gloed writes is its owner's alone
end_with_parent(os.getppid())
get_resolver().url_patterns  # noqa: B018 - loads every room's pages before the first visitor comes

__all__ = ["application"]
