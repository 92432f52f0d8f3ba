"""An import from beginning to end in this process, as the command line does it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils import timezone

from gloed.base.models import Organisation
from gloed.channels.file_import import operations, queries
from gloed.channels.file_import.examining import Report, groups_of
from gloed.channels.file_import.models import Import
from gloed.channels.file_import.reading import UnreadableFile
from gloed.channels.file_import.rules import ImportRefused, Overtaken, title_of
from gloed.channels.file_import.sentences import english_of
from gloed.surveys.models import Survey

PATIENCE = timedelta(seconds=60)
"""A worker goes on with an import of which this process has not been heard so long."""
_PIECE = 1 << 20


class NotImported(Exception):
    """Nothing was imported; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Done:
    """What an import brought: its row, and the surveys it went to."""

    of_import: Import
    surveys: tuple[tuple[str, str], ...]  # title and public id


def find_organisation(name: str) -> Organisation:
    """The organisation of that name, or the only one there is. Raises NotImported."""
    if name.strip():
        found = Organisation.objects.filter(name__iexact=name.strip()).first()
        if found is not None:
            return found
    names = list(Organisation.objects.order_by("name").values_list("name", flat=True)[:20])
    if not names:
        raise NotImported(
            "There is no organisation yet. Make one with `gloed admin create --email E"
            " --organisation O`, then import."
        )
    if name.strip():
        raise NotImported(
            f"There is no organisation called {name.strip()}. There is: {', '.join(names)}."
        )
    if len(names) > 1:
        raise NotImported(
            f"Say which organisation the answers belong to with --organisation: {', '.join(names)}."
        )
    return Organisation.objects.get()


def make_ready(
    path: Path,
    *,
    organisation: Organisation,
    survey: str,
    options: Mapping[str, Any],
    folder: Path,
    tell: Callable[[str], None],
) -> Import:
    """Take a file in, understand it and start its import; `finish` does the work.

    `survey` is a title, slug or id; a new one is made for a new title. A `structure` among the
    options is looked for in `folder`. Raises NotImported; then nothing of the file is kept.
    """
    now = timezone.now()
    try:
        of_import = operations.upload(
            organisation, name=path.name, chunks=_pieces(path), by=None, now=now
        )
    except (ImportRefused, OSError) as problem:
        raise NotImported(english_of(problem)) from None
    try:
        _prepare(of_import, survey=survey, options=options, folder=folder, tell=tell)
        return operations.start(of_import, by=None, now=now, run_at=now + PATIENCE)
    except (ImportRefused, UnreadableFile, OSError) as problem:
        operations.discard(of_import)
        raise NotImported(english_of(problem)) from None
    except BaseException:
        operations.discard(of_import)
        raise


def _prepare(
    of_import: Import,
    *,
    survey: str,
    options: Mapping[str, Any],
    folder: Path,
    tell: Callable[[str], None],
) -> None:
    given = dict(options)
    structure = given.pop("structure", None)
    if isinstance(structure, str) and structure:
        beside = folder / structure
        operations.add_structure(of_import, name=beside.name, chunks=_pieces(beside))
    of_import.options = given
    operations.understand(of_import)
    earlier = queries.find_earlier(of_import)
    if earlier is not None:
        tell(
            f"This file was imported before, on {earlier.created_at:%Y-%m-%d}: answers that are"
            " there already stay as they are."
        )
    if survey:
        of_import.targets = _targets(of_import, survey)
    of_import.save(update_fields=["targets"])


def _targets(of_import: Import, wanted: str) -> dict[str, dict[str, str]]:
    """All groups to one title: the survey that is called so, or new ones."""
    groups = [group._replace(survey="") for group in groups_of(of_import.plan)]
    distinct = list(dict.fromkeys(groups))
    named = _find_survey(of_import.organisation, wanted)
    targets: dict[str, dict[str, str]] = {}
    for group, plain in zip(groups_of(of_import.plan), groups, strict=True):
        fitting = queries.list_fitting_surveys(of_import.organisation, group)
        if named is not None and (len(distinct) == 1 or named in fitting):
            targets[group.key] = {"survey": str(named.public_id)}
            continue
        title = title_of(plain, file_title=named.title if named else wanted, groups=distinct)
        same = next((s for s in fitting if s.title.casefold() == title.casefold()), None)
        targets[group.key] = {"survey": str(same.public_id)} if same else {"title": title}
    return targets


def _find_survey(organisation: Organisation, wanted: str) -> Survey | None:
    surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
    try:
        by_id = surveys.filter(public_id=UUID(wanted)).first()
    except ValueError:
        by_id = surveys.filter(slug=wanted).first()
    return by_id or surveys.filter(title__iexact=wanted).order_by("-created_at", "-pk").first()


def finish(of_import: Import, *, report: Report | None = None) -> Done:
    """Bring the answers in, to the end. Raises NotImported; then nothing is in the record.

    Should this process be killed, the next worker finishes the work.
    """
    heard = timezone.now()

    def go_on(done: int, total: int | None) -> None:
        nonlocal heard
        if timezone.now() - heard > PATIENCE / 6:
            heard = timezone.now()
            operations.wait_longer(of_import, until=heard + PATIENCE)
        if report is not None:
            report(done, total)

    try:
        operations.run(of_import, now=timezone.now, report=go_on)
    except Overtaken:
        raise NotImported(
            "A worker took this import over and finishes it; the page of imports shows how far it"
            " is."
        ) from None
    except BaseException:
        _take_back(of_import)
        raise
    operations.needs_no_worker(of_import, now=timezone.now())
    of_import.refresh_from_db()
    if of_import.state == Import.State.REFUSED:
        sentence = of_import.refusal.get("message") or "The file could not be read to its end."
        raise NotImported(f"{sentence} Nothing of it was kept in the record.")
    rows = of_import.surveys.select_related("survey")
    titles = dict.fromkeys((row.survey.title, str(row.survey.public_id)) for row in rows)
    return Done(of_import, tuple(titles))


def _take_back(of_import: Import) -> None:
    """Somebody stopped us, or something broke: nothing is left half-imported."""
    now: datetime = timezone.now()
    try:
        operations.cancel(of_import, by=None, now=now)
    except ImportRefused:
        return
    operations.remove(of_import, now=timezone.now)
    of_import.refresh_from_db()
    operations.needs_no_worker(of_import, now=now)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece
