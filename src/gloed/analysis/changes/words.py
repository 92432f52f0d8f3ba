"""What changed, said plainly: the verdict first, then where, then what to be careful about."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.changes import rules
from gloed.analysis.changes.focus import Focus
from gloed.analysis.changes.report import ChangeReport, Verdict
from gloed.analysis.changes.rules import Value
from gloed.analysis.definitions import Definition, formula_of
from gloed.analysis.measures import Kind
from gloed.analysis.queries import Window
from gloed.stats import Estimate
from gloed.stats.estimate import SMALL_BASE

MOST_NAMED = 3


def headline(report: ChangeReport) -> str:
    """The verdict in a few words."""
    change = report.change.value if report.change else 0.0
    if report.verdict is Verdict.NOTHING:
        return _("Nothing you should act on")
    if report.verdict is Verdict.UNDERNEATH:
        return _("The whole stands still, a part of it moved")
    if report.verdict is Verdict.SOME:
        return _("Keep an eye on it: a group moved, the whole not clearly")
    if report.verdict is Verdict.MIX:
        return _("Other people answered; they did not answer otherwise")
    if report.verdict is Verdict.PLACE:
        return _("It rose, and it sits in one place") if change > 0 else _(
            "It fell, and it sits in one place"
        )  # fmt: skip
    if report.verdict is Verdict.EVERYWHERE:
        return _("It rose, about alike everywhere") if change > 0 else _(
            "It fell, about alike everywhere"
        )  # fmt: skip
    return ""


def paragraph(report: ChangeReport) -> list[str]:
    """The change in plain sentences, the most important first; empty where nothing can be said."""
    if report.measure is None or report.change is None:
        return []
    said = [_total(report)]
    if report.focus is not None:
        said += _place(report, report.focus)
    elif report.verdict is Verdict.EVERYWHERE:
        said.append(_("No group can be told from the others: look for what touched everybody."))
    elif report.verdict is Verdict.SOME:
        said.append(_some(report))
    said += _mix(report)
    said += [*_breaks(report), *_shifts(report), *_vanished(report)]
    if report.focus is not None:
        said.append(_("Where it sits is not yet why: look for what happened to these people then."))
    if report.verdict is Verdict.NOTHING and not report.breaks:
        said.append(
            _("With these numbers, a real change larger than %(reach)s would have shown.")
            % {"reach": _points(_reach(report.change), report)}
        )
    return said


def group_words(report: ChangeReport, focus: Focus) -> str:
    """The groups in which a change sits: "contract Variabel, region Oost and Zuid"."""
    named = dict(report.names)
    first = focus.columns[0]
    if not focus.is_two:
        values = [words.value_label(first, key[0], named) for key in focus.keys]
        return f"{_label(first)} {listed(values)}"
    everywhere = [segment.key for segment in focus.table.segments]
    ways = [
        (focus.columns, rules.grouped(focus.keys, everywhere)),
        (
            focus.columns[::-1],
            rules.grouped([k[::-1] for k in focus.keys], [k[::-1] for k in everywhere]),
        ),
    ]
    columns, groups = min(ways, key=lambda way: len(way[1]))
    return _("; ").join(_group(columns, value, others, named) for value, others in groups)


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def interval_of(change: Estimate, kind: Kind, *, detail: bool = False) -> str:
    """A difference with its interval: "−16 (−23 to −9)"."""
    value = words.change(change.value, kind, detail=detail)
    if change.low is None or change.high is None:
        return value
    low, high = (words.change(end, kind, detail=detail) for end in (change.low, change.high))
    return f"{value} ({_('%(low)s to %(high)s') % {'low': low, 'high': high}})"


def told_apart(before: Estimate, after: Estimate, change: Estimate, kind: Kind) -> dict[str, str]:
    """Two scores and their difference as read; a decimal more where rounding contradicts them."""
    detail = words.contradict(before.value, after.value, change.value, kind)
    return {
        "before": words.score(before.value, kind, detail=detail),
        "after": words.score(after.value, kind, detail=detail),
        "change": interval_of(change, kind, detail=detail),
    }


def periods(report: ChangeReport) -> tuple[str, str]:
    """The period before and the one after, in words."""
    return _window(report.asked.past), _window(report.asked.window)


def definition_of(report: ChangeReport, filters: Sequence[str]) -> Definition:
    """What exactly was compared, for the definition card."""
    before, after = periods(report)
    rows = [
        (_("Answers of"), report.subject.label),
        (_("Before"), before),
        (_("After"), after),
        (_("Which answers"), _("every answer; who answered twice counts twice")),
        (_("Filters"), ", ".join(filters) or _("none")),
        (_("Interval of the change"), _("95%, from the score interval of both periods (MOVER)")),
        (_("Mix and answers"), _("Kitagawa’s decomposition; interval by parametric bootstrap")),
        (
            _("Groups"),
            _("p-values corrected for all %(n)s looks on this page (Benjamini-Hochberg)")
            % {"n": words.number(report.comparisons)},
        ),
    ]
    if report.cut_off is not None:
        rows.append((_("Data up to"), words.moment(report.cut_off)))
    return Definition(rows, formula_of(report.measure) if report.measure else "")


def caveats(report: ChangeReport) -> list[str]:
    """What to doubt besides the numbers."""
    found = []
    if report.measure and min(report.n) < SMALL_BASE:
        found.append(_("Few answers in one of the periods: read the intervals, not the numbers."))
    if report.other_scales:
        found.append(
            ngettext(
                "%(n)s answer on another scale is left out.",
                "%(n)s answers on another scale are left out.",
                report.other_scales,
            )
            % {"n": words.number(report.other_scales)}
        )
    return found


def _total(report: ChangeReport) -> str:
    measure, change = report.measure, report.change
    if measure is None or change is None or report.before is None or report.after is None:
        return ""
    told = told_apart(report.before, report.after, change, measure.kind)
    facts = {"score": measure.label, **told}
    if not report.is_clear and told["before"] == told["after"]:
        return _("%(score)s was %(before)s and still is; difference %(change)s.") % facts
    if not report.is_clear and change.excludes(0):
        text = _("%(score)s was %(before)s and is %(after)s now; among the %(n)s looks on this "
                 "page a difference of %(change)s can be chance.")  # fmt: skip
        return text % {**facts, "n": words.number(report.comparisons)}
    if not report.is_clear:
        text = _("%(score)s was %(before)s and is %(after)s now; that difference, %(change)s, can "
                 "be chance.")  # fmt: skip
        return text % facts
    if change.value > 0:
        return _("%(score)s rose from %(before)s to %(after)s: %(change)s.") % facts
    return _("%(score)s fell from %(before)s to %(after)s: %(change)s.") % facts


def _place(report: ChangeReport, focus: Focus) -> list[str]:
    measure = report.measure
    if measure is None or focus.change is None or focus.before is None or focus.after is None:
        return []
    told = told_apart(focus.before, focus.after, focus.change, measure.kind)
    facts = {"group": group_words(report, focus), **told}
    said = [_("It sits with %(group)s: from %(before)s to %(after)s, %(change)s.") % facts]
    if focus.rest is not None:
        rest = {"change": interval_of(focus.rest, measure.kind)}
        if focus.rest.excludes(0):
            said.append(_("Among everybody else it moved as well: %(change)s.") % rest)
        else:
            said.append(_("Among everybody else nothing clear happened: %(change)s.") % rest)
    if focus.returns is not None and abs(focus.returns) >= 0.01 * (measure.high - measure.low):
        returns = {"points": words.change(focus.returns, measure.kind)}
        said.append(
            _("Of that, %(points)s was to be expected by itself: the group stood out before.")
            % returns
        )
    return said


def _some(report: ChangeReport) -> str:
    measure, moved = report.measure, []
    for column in report.columns:
        for segment in column.segments:
            if segment.is_clear and segment.change is not None and measure is not None:
                value = words.value_label(column.name, segment.key[0], dict(report.names))
                change = interval_of(segment.change, measure.kind)
                moved.append((segment.p_value, f"{_label(column.name)} {value}, {change}"))
    named = "; ".join(text for _p, text in sorted(moved)[:MOST_NAMED])
    return _("Clearly moved, though not clearly more than the others: %(groups)s.") % {
        "groups": named
    }


def _mix(report: ChangeReport) -> list[str]:
    parts, measure = report.parts, report.measure
    if parts is None or measure is None:
        return []
    facts = {
        "mix": interval_of(parts.mix, measure.kind),
        "rate": interval_of(parts.rate, measure.kind),
        "column": _label(parts.column),
    }
    if report.verdict is Verdict.MIX:
        text = _("The change comes from who answered (by %(column)s): %(mix)s. What they say did "
                 "not clearly change: %(rate)s.")  # fmt: skip
        return [text % facts]
    if parts.mix.excludes(0):
        return [
            _("Of the change, %(mix)s comes from another mix by %(column)s, %(rate)s from what "
              "people say.") % facts
        ]  # fmt: skip
    if report.is_clear:
        return [_("It is not that other people answered (by %(column)s): %(mix)s.") % facts]
    return []


def _breaks(report: ChangeReport) -> list[str]:
    said = []
    for survey, one in report.breaks[:MOST_NAMED]:
        about = "" if report.subject.is_one else f"{survey.title}: "
        said.append(f"{about}{one.says} {_('The change can be that.')}")
    return said


def _shifts(report: ChangeReport) -> list[str]:
    if not report.shifts:
        return []
    named = [
        _("%(channel)s from %(before)s to %(after)s")
        % {
            "channel": words.value_label("channel", shift.value, {}),
            "before": words.score(shift.before, Kind.SHARE),
            "after": words.score(shift.after, Kind.SHARE),
        }
        for shift in report.shifts[:MOST_NAMED]
    ]
    text = _("Answers came in by other ways: %(shifts)s of all answers. People answer otherwise "
             "by another way.")  # fmt: skip
    return [text % {"shifts": listed(named)}]


def _vanished(report: ChangeReport) -> list[str]:
    said = []
    for is_new in (True, False):
        own = [v for v in report.vanished if v.is_new is is_new]
        names = [
            f"{_label(v.column)} {words.value_label(v.column, v.value, dict(report.names))}"
            for v in own[:MOST_NAMED]
        ]
        if len(own) > MOST_NAMED:
            names.append(_("%(n)s more") % {"n": len(own) - MOST_NAMED})
        if names and is_new:
            said.append(_("New in this period: %(names)s.") % {"names": listed(names)})
        elif names:
            said.append(_("No longer there: %(names)s.") % {"names": listed(names)})
    return said


def _group(
    columns: tuple[str, ...], value: Value, others: tuple[Value, ...], names: dict[str, str]
) -> str:
    text = f"{_label(columns[0])} {words.value_label(columns[0], value, names)}"
    if not others:
        return text
    values = listed([words.value_label(columns[1], other, names) for other in others])
    return f"{text}, {_label(columns[1])} {values}"


def _label(column: str) -> str:
    return words.column_label(column).lower()


def _reach(change: Estimate) -> float:
    """The largest change that these numbers could have hidden."""
    return max(abs(change.low or 0.0), abs(change.high or 0.0))


def _points(value: float, report: ChangeReport) -> str:
    kind = report.measure.kind if report.measure else Kind.POINTS
    text = words.change(value, kind).lstrip("+")
    if kind is Kind.MEAN:
        return text
    if kind is Kind.SHARE:
        return ngettext("%(n)s percentage point", "%(n)s percentage points", round(100 * value)) % {
            "n": text
        }
    return ngettext("%(n)s point", "%(n)s points", round(value)) % {"n": text}


def _window(window: Window) -> str:
    return words.window_words(window.start, window.end)
