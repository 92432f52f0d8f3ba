"""What is said of passives, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gloed.analysis import words
from gloed.analysis.measures import Kind
from gloed.analysis.passives.moving import Movement
from gloed.analysis.passives.operations import (
    CONTACT,
    ENDED,
    LAID_BACK,
    OFFERED,
    REOPENED,
    TAKEN,
)
from gloed.analysis.passives.report import AfterOffer, Report

LINES = {
    TAKEN: (gettext_lazy("took it up"), "hand"),
    LAID_BACK: (gettext_lazy("laid it back"), "undo-2"),
    CONTACT: (gettext_lazy("spoke with them"), "message-circle"),
    OFFERED: (gettext_lazy("gave an offer or a perk"), "gift"),
    ENDED: (gettext_lazy("ended it"), "circle-check"),
    REOPENED: (gettext_lazy("took it up again"), "rotate-ccw"),
}


def headline(report: Report) -> str:
    """Where the strongest liftable barrier stands, in a line; empty where none is known."""
    first = report.barriers.lines[0] if report.barriers.lines else None
    if first is None:
        return ""
    if first.judged.lift == "ours":
        return _("The strongest barrier you can lift: %(name)s") % {"name": first.label}
    if first.judged.lift == "unjudged":
        return _("First to judge: can you lift “%(name)s”?") % {"name": first.label}
    return _("What holds passives back is judged not to be yours to lift")


def base(report: Report) -> str:
    """How many passives there are, and how many of them said something."""
    facts = {"n": words.number(report.passives), "worded": words.number(report.barriers.worded)}
    return (
        ngettext(
            "%(n)s answer in this period is a passive’s (7 or 8); in %(worded)s something was "
            "written.",
            "%(n)s answers in this period are passives’ (7 or 8); in %(worded)s something was "
            "written.",
            report.passives,
        )
        % facts
    )


def moved(movement: Movement) -> list[str]:
    """Where passives went, beside the drift alone."""
    if movement.passives is None:
        return []
    facts = {
        "n": words.number(movement.passives.n),
        "up": f"{words.number(100 * movement.passives.to_promoters.value)}%",
        "down": f"{words.number(100 * movement.passives.to_detractors.value)}%",
    }
    said = [
        ngettext(
            "Of %(n)s passive who answered again, %(up)s became a promoter and %(down)s a "
            "detractor.",
            "Of %(n)s passives who answered again, %(up)s became promoters and %(down)s "
            "detractors.",
            movement.passives.n,
        )
        % facts
    ]
    if movement.drift is None:
        said.append(
            _(
                "Too few people answered twice to tell how far second answers drift by "
                "themselves. So nothing is said about a cause."
            )
        )
        return said
    drift = {
        "expected": words.score(movement.drift.expected, Kind.POINTS),
        "now": words.interval(movement.drift.now, Kind.POINTS),
    }
    said.append(
        _(
            "A second answer drifts to what is usual, with nothing done. By that alone these "
            "passives would stand at %(expected)s points by now; they stand at %(now)s."
        )
        % drift
    )
    said.append(
        {
            "more": _("That is higher than the drift explains. It does not say what did it."),
            "less": _("That is lower than the drift explains. It does not say what did it."),
            "same": _("The drift alone can explain that: it is no sign that anything worked."),
        }[movement.drift.verdict]
    )
    return said


def after_offer(found: AfterOffer, days: int) -> list[str]:
    """How many answers came soon after an offer, and what the score is without them."""
    facts = {
        "n": words.number(found.number),
        "days": words.number(days),
        "score": words.interval(found.score, Kind.POINTS),
    }
    said = [
        ngettext(
            "%(n)s answer was given within %(days)s days after an offer or a perk. It counts.",
            "%(n)s answers were given within %(days)s days after an offer or a perk. They count.",
            found.number,
        )
        % facts
    ]
    if found.without is not None:
        said.append(
            _("With them the NPS is %(score)s, without them %(without)s.")
            % {**facts, "without": words.interval(found.without, Kind.POINTS)}
        )
    return said


def line_words(kind: str) -> tuple[str, str]:
    """A line of the story in words, and its icon."""
    said, icon = LINES.get(kind, (kind, "dot"))
    return str(said), icon
