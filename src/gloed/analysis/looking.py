"""A request to a page about one subject, understood once: whose answers, which filters, how fresh.

For pages that look at the answers of one survey, or of one metric and kind, under the filters of
an address.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from django import forms
from django.http import Http404, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from gloed.analysis import drawing, queries, reports, store, tasks
from gloed.analysis.changes.subjects import (
    Subject,
    find_subject,
    list_subjects,
    offered,
    own_teams,
)
from gloed.analysis.figures import Figure
from gloed.analysis.filters import Asked, FilterForm, read
from gloed.analysis.measures import Measure, measure_of
from gloed.analysis.queries import ALL_TIME, Filter, Query, Result, Selection
from gloed.analysis.reports import choices_of
from gloed.analysis.schema import is_attribute
from gloed.analysis.store import Source
from gloed.analysis.tables import csv_response, workbook_response
from gloed.analysis.words import file_name
from gloed.base.models import Organisation
from gloed.base.policy import StaffRequest
from gloed.surveys.rules import Metric

ENDINGS = ("csv", "xlsx", "svg", "png")


@dataclass(frozen=True, slots=True)
class AboutAsked(Asked):
    """The same as for a score, with the survey or surveys it is about."""

    about: str = ""

    def params(self) -> dict[str, str]:
        """The address again: what was asked, in one form."""
        found = {"about": self.about} if self.about else {}
        return found | Asked.params(self)


def read_about(query: QueryDict, *, today: date) -> AboutAsked:
    """What an address asks; whatever cannot be understood is as if it were not there."""
    base = read(query, today=today)
    known = {one.name: getattr(base, one.name) for one in fields(Asked)}
    return AboutAsked(**known, about=query.get("about", "").replace("\x00", "")[:80])


class AboutForm(FilterForm):
    """The filter bar with a choice of subject in front."""

    MAIN = ("about", "when")
    MOST_MAIN = 4

    def __init__(
        self,
        asked: AboutAsked,
        *,
        subjects: Sequence[tuple[str, Any]],
        choices: Mapping[str, list[tuple[str | None, str]]],
        metric: Metric,
    ) -> None:
        super().__init__(asked, choices=choices, metric=metric, has_bands=False)
        about = forms.ChoiceField(
            label=gettext_lazy("About"), choices=list(subjects), required=False
        )
        self.fields["about"] = about
        self._columns = sorted(choices, key=_by_use)

    @property
    def main(self) -> list[forms.BoundField]:
        """What stands in the bar."""
        names = [*self.MAIN, *self._columns]
        return [self[name] for name in names[: self.MOST_MAIN] if name in self.fields]

    @property
    def more(self) -> list[forms.BoundField]:
        """What unfolds: dates first."""
        shown = {field.name for field in self.main}
        return [self[name] for name in self.fields if name not in shown]


def _by_use(column: str) -> tuple[int, str]:
    """What people filter by most comes first: moment, team, channel, what is known of people."""
    first = ("touchpoint", "team", "channel")
    return (first.index(column) if column in first else 3 + (not is_attribute(column)), column)


@dataclass(frozen=True, slots=True)
class Look:
    """A request understood. Without `subject` nobody answered anything yet."""

    source: Source
    subjects: list[Subject]
    subject: Subject | None
    asked: AboutAsked
    is_current: bool
    now: datetime
    organisation: Organisation
    teams: tuple[Filter, ...]

    @property
    def cut_off(self) -> datetime | None:
        """Up to when answers are counted."""
        return self.now if self.is_current else self.source.cut_off

    @property
    def minimum(self) -> int:
        """The smallest group that is shown."""
        return max(1, self.organisation.minimum_group)


@dataclass(frozen=True, slots=True)
class Ground:
    """What any report about a subject stands on. Without `measure` nobody gave a rating."""

    subject: Subject
    asked: AboutAsked
    names: Mapping[str, str]
    choices: Mapping[str, list[tuple[str | None, str]]]
    cut_off: datetime | None
    measure: Measure | None
    whole: Result


Choose = Callable[[Source, Sequence[Subject]], Subject | None]
"""Which subject a page is about where the address names none."""


def _first(_source: Source, subjects: Sequence[Subject]) -> Subject | None:
    return find_subject(subjects, "")


def look_at(request: StaffRequest, *, usual: Choose = _first) -> Look:
    """The subject and filters of a request; an unknown subject is a 404."""
    now = timezone.now()
    tasks.make_sure(request.organisation, now=now)
    source = store.projection_of(request.organisation)
    asked = read_about(request.GET, today=timezone.localdate(now))
    subjects = list_subjects(request.organisation, source)
    subject = find_subject(subjects, asked.about) if asked.about else usual(source, subjects)
    if subject is None and asked.about:
        raise Http404
    if subject is not None:
        asked = replace(asked, about=subject.key)
    return Look(
        source,
        subjects,
        subject,
        asked,
        reports.is_current(request.organisation, tasks.KINDS),
        now,
        request.organisation,
        own_teams(request.membership),
    )


def ground_of(look: Look, subject: Subject, *, teams: Sequence[Filter] = ()) -> Ground:
    """The choices, names and measure of a subject; `teams` narrows it to what may be seen."""
    everything = subject.selection(ALL_TIME, teams)
    columns = queries.splitting_columns(look.source)
    each = queries.run_each(look.source, everything, columns) if columns else {}
    names = reports.names_of(look.organisation)
    whole = queries.run(look.source, Query(everything))
    measure = measure_of(subject.metric, whole.scale) if whole.scale is not None else None
    choices = choices_of(each, names)
    return Ground(subject, look.asked, names, choices, look.cut_off, measure, whole)


def selection_of(ground: Ground, *, teams: Sequence[Filter] = ()) -> Selection:
    """The answers the address of a page means, without its rating band."""
    filters = [*teams, *(Filter(column, (value,)) for column, value in ground.asked.filters)]
    return ground.subject.selection(ground.asked.window, filters)


def form_of(look: Look, ground: Ground, *, without: Sequence[str] = ()) -> AboutForm:
    """The filter bar of a page; some columns may be left out."""
    choices = {name: own for name, own in ground.choices.items() if name not in without}
    return AboutForm(
        ground.asked,
        subjects=offered(look.subjects),
        choices=choices,
        metric=ground.subject.metric,
    )


class _AsksAbout(Protocol):
    @property
    def about(self) -> str: ...


A = TypeVar("A", bound=_AsksAbout)
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Reported(Generic[A, R]):
    """A request understood: every subject, and the report of the one it is about, where one is."""

    source: Source
    subjects: list[Subject]
    asked: A
    report: R | None
    is_current: bool


def report_for(
    request: StaffRequest,
    read_asked: Callable[..., A],
    report_of: Callable[..., R],
    *,
    leaves_out: frozenset[Metric] = frozenset(),
) -> Reported[A, R]:
    """The report that an address asks for; an unknown subject is a 404.

    `read_asked(query, today=)` reads the address, `report_of(source, subject, asked, names=,
    minimum=, teams=, cut_off=)` makes the report. Surveys of a metric in `leaves_out` are not
    offered and not found.
    """
    now = timezone.now()
    tasks.make_sure(request.organisation, now=now)
    is_current = reports.is_current(request.organisation, tasks.KINDS)
    source = store.projection_of(request.organisation)
    asked = read_asked(request.GET, today=timezone.localdate(now))
    every = list_subjects(request.organisation, source)
    subjects = [one for one in every if one.metric not in leaves_out]
    subject = find_subject(subjects, asked.about)
    if subject is None:
        if asked.about:
            raise Http404
        return Reported(source, subjects, asked, None, is_current)
    report = report_of(
        source,
        subject,
        asked,
        names=reports.names_of(request.organisation),
        minimum=request.organisation.minimum_group,
        teams=own_teams(request.membership),
        cut_off=now if is_current else source.cut_off,
    )
    return Reported(source, subjects, asked, report, is_current)


def taken_along(figure: Figure, name: str, ending: str) -> HttpResponse:
    """A figure as a file: its numbers as csv or xlsx, itself as svg or png."""
    if ending == "csv":
        return csv_response(file_name(name), figure.exact_columns, figure.exact)
    if ending == "xlsx":
        return workbook_response(file_name(name), figure.exact_columns, figure.exact)
    makers: dict[str, tuple[Callable[..., bytes], str]] = {
        "svg": (drawing.svg, "image/svg+xml"),
        "png": (drawing.png, "image/png"),
    }
    if ending not in makers:
        raise Http404
    draw, kind = makers[ending]
    drawn = draw(figure.spec, language=get_language() or "en")
    response = HttpResponse(drawn, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{file_name(name)}.{ending}"'
    return response
