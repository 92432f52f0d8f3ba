"""What the same people did, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.changes.words import interval_of
from gloed.analysis.customers.moves.report import ORDER, MovesReport, Verdict
from gloed.analysis.filters import band_names
from gloed.analysis.measures import Kind
from gloed.surveys.rules import Band, Metric


def names_of_bands(metric: Metric) -> dict[Band, str]:
    """How the three groups of a metric are called, lowest first."""
    names = band_names(metric)
    return {band: names[band.value] for band in ORDER}


def headline(report: MovesReport) -> str:
    """The answer to "did the same people change?", in a few words."""
    said = {
        Verdict.UP: _("The same people are more positive than before"),
        Verdict.DOWN: _("The same people are less positive than before"),
        Verdict.UNCLEAR: _("No certain change among the same people"),
    }
    return said.get(report.verdict, "")


def score_label(report: MovesReport) -> str:
    """What the points are called."""
    if report.measure is not None and report.measure.kind is Kind.POINTS:
        return report.measure.label
    return _("Satisfied minus dissatisfied, in points")


def paragraph(report: MovesReport) -> list[str]:
    """How many went where, what that makes, and of how many this can be said."""
    if report.change is None or report.before is None or report.after is None:
        return []
    facts = {
        "up": words.number(report.up),
        "down": words.number(report.down),
        "same": words.number(report.same),
        "n": words.number(report.n),
    }
    said = [
        ngettext(
            "%(n)s person answered twice: %(up)s went up a group, %(down)s went down, "
            "%(same)s stayed.",
            "%(n)s people answered twice: %(up)s went up a group, %(down)s went down, "
            "%(same)s stayed.",
            report.n,
        )
        % facts
    ]
    reach = interval_of(report.change, Kind.POINTS)
    if report.verdict is Verdict.UNCLEAR:
        said.append(
            _("That makes %(change)s points: it may be nothing, so there is nothing to act on.")
            % {"change": reach}
        )
    else:
        said.append(_("That makes %(change)s points, more than chance does.") % {"change": reach})
    return [*said, share(report)]


def share(report: MovesReport) -> str:
    """Of how many this can be said."""
    facts = {
        "share": f"{words.number(100 * report.share)}%",
        "people": words.number(report.people),
        "earlier": words.number(report.earlier_people),
    }
    if report.earlier_people:
        back = f"{words.number(100 * report.n / report.earlier_people)}%"
        return _(
            "They are %(share)s of the %(people)s people who answered in this period, and %(back)s "
            "of the %(earlier)s of the earlier one. Who answers again is not like everybody: this "
            "does not speak for all customers."
        ) % {**facts, "back": back}
    return (
        _(
            "They are %(share)s of the %(people)s people who answered in this period. Who answers "
            "again is not like everybody: this does not speak for all customers."
        )
        % facts
    )


def beside(report: MovesReport) -> str:
    """Which two answers are laid beside each other."""
    window = report.asked.window
    period = words.window_words(window.start, window.end)
    past = report.asked.past
    if past is None:
        return _("Last answer (%(period)s) beside the one before it, whenever that was") % {
            "period": period
        }
    return _("Last answer (%(period)s) beside the last one of %(past)s") % {
        "period": period,
        "past": words.window_words(past.start, past.end),
    }


def definition_of(report: MovesReport, filters: list[str]) -> dict[str, object]:
    """The definition card."""
    rows = [
        (_("Survey"), report.subject.label),
        (_("Which answers"), beside(report)),
        (_("Whose"), _("people who are known and answered both times, on the same scale")),
        (_("Filters"), ", ".join(filters) or _("none")),
        (_("Left out"), _("answers of people nobody can tell apart, and who answered once")),
        (_("Interval"), _("95%, score interval on the change of each person (−2 to 2 groups)")),
    ]
    if report.cut_off is not None:
        rows.append((_("Data up to"), words.moment(report.cut_off)))
    return {
        "rows": rows,
        "formula": _("100 × (groups gone up − groups gone down) / people who answered twice"),
    }
