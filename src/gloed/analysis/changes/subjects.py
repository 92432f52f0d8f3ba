"""What a page of analysis can be about: one survey, or all of one metric and kind together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import queries
from gloed.analysis.breaks import Break, breaks_of
from gloed.analysis.queries import Filter, Query, Selection, Window
from gloed.analysis.store import Source
from gloed.base.models import Membership, Organisation, Team
from gloed.base.queries import visible_teams
from gloed.surveys.models import Survey, SurveyVersion
from gloed.surveys.rules import Metric


@dataclass(frozen=True, slots=True)
class Subject:
    """Surveys of one metric whose answers are looked at together."""

    key: str
    label: str
    metric: Metric
    surveys: tuple[Survey, ...]

    @property
    def is_one(self) -> bool:
        """Whether it is a single survey."""
        return len(self.surveys) == 1

    def selection(
        self, window: Window, filters: Sequence[Filter], ratings: tuple[int, ...] = ()
    ) -> Selection:
        """Its answers in a window, filtered."""
        return Selection(
            surveys=tuple(str(survey.public_id) for survey in self.surveys),
            metric=self.metric.value,
            window=window,
            filters=tuple(filters),
            ratings=ratings,
        )


def list_subjects(organisation: Organisation, source: Source) -> list[Subject]:
    """Every survey somebody answered, the one with most answers first, then those together.

    Surveys of a metric stand together by their kind: what people think of the relationship is
    never mixed with what they think of a moment.
    """
    found = Survey.objects.filter(organisation=organisation, deleted_at=None)
    counted = queries.run(source, Query(Selection(), by=("survey", "metric")))
    answers: defaultdict[tuple[str | None, ...], float] = defaultdict(float)
    for cell in counted.cells:
        answers[cell.group] += cell.histogram.n
    surveys = [s for s in found if answers.get((str(s.public_id), s.metric))]
    surveys.sort(key=lambda s: (-answers[str(s.public_id), s.metric], s.title))
    for survey in surveys:
        survey.organisation = organisation
    single = [Subject(str(s.public_id), s.title, Metric(s.metric), (s,)) for s in surveys]
    kinds: dict[tuple[str, str], list[Survey]] = {}
    for survey in surveys:
        kinds.setdefault((survey.metric, survey.kind), []).append(survey)
    together = [
        Subject(f"{metric}-{kind}", _kind_label(metric, kind), Metric(metric), tuple(own))
        for (metric, kind), own in sorted(kinds.items())
        if len(own) > 1
    ]
    return [*single, *together]


def find_subject(subjects: Sequence[Subject], key: str) -> Subject | None:
    """The one an address names; without a name the first; None where it is not there."""
    if not key:
        return subjects[0] if subjects else None
    return next((subject for subject in subjects if subject.key == key), None)


def offered(subjects: Sequence[Subject]) -> list[tuple[str, Any]]:
    """The choices of a form, those together in a group of their own."""
    one = [(s.key, s.label) for s in subjects if s.is_one]
    many = [(s.key, s.label) for s in subjects if not s.is_one]
    return [*one, (_("Together"), many)] if many else [*one]


def own_teams(membership: Membership) -> tuple[Filter, ...]:
    """What a colleague sees of all answers: everything, or those of the own teams only."""
    keys = visible_teams(membership)
    if keys is None:
        return ()
    teams = Team.objects.filter(pk__in=keys).values_list("public_id", flat=True)
    return (Filter("team", tuple(sorted(str(one) for one in teams))),)


def breaks_within(subject: Subject, first: Window, second: Window) -> list[tuple[Survey, Break]]:
    """Where a question was asked otherwise after the earlier period began, by survey."""
    days = [day for one in (first, second) for day in (one.start, one.end) if day is not None]
    changed = SurveyVersion.objects.filter(
        survey__in=[survey.pk for survey in subject.surveys], published_at__isnull=False, number=2
    ).values_list("survey_id", flat=True)
    several = set(changed)
    return [
        (survey, one)
        for survey in subject.surveys
        if survey.pk in several
        for one in breaks_of(survey)
        if days and min(days) < one.on < max(days)
    ]


def _kind_label(metric: str, kind: str) -> str:
    names = {"nps": "NPS", "enps": "eNPS", "csat": "CSAT", "ces": "CES"}
    facts = {"metric": names.get(metric, "CSAT")}
    if kind == Survey.Kind.RELATIONSHIP:
        return _("All surveys with %(metric)s about the relationship") % facts
    return _("All surveys with %(metric)s after a moment") % facts
