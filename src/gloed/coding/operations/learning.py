"""Learning from what people write and decide: subjects, words of groups, models per theme."""

from datetime import datetime

from gloed.base import jobs
from gloed.base.models import Job, Organisation
from gloed.coding.operations.kinds import LEARN


def ask_to_learn(organisation: int, *, now: datetime) -> None:
    """Have a worker look for subjects and fit what can be fitted, soon."""
    jobs.enqueue(LEARN, now=now, organisation=organisation, key=f"{LEARN}:{organisation}")


def learn_job(organisation: Organisation) -> Job | None:
    """The learning that waits or runs."""
    states = [Job.State.WAITING, Job.State.RUNNING]
    found = Job.objects.filter(organisation=organisation, kind=LEARN, state__in=states)
    return found.order_by("state", "-pk").first()
