"""Archives of one organisation, made and brought in on the command line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils import timezone

from gloed.analysis import projection
from gloed.analysis.models import Mark
from gloed.analysis.projection import Changes
from gloed.base import audit
from gloed.base.models import Membership
from gloed.base.rules import Role
from gloed.integrations.exports.bringing_in import bring_in as bring_archive_in
from gloed.integrations.exports.making import make_archive
from gloed.project.keys import find_organisation
from gloed.project.progress import bar

Report = Callable[[int, int | None], None]


def export(name: str, path: Path) -> str:
    """Write an archive; returns what to tell."""
    organisation = find_organisation(name)
    with _watched("Writing") as report:
        made = make_archive(organisation, path, now=timezone.now(), report=report)
    audit.record(None, "archive.asked", organisation=organisation)
    return (
        f"{path} holds all of {organisation.name}: {made.rows} rows and {len(made.files)} files. "
        "It has names and addresses in it: keep it as safe as the original."
    )


def bring_in(path: Path, name: str) -> str:
    """Bring an archive in and make its figures; returns what to tell."""
    now = timezone.now()
    with _watched("Bringing in") as report:
        made = bring_archive_in(path, name=name, now=now, report=report)
    projection.project(made, Changes(everything=True), now=now)
    Mark.objects.filter(organisation=made).delete()
    owners = Membership.objects.filter(organisation=made, role=Role.OWNER, deactivated_at=None)
    owner = owners.select_related("staff").order_by("pk").first()
    way_in = (
        f"`gloed admin password {owner.staff.email}` lets an owner in"
        if owner
        else f"`gloed admin create --organisation “{made.name}”` makes an owner"
    )
    return (
        f"{made.name} is here. Waves, triggers and recurring surveys are paused until somebody "
        f"starts them again; {way_in}, `gloed serve` starts everything."
    )


@contextmanager
def _watched(title: str) -> Iterator[Callable[..., None]]:
    """A progress bar that is told where it stands, not how far it moved."""
    at = 0
    with bar(title, total=None) as advance:

        def report(done: int, _total: int | None = None, /) -> None:
            nonlocal at
            advance(done - at)
            at = done

        yield report
