"""Those who were asked and did not answer, by what was known of them beforehand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, DateField, Q, Value
from django.db.models.functions import TruncDate, TruncMonth

from gloed.analysis import words
from gloed.analysis.changes.rules import Key
from gloed.analysis.changes.subjects import Subject
from gloed.analysis.coverage.ledger import Lines, asked_in, columns_known, segment_of
from gloed.analysis.filters import period_start
from gloed.analysis.queries import Period, Selection, Window
from gloed.base.models import Organisation
from gloed.fieldwork.models import Invitation

Kind = Invitation.Disposition
NOT_SILENT = (
    Kind.CREATED,
    Kind.SKIPPED,
    Kind.WITHDRAWN,
    Kind.FAILED,
    Kind.BOUNCED,
    Kind.NO_CONTACT,
    Kind.PARTIAL,
    Kind.COMPLETE,
)
"""What says that somebody answered, or that the question never reached them."""


@dataclass(frozen=True, slots=True)
class Silent:
    """Counts the unanswered invitations of a subject, each in the period it went out in."""

    organisation: Organisation
    subject: Subject

    def is_any(self, window: Window) -> bool:
        """Whether anybody was asked at all in a window."""
        return asked_in(self.organisation, self.subject, window).exists()

    def count(
        self, selection: Selection, by: tuple[str, ...], period: Period | None
    ) -> dict[tuple[Key, date | None], int]:
        """Unanswered invitations per group and period, under the filters of a selection."""
        names = [f"segment_{place}" for place in range(len(by))]
        kept = ["start", *names]
        lines = self._lines(selection).annotate(
            start=self._cut(period), **dict(zip(names, map(segment_of, by), strict=True))
        )
        found: defaultdict[tuple[Key, date | None], int] = defaultdict(int)
        for cut, *values, n in lines.values_list(*kept).annotate(n=Count("pk")):
            key = tuple(None if one in (None, "") else str(one) for one in values)
            if n:
                found[key, _start(cut, period)] += n
        return dict(found)

    def _lines(self, selection: Selection) -> Lines:
        lines = asked_in(self.organisation, self.subject, selection.window).order_by()
        lines = lines.exclude(disposition__in=NOT_SILENT)
        for place, one in enumerate(selection.filters):
            name = f"only_{place}"
            chosen = Q(**{f"{name}__in": ["" if value is None else value for value in one.values]})
            if None in one.values:
                chosen |= Q(**{f"{name}__isnull": True})
            lines = lines.annotate(**{name: segment_of(one.column)}).filter(chosen)
        return lines

    def _cut(self, period: Period | None) -> Any:
        """The local day an invitation went out, or the first of its month."""
        zone = ZoneInfo(self.organisation.time_zone)
        if period is None:
            return Value(None, output_field=DateField())
        cut = TruncDate if period in (Period.DAY, Period.WEEK) else TruncMonth
        return cut("sent_at", tzinfo=zone)


def unknown_column(columns: Sequence[str]) -> str:
    """The first column of which nothing is known of the silent; empty where all are known."""
    known = set(columns_known(columns))
    return next((name for name in columns if name not in known), "")


def _start(cut: date | None, period: Period | None) -> date | None:
    if cut is None or period is None:
        return None
    day = date(cut.year, cut.month, cut.day)  # of a month the engine gives a moment
    return period_start(day, period, starts=words.week_starts())
