"""Reading journeys: which touchpoints stand where, what they ask, and what is not placed yet."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from gloed.base.models import Membership, Organisation
from gloed.surveys.journeys.rules import USUAL_TOP, metric_of
from gloed.surveys.metric_words import MetricWords, mixing_words, words_of
from gloed.surveys.models import Survey, Touchpoint
from gloed.surveys.models.journey import Journey, Phase
from gloed.surveys.rules import Metric

NOT_PLACED = (
    Q(phase=None) | Q(phase__removed_at__isnull=False) | Q(phase__journey__removed_at__isnull=False)
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A touchpoint with the surveys that ask about it."""

    touchpoint: Touchpoint
    surveys: tuple[Survey, ...] = ()

    @property
    def metric(self) -> Metric | None:
        """The metric it is scored in; None while nothing is chosen and its surveys differ."""
        return metric_of(self.touchpoint.metric, [survey.metric for survey in self.surveys])

    @property
    def words(self) -> MetricWords | None:
        """Its metric in plain words."""
        return words_of(self.metric) if self.metric else None

    @property
    def mixing(self) -> str:
        """A warning where two metrics stand on it; empty where all is well."""
        own = [Metric(self.touchpoint.metric)] if self.touchpoint.metric else []
        return mixing_words([*own, *(Metric(survey.metric) for survey in self.surveys)])

    @property
    def mixes_kinds(self) -> bool:
        """Whether both relationship and transactional surveys stand on it."""
        return len({survey.kind for survey in self.surveys}) > 1

    @property
    def owner(self) -> Membership | None:
        """The colleague who answers for it, while they work here."""
        owner = self.touchpoint.owner
        return owner if owner is not None and owner.deactivated_at is None else None

    @property
    def line_top(self) -> int:
        """The top of the scale on which its line is drawn; only effort has more than one."""
        return self.touchpoint.line_top or USUAL_TOP


@dataclass(frozen=True, slots=True)
class Stretch:
    """A phase with its touchpoints in order."""

    phase: Phase
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class JourneyPlan:
    """A journey with its phases and touchpoints in order."""

    journey: Journey
    stretches: tuple[Stretch, ...]

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All its touchpoints in order."""
        return tuple(moment for stretch in self.stretches for moment in stretch.moments)


def list_journeys(organisation: Organisation) -> QuerySet[Journey]:
    """An organisation's journeys, oldest first."""
    return Journey.objects.filter(organisation=organisation, removed_at=None)


def list_journeys_with_counts(organisation: Organisation) -> QuerySet[Journey]:
    """The same, with `phase_count` and `touchpoint_count`."""
    phases = Q(phases__removed_at=None)
    moments = phases & Q(phases__touchpoints__removed_at=None)
    return list_journeys(organisation).annotate(
        phase_count=Count("phases", filter=phases, distinct=True),
        touchpoint_count=Count("phases__touchpoints", filter=moments, distinct=True),
    )


def read_plan(journey: Journey) -> JourneyPlan:
    """A journey in full, in three questions however long it is."""
    phases = list(Phase.objects.filter(journey=journey, removed_at=None))
    found = _touchpoints(journey.organisation).filter(phase__in=phases)
    by_phase: defaultdict[int | None, list[Moment]] = defaultdict(list)
    for moment in moments_of(found):
        by_phase[moment.touchpoint.phase_id].append(moment)
    return JourneyPlan(
        journey, tuple(Stretch(phase, tuple(by_phase[phase.pk])) for phase in phases)
    )


def list_unplaced(organisation: Organisation) -> list[Moment]:
    """The touchpoints that stand in no journey yet."""
    return moments_of(_touchpoints(organisation).filter(NOT_PLACED))


def moments_of(touchpoints: Iterable[Touchpoint]) -> list[Moment]:
    """Touchpoints with their surveys, in one further question."""
    listed = list(touchpoints)
    surveys: defaultdict[int | None, list[Survey]] = defaultdict(list)
    asked = Survey.objects.filter(touchpoint__in=listed, deleted_at=None).select_related("current")
    for survey in asked.order_by("-created_at", "-pk"):
        surveys[survey.touchpoint_id].append(survey)
    return [Moment(one, tuple(surveys[one.pk])) for one in listed]


def is_placed(touchpoint: Touchpoint) -> bool:
    """Whether it stands in a journey that is there."""
    phase = touchpoint.phase
    return phase is not None and phase.removed_at is None and phase.journey.removed_at is None


def list_phases(organisation: Organisation) -> QuerySet[Phase]:
    """All phases of an organisation, journey by journey."""
    return (
        Phase.objects.filter(journey__organisation=organisation)
        .filter(removed_at=None, journey__removed_at=None)
        .select_related("journey")
        .order_by("journey", "position", "pk")
    )


def list_colleagues(organisation: Organisation) -> QuerySet[Membership]:
    """Who may own a touchpoint: everybody who works here."""
    return (
        Membership.objects.filter(organisation=organisation, deactivated_at=None)
        .select_related("staff")
        .order_by("staff__name", "staff__email")
    )


def mixing_at(organisation: Organisation, touchpoint: str, metric: str) -> str:
    """The warning for whoever is about to ask in `metric` at a touchpoint by that name.

    Empty where all is well, and for a name or a metric nobody knows.
    """
    found = Touchpoint.objects.filter(organisation=organisation, name=touchpoint.strip()).first()
    if found is None or metric not in set(Metric):
        return ""
    own = [found.metric] if found.metric else []
    asked = Survey.objects.filter(touchpoint=found, deleted_at=None)
    metrics: Sequence[str] = [metric, *own, *asked.values_list("metric", flat=True)]
    return mixing_words([Metric(one) for one in metrics])


def _touchpoints(organisation: Organisation) -> QuerySet[Touchpoint]:
    return Touchpoint.objects.filter(organisation=organisation, removed_at=None).select_related(
        "phase__journey", "owner__staff"
    )
