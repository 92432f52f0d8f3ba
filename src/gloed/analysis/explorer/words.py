"""What the explorer says of how it counted: weights, the silent, a goal, and other tools' ways."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gloed.analysis import words
from gloed.analysis.changes.words import interval_of, listed
from gloed.analysis.coverage.words import misfit_words
from gloed.analysis.definitions import Definition, caveats_of, formula_of, left_out
from gloed.analysis.explorer.asked import WHICH, ExploreAsked, Versus, Which
from gloed.analysis.explorer.counting import Refused, Unmet
from gloed.analysis.explorer.report import ExploreReport
from gloed.analysis.measures import Kind, Measure, bands_of
from gloed.analysis.scores import ALPHA
from gloed.surveys.rules import Band

UNMET = {
    Unmet.NO_SHARE: gettext_lazy(
        "A mean has no base in which somebody without an answer could stand."
    ),
    Unmet.BAND: gettext_lazy("Who did not answer gave no rating to choose by."),
    Unmet.TEAMS: gettext_lazy("Who was asked is not known by team, and you see your own teams."),
    Unmet.COLUMN: gettext_lazy("Of those who did not answer, %(column)s is not known."),
    Unmet.NOT_ASKED: gettext_lazy(
        "These answers came in without invitations, so nobody knows who did not answer."
    ),
    Unmet.BOTH: gettext_lazy(
        "Weights already let the answers stand for everybody; those who did not answer would "
        "count twice."
    ),
    Unmet.NO_STRATUM: gettext_lazy(
        "Of no answer under these filters is known to which segment it belongs."
    ),
}
OF_WEIGHTS = (Unmet.BOTH, Unmet.NO_STRATUM)


@dataclass(frozen=True, slots=True)
class Variant:
    """A way in which other tools count: what it does, and why it is not ours."""

    name: str
    address: str
    formula: str
    why: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that was asked for and does not hold here."""

    title: str
    text: str
    url: str = ""


def notices_of(report: ExploreReport) -> list[Notice]:
    """What of the address was not done, and what the page shows instead."""
    found = [_notice(one, report) for one in report.refused]
    if report.is_past_unweighted:
        text = _("Too little of the time before is known to weight it by the same table.")
        found.append(Notice(_("Not compared with the time before"), text))
    return found


def _notice(refused: Refused, report: ExploreReport) -> Notice:
    if refused.misfit is not None:
        said = misfit_words(refused.misfit, dict(report.names))
        return Notice(_("Every answer counts the same here"), said, reverse("coverage:tables"))
    column = words.column_label(refused.column).lower() if refused.column else ""
    said = str(UNMET[refused.why]) % {"column": column}
    if refused.why in OF_WEIGHTS:
        return Notice(_("Not weighted"), said)
    shown = _("What you see counts answers only.")
    return Notice(_("Not counted over everybody who was asked"), f"{said} {shown}")


def base_words(report: ExploreReport) -> str:
    """What a score rests on besides its answers, in a few words."""
    if report.estimate is None:
        return ""
    if report.which is Which.ASKED:
        text = ngettext(
            "%(n)s without an answer in the base", "%(n)s without an answer in the base",
            report.silent,
        )  # fmt: skip
        return text % {"n": words.number(report.silent)}
    if report.weights is not None:
        worth = report.estimate.effective_n or report.estimate.n
        return _("weighted, worth %(n)s") % {"n": words.number(worth)}
    return ""


def caveats(report: ExploreReport) -> list[str]:
    """What to know before reading the score."""
    if report.measure is None or report.counted is None:
        return []
    found = caveats_of(report.estimate, report.counted, report.measure)
    weights = report.weights
    if weights is not None:
        by = listed([words.column_label(column).lower() for column in weights.columns])
        found.append(
            _("One weight for each segment of your people by %(by)s, over the whole period: a "
              "group or month holds the mix of those who answered in it.") % {"by": by}
        )  # fmt: skip
        if weights.shift is not None:
            shift = words.change(weights.shift, report.measure.kind)
            found.append(
                _("The largest weights were capped; that moved the score by %(shift)s.")
                % {"shift": shift}
            )
    if report.unknown:
        text = ngettext(
            "%(n)s answer of which the segment is not known stays out.",
            "%(n)s answers of which the segment is not known stay out.",
            report.unknown,
        )
        found.append(text % {"n": words.number(report.unknown)})
    return found


def goal_words(report: ExploreReport) -> str:
    """How the whole stands against the goal it is held against."""
    goal, change, measure = report.goal, report.change, report.measure
    if goal is None or change is None or measure is None:
        return ""
    facts = {
        "goal": words.score(goal.value, measure.kind),
        "name": goal.name,
        "change": interval_of(change, measure.kind),
    }
    if report.change_p is None or report.change_p >= ALPHA:
        return _("Cannot be told from the goal of %(goal)s, “%(name)s”: %(change)s.") % facts
    if change.value > 0:
        return _("Clearly above the goal of %(goal)s, “%(name)s”: %(change)s.") % facts
    return _("Clearly below the goal of %(goal)s, “%(name)s”: %(change)s.") % facts


def goal_filters(report: ExploreReport) -> str:
    """Which answers a goal is about, where those are not the ones on the page."""
    goal = report.goal
    if goal is None or dict(goal.filters) == dict(report.asked.filters):
        return ""
    named = dict(report.names)
    parts = [
        f"{words.column_label(column)}: {words.value_label(column, value, named)}"
        for column, value in goal.filters
    ]
    if not parts:
        return _("The goal was set for all answers; here it is held against a part of them.")
    facts = {"filters": ", ".join(parts)}
    return _("The goal was set for %(filters)s; here it is held against other answers.") % facts


def variants_of(report: ExploreReport) -> list[Variant]:
    """The ways in which well-known older tools count, beside ours."""
    measure, asked = report.measure, report.asked
    if measure is None:
        return []
    latest = Variant(
        str(WHICH[Which.LATEST]),
        asked.address(which=Which.LATEST.value),
        formula_in(measure, Which.LATEST),
        _("Every answer says what somebody thought then. With the latest alone, the past changes "
          "each time somebody answers again."),
        report.which is Which.LATEST,
    )  # fmt: skip
    over_asked = Variant(
        str(WHICH[Which.ASKED]),
        asked.address(which=Which.ASKED.value, weighted=""),
        formula_in(measure, Which.ASKED),
        _("Saying nothing is not an opinion. In the base, the silent pull every score towards 0, "
          "most of all just after invitations went out."),
        report.which is Which.ASKED,
    )  # fmt: skip
    return [latest, over_asked] if measure.kind is not Kind.MEAN else [latest]


def formula_in(measure: Measure, which: Which) -> str:
    """How the score is computed in one of the ways to count, in a line."""
    if which is Which.LATEST:
        return _("%(formula)s, of each person the latest") % {"formula": formula_of(measure)}
    if which is not Which.ASKED:
        return formula_of(measure)
    if measure.kind is Kind.POINTS:
        return _(
            "100 × (ratings 9 and 10 − ratings 0 to 6) / (all ratings + asked without an answer)"
        )
    bands = bands_of(measure.metric, measure.scale)
    good = ", ".join(str(rating) for rating, band in bands.items() if band is Band.PROMOTER)
    return _("ratings %(good)s / (all ratings + asked without an answer)") % {"good": good}


def definition_of(report: ExploreReport, filters: list[str]) -> Definition:
    """What exactly was counted, for the definition card."""
    asked = report.asked
    rows = [
        (_("Answers of"), report.subject.label),
        (_("Period"), words.window_words(asked.window.start, asked.window.end)),
        (_("Which answers"), str(WHICH[report.which])),
        *_way(report),
        (_("Filters"), ", ".join(filters) or _("none")),
    ]
    if report.counted is not None:
        out = left_out(report.counted, report.subject.surveys, asked.window)
        rows.append((_("Left out"), out))
    rows += [(_("Compared with"), _side(asked)), (_("Interval"), _interval(report))]
    if report.comparisons:
        looks = {"n": words.number(report.comparisons)}
        text = _("p-values corrected for all %(n)s looks on this page (Benjamini-Hochberg)") % looks
        rows.append((_("Groups"), text))
    if report.cut_off is not None:
        rows.append((_("Data up to"), words.moment(report.cut_off)))
    formula = formula_in(report.measure, report.which) if report.measure else ""
    return Definition(rows, formula)


def _way(report: ExploreReport) -> list[tuple[str, str]]:
    """How it was counted, where that is not our own way."""
    found = []
    if report.which is Which.LATEST:
        text = _("the latest rating within the selection, and within each period over time; "
                 "whoever is not known counts each time")  # fmt: skip
        found.append((_("Latest"), text))
    if report.which is Which.ASKED:
        text = _("invitations sent in this period and not known to have missed their person, "
                 "without an answer: in the base, and worth nothing to the score")  # fmt: skip
        found.append((_("Asked"), text))
    found += [(_("Why not usual"), one.why) for one in variants_of(report) if one.is_present]
    if report.weights is not None and report.estimate is not None:
        by = listed([words.column_label(column).lower() for column in report.weights.columns])
        facts = {
            "by": by,
            "worth": words.number(report.estimate.effective_n or report.estimate.n),
        }
        text = _("to the table of your people by %(by)s; worth %(worth)s answers of equal weight")
        found.append((_("Weighted"), text % facts))
    return found


def _side(asked: ExploreAsked) -> str:
    if asked.versus is Versus.GOAL:
        return _("the goal, as a fixed level")
    if asked.versus is Versus.BEFORE:
        return _("the time of the same length before; each month with everybody else in it")
    return _("everybody else, without the group itself")


def _interval(report: ExploreReport) -> str:
    if report.weights is not None:
        return _("95%, multinomial score interval on the effective base")
    return _("95%, multinomial score interval")
