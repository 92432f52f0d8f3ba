"""The process behind the pages: it hands out the journal and does the jobs."""

from gloed.base.worker.process import Worker, run_until_idle

__all__ = ["Worker", "run_until_idle"]
