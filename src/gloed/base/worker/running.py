"""One attempt at one job, and what becomes of it."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from gloed.base.jobs import REGISTRY, Cancelled, Interrupted, JobRun
from gloed.base.worker import claims
from gloed.base.worker.problems import describe, hide_secrets

logger = logging.getLogger(__name__)


def attempt(run: JobRun, *, worker: str, now: Callable[[], datetime]) -> None:
    """Run the handler of a claimed job and write down how it ended."""
    task = REGISTRY.get(run.job.kind)
    try:
        if task.atomic:
            with transaction.atomic():
                task.handler(run)
                _finish(run, worker=worker, now=now())
        else:
            task.handler(run)
            _finish(run, worker=worker, now=now())
    except Cancelled:
        logger.info("%s %s was cancelled", run.job.kind, run.job.public_id)
    except Interrupted:
        claims.put_back(run.job, worker=worker, now=now(), counts=False)
    except Exception as problem:
        last = run.job.attempts >= run.job.max_attempts
        logger.warning(
            "%s %s: attempt %d of %d went wrong: %s",
            run.job.kind,
            run.job.public_id,
            run.job.attempts,
            run.job.max_attempts,
            hide_secrets(str(problem)),
            exc_info=last,
        )
        claims.fail(run.job, worker=worker, now=now(), problem=describe(problem))


def _finish(run: JobRun, *, worker: str, now: datetime) -> None:
    """Mark it done; raises Interrupted (which undoes an atomic task) when it is ours no more."""
    if not claims.finish(run, worker=worker, now=now):
        raise Interrupted
