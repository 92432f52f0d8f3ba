"""What was fixed and what was found, in words. Without comparison nothing is called an effect."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.effects.models import Judgement, Prediction
from gloed.analysis.effects.queries import plan_of
from gloed.analysis.effects.results import Kept, read_result
from gloed.analysis.effects.rules import Design, Verdict, Why
from gloed.analysis.effects.trials import shown_unit
from gloed.analysis.measures import Kind
from gloed.stats import Estimate

SHOWN = 6
"""So many groups are named; of more the number is told."""


def verdict_words(verdict: str) -> str:
    """The answer to "did it help?"."""
    return {
        Verdict.LIKELY: _("It likely helped."),
        Verdict.CANNOT_TELL: _("We cannot tell whether it helped."),
        Verdict.LIKELY_NOT: _("It likely did not help."),
    }[Verdict(verdict)]


def why_words(judgement: Judgement) -> str:
    """What the verdict rests on, in a sentence."""
    least = amount(judgement.prediction.minimum, judgement.kind)
    return {
        Why.ABOVE_ZERO: _("The whole interval lies above zero."),
        Why.SMALL: _("But surely less than the %(least)s that were worth it.") % {"least": least},
        Why.BELOW_MINIMUM: _("Surely less than the %(least)s that were worth it.")
        % {"least": least},
        Why.BELOW_ZERO: _("Where it was done, it went down against the others."),
        Why.OPEN: _("The interval holds nothing at all as well as what was worth it."),
        Why.RETURN: _("A group picked because it is low comes back by itself about as far."),
        Why.DIVERGING: _(
            "Both sides moved apart before the start already, so their difference says nothing."
        ),
        Why.NO_HISTORY: _("Both sides need answers in three periods before the start."),
        Why.FEW_TEAMS: _("With fewer than four teams on a side, one team’s luck weighs too much."),
        Why.NO_COMPARISON: _(
            "There is no comparison group: the change cannot be attributed to what was done."
        ),
        Why.TOO_FEW: _("Too few people answered before or after."),
    }[Why(judgement.why)]


def effect_words(judgement: Judgement) -> str:
    """The figure with its interval, and what it is: an effect only where there is a comparison."""
    found = kept_of(judgement)
    if found.effect is not None:
        figure = figure_words(found.effect, judgement.kind)
        return _("Against those who did not get it: %(figure)s.") % {"figure": figure}
    if found.change is not None:
        figure = figure_words(found.change, judgement.kind)
        return _("Change since the start: %(figure)s.") % {"figure": figure}
    return ""


def lines(judgement: Judgement) -> list[tuple[str, str]]:
    """What stands beside the verdict: change, return to the mean, mix, and how it was before."""
    found = kept_of(judgement)
    told = []
    if found.change is not None:
        told.append((_("Where it was done"), figure_words(found.change, judgement.kind)))
    told.append((_("Would have come back by itself"), _returned(found, judgement.kind)))
    mix = figure_words(found.mix, judgement.kind) if found.mix else _("no second way of asking")
    told.append((_("By another mix of channels"), mix))
    if found.effect is None:
        told.append((_("Because of it"), why_words(judgement)))
    elif found.trend is not None:
        figure = figure_words(found.trend, judgement.kind)
        told.append((_("Moved apart before the start"), figure))
    if found.rank is not None:
        told.append((_("Teams that moved as far"), words.score(found.rank, Kind.SHARE)))
    return told


def _returned(found: Kept, kind: str) -> str:
    back = found.expected_change if found.effect is None else found.returns
    if back is None:
        return _("cannot be told from one group")
    return _("about %(points)s") % {"points": change_words(back, kind)}


def kept_of(judgement: Judgement) -> Kept:
    """What was found, in the unit of the score."""
    return read_result(judgement.result, unit=judgement.unit)


def change_words(value: float, kind: str) -> str:
    """A difference with its sign and unit: "+5 points", "−3 percentage points", "+0.4"."""
    text = words.change(value, Kind(kind))
    if kind == Kind.MEAN:
        return text
    return _in_unit(text, kind)


def figure_words(estimate: Estimate, kind: str) -> str:
    """A difference with its interval and base: "+11 points (4 to 18), 1,204 answers"."""
    text = change_words(estimate.value, kind)
    if estimate.low is not None and estimate.high is not None:
        ends = {
            "low": words.change(estimate.low, Kind(kind)),
            "high": words.change(estimate.high, Kind(kind)),
        }
        text += f" ({_('%(low)s to %(high)s') % ends})"
    return f"{text}, {words.answers(estimate.n)}"


def amount(minimum: float, kind: str) -> str:
    """A minimum in its unit, without sign: "5 points"."""
    text = words.number(minimum, 0 if float(minimum).is_integer() else 1)
    if kind == Kind.MEAN:
        return _("%(n)s on the scale") % {"n": text}
    return _in_unit(text, kind)


def _in_unit(text: str, kind: str) -> str:
    one = 1 if text.strip("+−") == "1" else 2  # of what is read: 1.4 is plural
    if kind == Kind.SHARE:
        return ngettext("%(n)s percentage point", "%(n)s percentage points", one) % {"n": text}
    return ngettext("%(n)s point", "%(n)s points", one) % {"n": text}


def design_words(prediction: Prediction, names: Mapping[str, str]) -> str:
    """With whom it is compared."""
    column = words.column_label(prediction.column) if prediction.column else ""
    first = _group_words(prediction.column, prediction.treated, names)
    others = _group_words(prediction.column, prediction.control, names)
    if prediction.design == Design.NONE:
        return _("Everybody gets it at once: nobody to compare with.")
    if prediction.design == Design.ROLLOUT:
        facts = {"column": column, "first": first, "others": others}
        return _("Drawn by lot, by %(column)s: first %(first)s; later %(others)s.") % facts
    facts = {"column": column, "first": first, "others": others}
    return _("By %(column)s: %(first)s get it, compared with %(others)s.") % facts


def period_words(prediction: Prediction) -> str:
    """Which days count."""
    plan = plan_of(prediction)
    return _("%(before)s against %(after)s") % {
        "before": words.window_words(plan.before.start, plan.before.end),
        "after": words.window_words(plan.after.start, plan.after.end),
    }


def volume_words(volume: Mapping[str, object], *, minimum: float, kind: str) -> str:
    """Whether the volume can show it, and by when."""
    least = volume.get("detectable")
    if least is None:
        return _("There were no answers on both sides lately: this cannot show anything.")
    facts = {
        "least": amount(float(f"{least:.2g}"), kind),
        "minimum": amount(minimum, kind),
        "weeks": volume.get("weeks"),
    }
    if volume.get("can_show"):
        told = _(
            "This can show %(minimum)s: changes from about %(least)s on are seen nine times of ten."
        )
        return told % facts
    if facts["weeks"] is None:
        told = _(
            "This cannot show %(minimum)s within two years, only changes from about %(least)s on. "
            "Let more groups take part, or look for something larger."
        )
        return told % facts
    told = ngettext(
        "This shows changes from about %(least)s on. For %(minimum)s it takes %(weeks)s week.",
        "This shows changes from about %(least)s on. For %(minimum)s it takes %(weeks)s weeks.",
        int(str(facts["weeks"])),
    )
    return told % facts


def _group_words(column: str, groups: list[str], names: Mapping[str, str]) -> str:
    if len(groups) > SHOWN:
        return ngettext("%(n)s group", "%(n)s groups", len(groups)) % {"n": len(groups)}
    known = dict(names)
    return ", ".join(words.value_label(column, group or None, known) for group in groups)


def minimum_kind(prediction: Prediction) -> str:
    """How a minimum of this prediction is read."""
    return str(prediction.volume.get("kind", Kind.POINTS.value))


def in_unit(points: float, *, unit: float, kind: str) -> float:
    """Points of three classes in the unit of a minimum."""
    return points * unit / shown_unit(Kind(kind))
