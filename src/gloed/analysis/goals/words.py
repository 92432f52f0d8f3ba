"""What can be said of a goal, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from gloed.analysis import words
from gloed.analysis.definitions import Definition, formula_of
from gloed.analysis.goals.queries import filters_of
from gloed.analysis.goals.reading import Progress
from gloed.analysis.goals.rules import Outlook, Standing
from gloed.analysis.measures import Kind, Measure
from gloed.surveys.rules import Metric

VERDICTS = {
    Standing.NO_ANSWERS: gettext_lazy("No answers yet"),
    Standing.REACHED: gettext_lazy("Reached"),
    Standing.NOT_REACHED: gettext_lazy("Not reached"),
    Standing.CANNOT_TELL: gettext_lazy("Too close to tell"),
    Standing.THERE: gettext_lazy("At the goal for certain"),
    Standing.ON_COURSE: gettext_lazy("On course"),
    Standing.BEHIND: gettext_lazy("Behind"),
    Standing.UNKNOWN: gettext_lazy("On course cannot be said yet"),
}
ICONS = {
    Standing.REACHED: "circle-check",
    Standing.THERE: "circle-check",
    Standing.ON_COURSE: "trending-up",
    Standing.BEHIND: "circle-arrow-down",
    Standing.NOT_REACHED: "circle-arrow-down",
}
CERTAIN = frozenset(ICONS)


def verdict(progress: Progress) -> str:
    """The shortest honest thing to say."""
    if progress.is_withheld:
        return _("Too few answers to show")
    return str(VERDICTS[progress.standing])


def value_words(value: float, kind: Kind) -> str:
    """The score to be reached, with a decimal only where it has one."""
    if kind is Kind.SHARE:
        return f"{words.number(100 * value, 0 if round(100 * value, 6).is_integer() else 1)}%"
    return words.number(value, 0 if round(value, 6).is_integer() else 1)


def subject_words(progress: Progress, names: dict[str, str]) -> str:
    """Whose score, of which answers: "Relationship, Region: North"."""
    label = progress.subject.label if progress.subject else _("answers that are gone")
    filters = [
        f"{words.column_label(column)}: {words.value_label(column, value, names)}"
        for column, value in filters_of(progress.goal)
    ]
    return ", ".join([label, *filters])


def progress_words(progress: Progress) -> str:
    """Where it stands against where it started and where the line is."""
    if progress.is_withheld:
        return _("So few people answered that somebody could be recognised.")
    if progress.measure is None or progress.now is None:
        return _("Nobody answered in the last %(days)d days of it.") % {"days": progress.goal.days}
    kind = progress.measure.kind
    facts = {
        "now": words.interval(progress.now, kind),
        "start": words.score(progress.start.value, kind) if progress.start else "",
        "goal": value_words(progress.goal.value, kind),
        "course": words.score(progress.course, kind) if progress.course is not None else "",
    }
    if progress.is_due:
        return _TOLD_DUE[progress.standing] % facts
    if progress.start is None:
        return _("Now %(now)s. There were too few answers before it was set to draw a line to "
                 "%(goal)s.") % facts  # fmt: skip
    texts = {
        Standing.THERE: _("Now %(now)s: all of the interval lies at %(goal)s or above."),
        Standing.ON_COURSE: _("Now %(now)s: at or above the line from %(start)s to %(goal)s, which "
                              "is at %(course)s today."),
        Standing.BEHIND: _("Now %(now)s: below the line from %(start)s to %(goal)s, which is at "
                           "%(course)s today."),
        Standing.UNKNOWN: _("Now %(now)s. The line from %(start)s to %(goal)s is at %(course)s "
                            "today, which lies inside that interval."),
    }  # fmt: skip
    return texts[progress.standing] % facts


_TOLD_DUE = {
    Standing.REACHED: gettext_lazy("It ended at %(now)s: all of it at %(goal)s or above."),
    Standing.NOT_REACHED: gettext_lazy("It ended at %(now)s: all of it below %(goal)s."),
    Standing.CANNOT_TELL: gettext_lazy(
        "It ended at %(now)s: %(goal)s lies inside that interval, so neither is certain."
    ),
    Standing.NO_ANSWERS: gettext_lazy("It ended without answers."),
}


def promise_words(progress: Progress) -> str:
    """Whether so many answers can show it by the day, and when else."""
    promise, measure = progress.promise, progress.measure
    if promise is None or measure is None or progress.is_due:
        return ""
    facts = {
        "expected": words.number(promise.expected),
        "needed": words.number(promise.needed),
        "due": words.day(progress.goal.due_on),
        "days": progress.goal.days,
        "wait": words.number(promise.days),
        "visible": change_words(progress.visible, measure),
        "shows": words.day(promise.shows_on) if promise.shows_on else "",
    }
    texts = {
        Outlook.IN_TIME: _("This can be shown: about %(expected)s answers come in over the last "
                           "%(days)d days before %(due)s, and a change of this size shows from "
                           "%(needed)s on."),
        Outlook.WIDER: _("Over %(days)d days this cannot be shown: about %(expected)s answers come "
                         "in, which show a change of %(visible)s. Measured over %(wait)s days it "
                         "can be shown by %(due)s."),
        Outlook.LATER: _("With your volume this shows around %(shows)s, not by %(due)s: it takes "
                         "%(needed)s answers, which come in over %(wait)s days. By %(due)s only a "
                         "change of %(visible)s can be seen. Ask more people, or choose a later "
                         "day and a longer window."),
        Outlook.NOT_IN_TEN_YEARS: _("Your volume cannot show this within ten years: it takes "
                                    "%(needed)s answers, and about %(expected)s will be there by "
                                    "%(due)s. A change of %(visible)s can be seen."),
        Outlook.ALREADY: _("The score stands there already. A goal above it says more."),
        Outlook.NO_VOLUME: _("Nobody answered of late, so nothing can be said of when this "
                             "would show."),
    }  # fmt: skip
    return texts[promise.outlook] % facts


def change_words(value: float | None, measure: Measure) -> str:
    """A size of change: "12.8 points", "4%", "0.3"."""
    if value is None:
        return ""
    if measure.kind is Kind.SHARE:
        points = words.number(100 * value, 1)
        return pgettext("difference of shares", "%(n)s percentage points") % {"n": points}
    if measure.kind is Kind.MEAN:
        return words.number(value, 2)
    return _("%(n)s points") % {"n": words.number(value, 1)}


def due_words(progress: Progress, days_left: int) -> str:
    """How long it still has: "by 1 Jul 2026, in 40 days"."""
    day = words.day(progress.goal.due_on)
    if progress.is_due:
        return _("was due on %(day)s") % {"day": day}
    text = ngettext("by %(day)s, in %(n)d day", "by %(day)s, in %(n)d days", days_left)
    return text % {"day": day, "n": days_left}


def metric_label(progress: Progress) -> str:
    """What the score is called; also while nobody answered."""
    if progress.measure is not None:
        return progress.measure.label
    is_points = progress.subject is not None and progress.subject.metric is Metric.NPS
    return "NPS" if is_points else _("Score")


def definition_of(progress: Progress, names: dict[str, str]) -> Definition:
    """What exactly is counted, for the definition card."""
    goal = progress.goal
    rows = [
        (_("Answers of"), subject_words(progress, names)),
        (_("Measured over"), words.window_words(progress.window.start, progress.window.end)),
        (
            _("Interval"),
            _("95%%, multinomial score interval") % {}
            if progress.is_due
            else _("95%%, wide enough to look every day") % {},
        ),
        (_("Set on"), words.day(goal.set_on)),
        (
            _("Can be shown"),
            _("when the change would be found four times out of five (power 80%%)") % {},
        ),
    ]
    return Definition(rows, formula_of(progress.measure) if progress.measure else "")


def course_says(progress: Progress) -> str:
    """The figure in a sentence."""
    shown = [point for point in progress.points if point.estimate is not None]
    if progress.measure is None or not shown:
        return ""
    kind, last = progress.measure.kind, shown[-1]
    facts = {
        "month": f"{words.MONTHS[last.start.month - 1]} {last.start.year}",
        "score": words.interval(last.estimate, kind) if last.estimate else "",
        "goal": value_words(progress.goal.value, kind),
        "due": words.day(progress.goal.due_on),
    }
    said = _("%(month)s: %(score)s. The goal is %(goal)s by %(due)s.") % facts
    return " ".join([said, *(one.says for one in progress.breaks)])
