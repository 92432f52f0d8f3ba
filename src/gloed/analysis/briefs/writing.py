"""Writing a brief: where we stand, what moved for certain, what we decided, what is due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gloed.analysis import reports, store, words
from gloed.analysis.briefs.content import Content, Line, Part, Standing
from gloed.analysis.briefs.rules import Audience, month_before, next_month
from gloed.analysis.changes import words as told
from gloed.analysis.changes.asked import Against, ChangeAsked
from gloed.analysis.changes.report import ChangeReport, Verdict, change_report
from gloed.analysis.changes.subjects import Subject, find_subject, list_subjects, own_teams
from gloed.analysis.filters import OWN
from gloed.analysis.measures import Kind
from gloed.analysis.queries import Filter, Window
from gloed.base.links import absolute_url
from gloed.base.models import Membership, Organisation, Team
from gloed.loop.cases.models import Case
from gloed.loop.cases.queries import visible_cases
from gloed.loop.improvements.models import Improvement, Improvements
from gloed.loop.improvements.queries import seen_by
from gloed.loop.improvements.rules import OPEN, Status
from gloed.surveys.models import Survey
from gloed.surveys.rules import Metric

MOST_SCORES = 6
MOST_LINES = 5
SEASON = 3  # months that are laid beside each other where one is silent
AHEAD = timedelta(days=31)
AUDIENCES = {
    Audience.DIRECTOR: gettext_lazy("Director"),
    Audience.MANAGER: gettext_lazy("CX manager"),
    Audience.TEAM_LEAD: gettext_lazy("Team lead"),
}
CERTAIN = (Verdict.PLACE, Verdict.EVERYWHERE, Verdict.MIX, Verdict.UNDERNEATH)


@dataclass(frozen=True, slots=True)
class Order:
    """What to write: for whom, about what, in which language and on whose clock."""

    membership: Membership
    audience: Audience
    about: str = ""
    team: Team | None = None
    language: str = "en"
    time_zone: str = "Europe/Amsterdam"

    @property
    def organisation(self) -> Organisation:
        """Whose brief it is."""
        return self.membership.organisation


def write(order: Order, month: date, *, now: datetime) -> Content:
    """The brief about a month, with what is known at `now`.

    A colleague reads only what they may see: a team lead's is about the team, and whoever sees
    the own teams alone gets no other's.
    """
    with translation.override(order.language), timezone.override(ZoneInfo(order.time_zone)):
        return _write(order, month, now)


def _write(order: Order, month: date, now: datetime) -> Content:
    source = store.projection_of(order.organisation)
    subjects = list_subjects(order.organisation, source)
    subject = find_subject(subjects, order.about) or usual_subject(subjects)
    scope = _scope(order)
    found = [_report(order, source, one, scope, month) for one in _shown(order, subjects, subject)]
    standing = tuple(one for report in found if (one := _standing(report)) is not None)
    main = next((report for report in found if report.subject is subject), None)
    return Content(
        title=_("Brief of %(month)s") % {"month": date_format(month, "F Y")},
        organisation=order.organisation.name,
        about=", ".join(
            part
            for part in (
                str(AUDIENCES[order.audience]),
                subject.label if subject else "",
                order.team.name if order.team else "",
            )
            if part
        ),
        head=_("Where we stand"),
        standing=standing,
        none="" if standing else _why_nothing(main),
        parts=(
            Part(_("What moved for certain"), tuple(_moved(found))),
            _decided(order, month),
            _due(order, now),
        ),
        foot=_("Numbers and words as they were on %(day)s.") % {"day": words.moment(now)},
    )


def usual_subject(subjects: Sequence[Subject]) -> Subject | None:
    """NPS about the relationship, of the survey with most answers; without one the first."""
    named = [one for one in subjects if one.metric is Metric.NPS and one.is_one]
    related = [one for one in named if one.surveys[0].kind == Survey.Kind.RELATIONSHIP]
    return next(iter([*related, *named, *subjects]), None)


def _shown(order: Order, subjects: Sequence[Subject], main: Subject | None) -> list[Subject]:
    """A director and a team read one score, a manager those of every survey."""
    if main is None:
        return []
    if order.audience is not Audience.MANAGER:
        return [main]
    others = [one for one in subjects if one.is_one and one.key != main.key]
    return [main, *others[: MOST_SCORES - 1]]


def _scope(order: Order) -> tuple[Filter, ...]:
    scope = own_teams(order.membership)
    if order.team is not None:
        return (*scope, Filter("team", (str(order.team.public_id),)))
    return scope


def _report(
    order: Order,
    source: store.Source,
    subject: Subject,
    scope: Sequence[Filter],
    month: date,
) -> ChangeReport:
    """The month against the one before; where one of them is silent, a season against another.

    Who asks each quarter has months without answers.
    """
    end = next_month(month)
    found = None
    for months in (1, SEASON):
        start, before = _back(end, months), _back(end, 2 * months)
        asked = ChangeAsked(
            preset=OWN,
            window=Window(start, end),
            about=subject.key,
            against=Against.OWN,
            past=Window(before, start),
        )
        report = change_report(
            source,
            subject,
            asked,
            names=reports.names_of(order.organisation),
            minimum=order.organisation.minimum_group,
            teams=scope,
        )
        if report.measure is not None:
            return report
        found = found or report
    assert found is not None  # noqa: S101 - for the checker: there was a first turn
    return found


def _back(day: date, months: int) -> date:
    for _turn in range(months):
        day = month_before(day)
    return day


def _is_season(report: ChangeReport) -> bool:
    start, end = report.asked.window.start, report.asked.window.end
    return start is not None and end is not None and (end - start).days > 31


def _standing(report: ChangeReport) -> Standing | None:
    if report.measure is None or report.after is None:
        return None
    score, measure = report.after, report.measure
    label = f"{report.subject.label}, {measure.label}"
    if _is_season(report):
        window = report.asked.window
        label = f"{label}, {words.window_words(window.start, window.end)}"
    return Standing(
        label=label,
        value=score.value,
        low=score.low,
        high=score.high,
        n=score.n,
        kind=measure.kind.value,
        scale_low=measure.low,
        scale_high=measure.high,
        text=f"{words.interval(score, measure.kind)}, {words.answers(score.n)}",
        change=_change(report),
        url=f"{absolute_url('changes:changes')}{report.asked.address()}",
    )


def _change(report: ChangeReport) -> str:
    if report.measure is None or report.change is None:
        return ""
    change = told.interval_of(report.change, report.measure.kind)
    if report.measure.kind is Kind.SHARE:
        many = ngettext("%(n)s percentage point", "%(n)s percentage points", 2)  # of an interval
        change = many % {"n": change}
    facts = {
        "change": change,
        "before": _("the three months before") if _is_season(report) else _("the month before"),
    }
    if report.is_clear:
        return _("%(change)s against %(before)s, more than chance") % facts
    if report.change.excludes(0):
        text = _("%(change)s against %(before)s: no certain change among %(n)s looks")
        return text % {**facts, "n": words.number(report.comparisons)}
    return _("%(change)s against %(before)s: no certain change") % facts


def _why_nothing(report: ChangeReport | None) -> str:
    if report is None:
        return _("Nobody answered yet, so there is no score.")
    return {
        Verdict.FEW: _("So few people answered that no score is shown."),
        Verdict.OTHER_SCALE: _("The question was asked on another scale than the month before."),
    }.get(report.verdict, _("In this month or the one before nobody answered."))


def _moved(found: Sequence[ChangeReport]) -> list[str]:
    """What moved for certain, of one score in full, of several in a sentence each."""
    told_of = [report for report in found if report.measure is not None]
    if not told_of:
        return [_("Two months cannot be laid beside each other yet.")]
    certain = [report for report in told_of if report.verdict in CERTAIN]
    if not certain:
        return [_("Nothing moved for certain. There is nothing here to act on.")]
    if len(told_of) == 1:
        return [f"{told.headline(certain[0])}.", *told.paragraph(certain[0])[:3]]
    return [
        " ".join([f"{one.subject.label}: {told.headline(one)}.", *told.paragraph(one)[:2]])
        for one in certain
    ]


def _decided(order: Order, month: date) -> Part:
    start, end = _moments(month, order.time_zone), _moments(next_month(month), order.time_zone)
    improvements = _improvements(order)
    lines: list[tuple[UUID, Line]] = []
    for moment, label in (
        ("finished_at", _("finished")),
        ("started_at", _("started")),
        ("created_at", _("noted")),
    ):
        within = {f"{moment}__gte": start, f"{moment}__lt": end}
        for one in improvements.filter(**within).exclude(status=Status.DROPPED):
            if one.public_id not in {known for known, _line in lines}:
                lines.append((one.public_id, _improvement(one, label)))
    shown = tuple(line for _key, line in lines[:MOST_LINES])
    more = len(lines) - len(shown)
    sentences = [] if lines else [_("No improvement was noted, started or finished.")]
    if more > 0:
        sentences.append(
            ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": words.number(more)}
        )
    return Part(_("What we decided"), tuple(sentences), shown)


def _due(order: Order, now: datetime) -> Part:
    today = timezone.localdate(now)
    open_ones = _improvements(order).filter(status__in=OPEN, due_on__isnull=False)
    due = list(open_ones.filter(due_on__lte=today + AHEAD).order_by("due_on", "pk"))
    lines = [_improvement(one, _due_words(one.due_on, today)) for one in due[:MOST_LINES]]
    sentences = [*_cases(order, now)]
    if len(due) > MOST_LINES:
        rest = len(due) - MOST_LINES
        said = ngettext(
            "%(n)s more improvement is due within a month.",
            "%(n)s more improvements are due within a month.",
            rest,
        )
        sentences.append(said % {"n": words.number(rest)})
    if not lines and not sentences:
        sentences.append(_("Nothing is due this month."))
    return Part(_("What is due"), tuple(sentences), tuple(lines))


def _cases(order: Order, now: datetime) -> list[str]:
    cases = visible_cases(order.membership).exclude(status=Case.Status.CLOSED)
    if order.team is not None:
        cases = cases.filter(team=order.team)
    late = cases.filter(due_at__lt=now).count()
    ownerless = cases.filter(owner=None).count()
    said = []
    if late:
        said.append(
            ngettext(
                "%(n)s customer waits longer than was promised.",
                "%(n)s customers wait longer than was promised.",
                late,
            )
            % {"n": words.number(late)}
        )
    if ownerless:
        said.append(
            ngettext(
                "%(n)s open case has nobody who has it in hand.",
                "%(n)s open cases have nobody who has them in hand.",
                ownerless,
            )
            % {"n": words.number(ownerless)}
        )
    return said


def _improvements(order: Order) -> Improvements:
    found = seen_by(order.membership).select_related("owner__staff")
    return found.filter(team=order.team) if order.team is not None else found


def _improvement(one: Improvement, note: str) -> Line:
    owner = str(one.owner) if one.owner else _("nobody’s yet")
    return Line(one.title, f"{note}, {owner}", absolute_url("improvements:detail", one.public_id))


def _due_words(day: date | None, today: date) -> str:
    if day is None:
        return ""
    facts = {"day": words.day(day)}
    return _("was due %(day)s") % facts if day < today else _("due %(day)s") % facts


def _moments(day: date, zone: str) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
