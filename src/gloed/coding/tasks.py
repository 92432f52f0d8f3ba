"""From news in the journal to codes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from gloed.base import jobs
from gloed.base.models import JournalEntry
from gloed.coding.models import Codebook, CodingMark
from gloed.coding.operations import coding, discovering, fitting, preview, proposing, reckoning
from gloed.coding.operations.kinds import (
    CODE,
    DAILY,
    INDEX,
    LEARN,
    PREVIEW,
    PROPOSE,
    RECKON,
    RECODE,
)
from gloed.coding.operations.learning import ask_to_learn
from gloed.coding.search import index
from gloed.responses.models import Response

SINGLE = frozenset({"response.recorded", "response.updated", "response.withdrawn"})
KINDS = (*sorted(SINGLE), "responses.imported", "responses.removed", "person.erased")
FEW = coding.BATCH
"""So many responses are read in the quick lane at a time; more get their turn after other work."""


def mark_changes(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal: note what must be read, and have it read. Harmless to repeat."""
    concerned = set(
        Codebook.objects.filter(
            organisation__in={entry.organisation_id for entry in entries}
        ).values_list("organisation_id", flat=True)
    )
    told = [entry for entry in entries if entry.organisation_id in concerned]
    keys = _keys([entry.subject for entry in told if entry.kind in SINGLE])
    now = timezone.now()
    for organisation in sorted({entry.organisation_id for entry in told}):
        own = [entry for entry in told if entry.organisation_id == organisation]
        found: set[int | None] = {
            keys.get(entry.subject) if entry.kind in SINGLE else None for entry in own
        }
        coding.mark(organisation, found)
        schedule(organisation, now=now, is_long=None in found)


def schedule(organisation: int, *, now: datetime, is_long: bool = False) -> None:
    """Have an organisation's marks worked off soon."""
    kind = RECODE if is_long else CODE
    jobs.enqueue(kind, now=now, organisation=organisation, key=f"{kind}:{organisation}")


def index_changes(entries: Sequence[JournalEntry]) -> None:
    """Subscriber of the journal: have new words put into the index of the search."""
    if entries and index.has_waiting():
        jobs.enqueue(INDEX, now=timezone.now(), key=INDEX)


@jobs.task(INDEX)
def put_in_index(run: jobs.JobRun) -> None:
    """Put waiting words into the index, a piece at a time so that other short work gets its turn.

    Says nothing of organisations: the index is the record's own. Whatever comes in while it works
    has news of its own.
    """
    if index.index_waiting() == index.AT_ONCE:
        jobs.enqueue(INDEX, now=run.now(), key=INDEX)


@jobs.task(CODE)
def code(run: jobs.JobRun) -> None:
    """Read the answers that are marked, those that came first; the rest is next.

    However many come, nothing is learned from them here: that looks at all history, once a day.
    """
    organisation = run.organisation
    if organisation is None:
        return
    marks = CodingMark.objects.filter(organisation=organisation, response_id__isnull=False)
    taken = dict(marks.order_by("pk").values_list("pk", "response_id")[:FEW])
    responses = sorted({key for key in taken.values() if key is not None})
    if responses:
        coding.code_stale(organisation, responses=responses, report=run.progress)
        reckoning.ask_figures(organisation.pk, now=run.now())
    CodingMark.objects.filter(pk__in=taken).delete()
    if len(taken) == FEW:
        schedule(organisation.pk, now=run.now())


@jobs.task(RECODE, long=True, lease=timedelta(minutes=1))
def recode(run: jobs.JobRun) -> None:
    """Read everything that is not up to date, and what is marked; then look at the words."""
    organisation = run.organisation
    if organisation is None:
        return
    marks = CodingMark.objects.filter(organisation=organisation)
    taken = dict(marks.values_list("pk", "response_id"))
    coding.code_stale(organisation, report=run.progress)
    marked = sorted({key for key in taken.values() if key is not None})
    for start in range(0, len(marked), coding.BATCH):
        part = marked[start : start + coding.BATCH]
        coding.code_stale(organisation, responses=part, report=lambda _done, _total: None)
        run.progress(run.done)
    delete = sorted(taken)
    for start in range(0, len(delete), coding.BATCH):
        CodingMark.objects.filter(pk__in=delete[start : start + coding.BATCH]).delete()
    preview.find_terms(organisation, report=lambda _done, _total: run.progress(run.done))
    reckoning.ask_figures(organisation.pk, now=run.now(), at_once=True)
    ask_to_learn(organisation.pk, now=run.now())


@jobs.task(RECKON, long=True)
def reckon(run: jobs.JobRun) -> None:
    """Reckon points per theme, and which themes rise."""
    if run.organisation is not None:
        reckoning.reckon(run.organisation, now=run.now(), report=run.progress)


@jobs.task(LEARN, long=True, lease=timedelta(minutes=1))
def learn(run: jobs.JobRun) -> None:
    """Fit models where people coded enough; look for subjects and for words of groups."""
    organisation = run.organisation
    if organisation is None:
        return
    if fitting.fit_organisation(organisation, now=run.now()):
        schedule(organisation.pk, now=run.now(), is_long=True)
    discovering.discover_subjects(organisation, now=run.now(), report=run.progress)
    discovering.find_group_terms(organisation, now=run.now())
    proposing.ask_to_propose(organisation.pk, now=run.now())


@jobs.task(PROPOSE, outward=True, lease=timedelta(minutes=10))
def propose(run: jobs.JobRun) -> None:
    """Ask a language model, where one was set up: for codes and names, or for a theme's words."""
    organisation = run.organisation
    if organisation is None:
        return
    if "draft" in run.payload:
        key, language = run.payload["draft"]
        book = Codebook.objects.filter(organisation=organisation).first()
        if book is not None:
            proposing.draft_words(book, key, language, now=run.now())
        return
    proposing.name_suggestions(organisation)
    if proposing.propose(organisation, now=run.now(), report=run.progress):
        proposing.ask_to_propose(organisation.pk, now=run.now())


@jobs.task(DAILY, every=timedelta(days=1))
def every_day(run: jobs.JobRun) -> None:
    """Have every organisation's figures reckoned anew, and its words looked through.

    What was read before an upgrade is read again, so that the course of a theme does not break.
    """
    for book in Codebook.objects.select_related("organisation"):
        reckoning.ask_figures(book.organisation_id, now=run.now())
        ask_to_learn(book.organisation_id, now=run.now())
        if fitting.is_read_otherwise(book.organisation):
            schedule(book.organisation_id, now=run.now(), is_long=True)
    if index.has_waiting():
        jobs.enqueue(INDEX, now=run.now(), key=INDEX)


@jobs.task(PREVIEW, long=True)
def preview_draft(run: jobs.JobRun) -> None:
    """Tell what the draft would change."""
    if run.organisation is not None:
        preview.preview_draft(run.organisation)


def _keys(subjects: Sequence[str]) -> dict[str, int]:
    """Record keys of responses by public id, as far as they still exist."""
    wanted = [subject for subject in subjects if _is_uuid(subject)]
    responses = Response.objects.filter(public_id__in=wanted[:500])
    found = {str(public_id): key for public_id, key in responses.values_list("public_id", "pk")}
    return found | _keys(wanted[500:]) if len(wanted) > 500 else found


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
