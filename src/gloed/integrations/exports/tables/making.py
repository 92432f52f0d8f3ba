"""Making a table of answers, as a page asked for it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone, translation

from gloed.analysis import answers
from gloed.analysis.schema import ATTRIBUTE
from gloed.analysis.views.answers import Listing
from gloed.base.models import Membership
from gloed.integrations.exports.making import Report, silent
from gloed.integrations.exports.refusals import ArchiveRefused, Reason
from gloed.integrations.exports.tables.columns import Row, columns_of, row_of
from gloed.integrations.exports.tables.writers import WRITERS


def make_table(
    membership: Membership,
    path: Path,
    *,
    kind: str,
    survey: str = "",
    address: str = "",
    personal: tuple[str, ...] = (),
    report: Report = silent,
) -> int:
    """Write the answers that a colleague may read to a file of this kind; how many there were.

    `kind` is of `WRITERS`, `survey` a public id or "" for all, `address` the query of the page of
    answers. Raises ArchiveRefused where it does not fit, and leaves no half of a file.
    """
    organisation = membership.organisation
    unfinished = path.with_name(f"{path.name}.unfinished")
    with timezone.override(organisation.time_zone):
        listing = Listing(membership, QueryDict(address), UUID(survey) if survey else None)
    attributes = [name.removeprefix(ATTRIBUTE) for name in listing.source.attributes]
    with translation.override(organisation.language):
        columns = columns_of(organisation, listing.survey, attributes, personal)
    report(0, answers.count_answers(listing.source, listing.wanted))
    joined = ("touchpoint", "survey__touchpoint", "version", "person__account")
    found = answers.every_response(organisation, listing.source, listing.wanted, *joined)
    try:
        count = WRITERS[kind](unfinished, columns, _rows(found, report))
        unfinished.chmod(0o600)
        unfinished.replace(path)
    except OSError as problem:
        why = problem.strerror or str(problem)
        raise ArchiveRefused(Reason.CANNOT_WRITE, why=why) from None
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _rows(found: Iterator[Any], report: Callable[[int], None]) -> Iterator[Row]:
    for number, response in enumerate(found, 1):
        if number % 500 == 0:
            report(number)
        yield row_of(response)
