"""From news in the journal to cases, and the moments at which somebody is woken up."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from gloed.base import jobs
from gloed.base.models import JournalEntry, Organisation
from gloed.loop.cases import notices
from gloed.loop.cases.models import Case, OpeningRule
from gloed.loop.cases.operations import forgetting, moments, triage, waking
from gloed.responses.models import Response
from gloed.surveys.models import Survey

SINGLE = frozenset({"response.recorded", "response.updated"})
GONE = frozenset({"responses.removed"})
KINDS = (*sorted(SINGLE), "responses.imported", *sorted(GONE), "person.erased")
READ_IMPORT = "cases.read_import"


def hear(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal: open what must be opened, forget whom it must. Harmless twice."""
    now = timezone.now()
    for entry in entries:
        if entry.kind == "person.erased":
            forgetting.forget(entry.organisation_id, entry.subject, now=now)
    for organisation in {one.organisation_id for one in entries if one.kind in GONE}:
        forgetting.tidy(organisation, now=now)
    ruled = set(
        OpeningRule.objects.filter(
            organisation__in={entry.organisation_id for entry in entries}, is_on=True
        ).values_list("organisation_id", flat=True)
    )
    # where no rule is on, a case can still have been opened by hand, which later answers join
    busy = set(
        Case.objects.filter(
            organisation__in={entry.organisation_id for entry in entries}, closed_at=None
        )
        .order_by()
        .values_list("organisation_id", flat=True)
        .distinct()
    )
    told = [entry for entry in entries if entry.organisation_id in ruled | busy]
    subjects = {entry.subject for entry in told if entry.kind in SINGLE}
    public_ids = [subject for subject in subjects if _is_uuid(subject)]
    keys = Response.objects.filter(public_id__in=public_ids).values_list("pk", flat=True)
    triage.look(sorted(keys), now=now)
    for entry in told:
        if entry.kind == "responses.imported":
            _read_import_later(entry)


def _read_import_later(entry: JournalEntry) -> None:
    """A piece of an import is one entry, and its answers have the moment of that entry."""
    survey = Survey.objects.filter(
        public_id=entry.payload.get("survey"), organisation=entry.organisation_id
    ).first()
    if survey is not None:
        _read_on({"survey": survey.pk, "at": entry.at.isoformat()}, entry.organisation_id)


def _read_on(payload: dict[str, Any], organisation: int | None) -> None:
    key = ":".join([READ_IMPORT, *map(str, payload.values())])
    jobs.enqueue(READ_IMPORT, payload, now=timezone.now(), organisation=organisation, key=key)


@jobs.task(READ_IMPORT, long=True)
def read_import(run: jobs.JobRun) -> None:
    """Look at some of what an import brought, as far as it is recent; the rest gets its turn."""
    payload = run.payload
    reached = triage.look_at_import(
        payload["survey"],
        brought_at=datetime.fromisoformat(payload["at"]),
        after=payload.get("after", 0),
        is_awaited=run.is_awaited,
        now=run.now(),
    )
    if reached is not None:
        _read_on({**payload, "after": reached}, run.job.organisation_id)


@jobs.task(triage.LOOK)
def look_again(run: jobs.JobRun) -> None:
    """Look once more at an answer that could not be judged yet."""
    triage.look([run.payload["response"]], now=run.now(), looks=run.payload["looks"])


@jobs.task("cases.silence", long=True, every=timedelta(hours=24))
def silence(run: jobs.JobRun) -> None:
    """Look for key contacts who have been silent for too long."""
    for number, organisation in enumerate(
        Organisation.objects.filter(case_rules__is_on=True).distinct(), start=1
    ):
        triage.look_for_silence(organisation, now=run.now())
        run.progress(number)


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
    notices.send(run.payload)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
