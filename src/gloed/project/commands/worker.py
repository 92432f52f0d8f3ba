"""`gloed worker`: the work behind the pages."""

import os
import sys

from gloed.project.commands.options import Parent
from gloed.project.processes import end_with_parent
from gloed.project.refusals import Refused


def worker(parent: Parent = 0) -> None:
    """Hand out news and do jobs until stopped. Any number may run, on any number of machines."""
    from gloed.project.ready import set_up  # noqa: PLC0415 - Django is set up when needed

    set_up()
    from gloed.base.worker import Worker  # noqa: PLC0415 - needs Django set up
    from gloed.project.preparing import pending_migrations  # noqa: PLC0415 - likewise

    if pending_migrations():
        raise Refused("The tables are not up to date; run `gloed prepare` first.")
    own = Worker()
    own.stop_on_signals()
    if parent:
        end_with_parent(parent)
    if not own.run():
        sys.stdout.flush()
        os._exit(0)  # a handler that does not end must not keep the process; its lease runs out
