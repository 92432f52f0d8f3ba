"""The web entry of `gloed web`: the same application, ending with the process that started it."""

import os
import sys

from django.urls import get_resolver

from gloed.project.processes import end_with_parent
from gloed.project.wsgi import application

# A thread that computes a page gives way after 1 ms instead of 5, so that an answer that comes in
# meanwhile is not kept waiting at each of its steps.
sys.setswitchinterval(0.001)
os.umask(0o077)  # what Gloed writes is its owner's alone
end_with_parent(os.getppid())
get_resolver().url_patterns  # noqa: B018 - loads every room's pages before the first visitor comes

__all__ = ["application"]
