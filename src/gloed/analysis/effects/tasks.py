"""Work for the worker: judging what is due."""

from datetime import timedelta

from django.utils import timezone

from gloed.analysis.effects import operations
from gloed.base import jobs

JUDGE = "effects.judge"


@jobs.task(JUDGE, long=True, every=timedelta(hours=6))
def judge(run: jobs.JobRun) -> None:
    """Look once at every improvement whose time is over."""
    now = run.now()
    due = operations.due_predictions(today=timezone.localdate(now))
    for number, prediction in enumerate(due):
        run.progress(number, len(due))
        operations.judge_prediction(prediction, now=now)
