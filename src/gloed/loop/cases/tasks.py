"""From news in the journal to cases, and the moments at which somebody is woken up."""

from collections.abc import Sequence
from datetime import timedelta

from gloed.base import jobs
from gloed.base.models import JournalEntry
from gloed.loop.cases.operations import forget, moments, waking

KINDS = ("person.erased",)


def hear(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal. Harmless to repeat."""
    for entry in entries:
        if entry.kind == "person.erased":
            forget(entry.organisation_id, entry.subject)


@jobs.task(moments.WAKE)
def wake(run: jobs.JobRun) -> None:
    """A case's moment has come."""
    waking.wake(run.payload["case"], now=run.now())


@jobs.task("cases.tend", every=timedelta(minutes=5))
def tend(run: jobs.JobRun) -> None:
    """Wake up for cases whose moment nobody was there for."""
    for number, case in enumerate(waking.overdue_for_waking(run.now()), start=1):
        waking.wake(case, now=run.now())
        run.progress(number)


@jobs.task(waking.MAIL, outward=True)
def mail(run: jobs.JobRun) -> None:
    """Tell a colleague about a case."""
