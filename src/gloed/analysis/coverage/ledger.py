"""Who was asked and who answered, by segment: read from the ledger of invitations."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import Count, F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from gloed.analysis.changes.subjects import Subject
from gloed.analysis.definitions import moments_of
from gloed.analysis.queries import Window
from gloed.analysis.schema import ATTRIBUTE, is_attribute
from gloed.base.models import Organisation
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.queries import Tally, tally

Lines: TypeAlias = QuerySet[Invitation]

OTHER_COLUMNS = ("channel", "language")
"""Besides attributes, what is known of the silent too."""


@dataclass(frozen=True, slots=True)
class Reached:
    """Those of one segment who were asked: how many were reached, and how many answered."""

    value: str | None
    asked: int
    answered: int

    @property
    def rate(self) -> float:
        """Answered of those asked."""
        return self.answered / self.asked if self.asked else 0.0


def asked_in(organisation: Organisation, subject: Subject, window: Window) -> Lines:
    """The invitations of a subject that went out in a window of local days."""
    start, end = moments_of(window, organisation)
    lines = Invitation.objects.filter(survey__in=[survey.pk for survey in subject.surveys])
    lines = lines.filter(sent_at__isnull=False)
    if start is not None:
        lines = lines.filter(sent_at__gte=start)
    if end is not None:
        lines = lines.filter(sent_at__lt=end)
    return lines


def tally_of(lines: Lines) -> Tally:
    """What became of them."""
    return tally(lines)


def columns_known(columns: Sequence[str]) -> list[str]:
    """The columns by which those who kept silent are known as well."""
    return [name for name in columns if is_attribute(name) or name in OTHER_COLUMNS]


def by_segment(lines: Lines, column: str) -> list[Reached]:
    """Asked and answered per value of a column, the largest first; what is unknown as None."""
    rows = (
        lines.order_by()
        .annotate(segment=segment_of(column))
        .values_list("segment", "disposition")
        .annotate(n=Count("pk"))
    )
    found: defaultdict[str | None, dict[str, int]] = defaultdict(dict)
    for value, disposition, n in rows:
        key = None if value in (None, "") else str(value)
        found[key][disposition] = found[key].get(disposition, 0) + n
    reached = [_reached(value, Tally(counts, {})) for value, counts in found.items()]
    return sorted((one for one in reached if one.asked), key=lambda one: -one.asked)


def _reached(value: str | None, counted: Tally) -> Reached:
    kind = Invitation.Disposition
    return Reached(value, counted.delivered, counted.count(kind.PARTIAL, kind.COMPLETE))


def segment_of(column: str) -> Any:
    """What the invitation held of the person, else what is known of them now."""
    if not is_attribute(column):
        return F("channel") if column == "channel" else F("person__language")
    key = column.removeprefix(ATTRIBUTE)
    return Coalesce(
        KeyTextTransform(key, "attributes"), KeyTextTransform(key, "person__attributes")
    )
