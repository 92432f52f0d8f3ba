"""Recurring work: a task with `every` always has one job waiting."""

from datetime import datetime

from django.db.models import Max

from gloed.base import jobs
from gloed.base.models import Job


def keep_scheduled(*, now: datetime) -> None:
    """Enqueue the next turn of every recurring task that has none waiting or running."""
    recurring = [task for task in jobs.REGISTRY.tasks.values() if task.period is not None]
    keys = {f"every:{task.kind}": task for task in recurring}
    turns = Job.objects.filter(key__in=keys)
    live = set(
        turns.filter(state__in=[Job.State.WAITING, Job.State.RUNNING]).values_list("key", flat=True)
    )
    last = dict(turns.values_list("key").annotate(last=Max("run_at")))
    for key, task in keys.items():
        if key in live or task.period is None:
            continue
        run_at = max(now, last[key] + task.period) if key in last else now
        jobs.enqueue(task.kind, now=now, run_at=run_at, key=key)
