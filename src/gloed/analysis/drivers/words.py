"""What drivers say, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gloed.analysis import words
from gloed.analysis.changes.words import listed
from gloed.analysis.definitions import Definition
from gloed.analysis.drivers.report import DriversReport, Line
from gloed.stats import Estimate, Quadrant

NAMED = 3
QUADRANTS = {
    Quadrant.MEND_FIRST: gettext_lazy("mend first"),
    Quadrant.KEEP_UP: gettext_lazy("keep it up"),
    Quadrant.LOW_PRIORITY: gettext_lazy("can wait"),
    Quadrant.POSSIBLE_EXCESS: gettext_lazy("better than it needs to be"),
    Quadrant.UNCLEAR: gettext_lazy("cannot be placed"),
}


def explained(report: DriversReport) -> str:
    """How much all of them explain together: "31%"."""
    return "" if report.found is None else f"{words.number(100 * report.found.r_squared.value)}%"


def headline(report: DriversReport) -> str:
    """What to mend first, or that this cannot be said."""
    first = [line.words for line in report.lines if line.quadrant is Quadrant.MEND_FIRST]
    if first:
        return _("Mend first: %(names)s") % {"names": _some(first)}
    if can_be_ordered(report):
        top = report.lines[0]
        return _("Goes most with the score: %(name)s") % {"name": top.words}
    return _("These drivers cannot be put in order")


def can_be_ordered(report: DriversReport) -> bool:
    """Whether the first place is certain: no other driver's places reach it."""
    if len(report.lines) < 2:
        return False
    ranks = [line.driver.rank for line in report.lines]
    return ranks[0].worst == 1 or all(rank.best > ranks[0].worst for rank in ranks[1:])


def order_says(report: DriversReport) -> str:
    """The first of them with its share, or that there is no first."""
    if not can_be_ordered(report):
        return _("Their places overlap, so nothing says which of them counts most.")
    first = report.lines[0]
    facts = {"name": first.words, "share": importance(first.driver.importance)}
    return _("%(name)s goes most with the score: %(share)s of the differences.") % facts


def paragraph(report: DriversReport) -> list[str]:
    """What was found, sentence by sentence."""
    if report.found is None or report.measure is None:
        return []
    facts = {
        "share": explained(report),
        "metric": report.measure.label,
        "n": words.number(report.n),
    }
    said = [
        _("Together these explain %(share)s of the differences in the rating behind the "
          "%(metric)s, over %(n)s answers that rate all of them.") % facts
    ]  # fmt: skip
    if not can_be_ordered(report):
        said.append(_("Their places overlap, so nothing says which of them counts most."))
    up = [line.words for line in report.lines if line.driver.slope < 0]
    if up:
        said.append(
            ngettext(
                "Beside the others, who rates this higher rates the whole lower: %(names)s.",
                "Beside the others, who rates these higher rates the whole lower: %(names)s.",
                len(up),
            )
            % {"names": _some(up)}
        )
    return said


def caveats(report: DriversReport) -> list[str]:
    """What a reader must know before believing it."""
    found = []
    doubted = [line.words for line in report.lines if line.is_doubted]
    if doubted:
        found.append(
            _("Reckoned by groups instead of ratings, %(names)s points the other way: do not "
              "build on it.") % {"names": _some(doubted)}
        )  # fmt: skip
    if report.lines and not report.is_checked:
        found.append(_("The check by groups could not be made with these answers."))
    for first, second in report.merged:
        found.append(
            _("%(first)s and %(second)s are rated so much alike that they count as one.")
            % {"first": first, "second": second}
        )
    if report.constant:
        found.append(
            _("Left out, because everybody gave the same rating: %(names)s.")
            % {"names": _some(list(report.constant))}
        )
    if report.sampled:
        found.append(
            _("Reckoned on %(some)s answers drawn by chance from these %(all)s.")
            % {"some": words.number(report.sampled), "all": words.number(report.n)}
        )
    return found


def too_few(report: DriversReport) -> str:
    """Why nothing is told: how many there are, and how many it takes."""
    text = _(
        "%(needed)s answers that rate all of these questions are needed, and 10 for each; "
        "there are %(n)s. With fewer, chance decides which comes first."
    )
    return text % {"n": words.number(report.n), "needed": words.number(report.needed)}


def place(line: Line, count: int) -> str:
    """The places a driver can have: "place 1 to 3 of 5"."""
    rank = line.driver.rank
    facts = {"best": rank.best, "worst": rank.worst, "count": count}
    if rank.best == rank.worst:
        return _("place %(best)d of %(count)d") % facts
    return _("place %(best)d to %(worst)d of %(count)d") % facts


def importance(estimate: Estimate) -> str:
    """A share of the differences with its interval: "12% (9% to 15%)"."""
    if estimate.low is None or estimate.high is None:
        return f"{words.number(estimate.value)}%"
    facts = {
        "value": f"{words.number(estimate.value)}%",
        "low": f"{words.number(estimate.low)}%",
        "high": f"{words.number(estimate.high)}%",
    }
    return _("%(value)s (%(low)s to %(high)s)") % facts


def performance(estimate: Estimate) -> str:
    """How a driver is rated, from 0 to 100, with its interval."""
    facts = {
        "value": words.number(estimate.value),
        "low": words.number(estimate.low or 0),
        "high": words.number(estimate.high or 0),
    }
    return _("%(value)s (%(low)s to %(high)s)") % facts


def definition_of(report: DriversReport, filters: list[str]) -> Definition:
    """What exactly was reckoned, for the definition card."""
    asked = report.ground.asked
    rows = [
        (_("Answers of"), report.ground.subject.label),
        (_("Period"), words.window_words(asked.window.start, asked.window.end)),
        (_("Filters"), ", ".join(filters) or _("none")),
        (_("Importance"), _("share of R², averaged over every order of the questions (LMG)")),
        (_("Interval"), _("1,000 draws of the answers, 95%%, of shares and of places") % {}),
        (_("Rated"), _("the mean from 0, the worst end of its scale, to 100, the best")),
        (_("Named only if"), _("both intervals lie clear of the middle lines")),
    ]
    if report.ground.cut_off is not None:
        rows.append((_("Data up to"), words.moment(report.ground.cut_off)))
    return Definition(rows, "")


def _some(names: list[str]) -> str:
    more = [_("%(n)s more") % {"n": len(names) - NAMED}] if len(names) > NAMED else []
    return listed(names[:NAMED] + more)
