"""What is known and unknown of the silent, in sentences."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gloed.analysis import words
from gloed.analysis.changes.words import listed
from gloed.analysis.coverage.report import CoverageReport, SegmentRow
from gloed.analysis.coverage.rules import CAP, Bad, BadTable, Misfit, Unfit
from gloed.analysis.definitions import Definition, formula_of
from gloed.analysis.measures import Kind

NAMED = 3

BAD = {
    Bad.ONE_COLUMN: gettext_lazy(
        "The file has one column. It needs two: the segment and its number of people."
    ),
    Bad.NO_NUMBERS: gettext_lazy("No column of the file holds numbers of people."),
    Bad.BAD_NUMBER: gettext_lazy(
        "Line %(line)s has no number of people above 0: “%(found)s” stands there."
    ),
    Bad.NO_NAME: gettext_lazy("Line %(line)s names no segment."),
    Bad.TWICE: gettext_lazy("Line %(line)s names a segment for the second time: “%(found)s”."),
    Bad.ONE_SEGMENT: gettext_lazy("The file holds one segment; weights need two or more."),
    Bad.TOO_MANY: gettext_lazy("The file holds %(found)s segments; at most 100 can be weighted."),
}


def bad_words(bad: BadTable) -> str:
    """Why a table cannot be used, and where."""
    return str(BAD[bad.why]) % {"line": bad.line, "found": bad.found}


def headline(report: CoverageReport) -> str:
    """The shortest honest thing to say of who answered."""
    if report.rate is None:
        return _("How many were asked is not known")
    rate = words.score(report.rate, Kind.SHARE)
    return _("%(rate)s of the invitations were answered") % {"rate": rate}


def silent_words(report: CoverageReport) -> list[str]:
    """What the silent could do to the score, sentence by sentence."""
    measure, bounds = report.measure, report.bounds
    if measure is None or report.estimate is None:
        return []
    if bounds is None or bounds.low is None or bounds.high is None:
        return [
            _("These answers came in without invitations, so nobody knows who kept silent. What "
              "is told here holds for those who answered.")
        ]  # fmt: skip
    kind = measure.kind
    facts = {
        "silent": words.number(report.silent),
        "asked": words.number(report.asked),
        "low": words.score(bounds.low, kind),
        "high": words.score(bounds.high, kind),
        "even": words.score(measure.value_of(0), kind),
        "tipping": words.score(report.tipping, kind) if report.tipping is not None else "",
    }
    said = [
        ngettext("%(silent)s of %(asked)s invitations stayed unanswered. Whatever the silent "
                 "think, the score of everybody lies between %(low)s and %(high)s; nothing "
                 "narrower is certain.",
                 "%(silent)s of %(asked)s invitations stayed unanswered. Whatever the silent "
                 "think, the score of everybody lies between %(low)s and %(high)s; nothing "
                 "narrower is certain.", report.silent) % facts
    ]  # fmt: skip
    if not report.silent:
        return [_("Everybody who was asked answered: there is nobody left to change the score.")]
    if report.tipping is None:
        said.append(_("Nothing they think could bring everybody’s score to %(even)s.") % facts)
    else:
        said.append(
            _("If their own score were %(tipping)s, everybody’s would be %(even)s.") % facts
        )
    return said


def weights_words(report: CoverageReport, names: dict[str, str]) -> list[str]:
    """What weighting did, or why there is none."""
    measure, weights, score = report.measure, report.weighed.weights, report.weighted
    if measure is None:
        return []
    if weights is None or score is None:
        return [misfit_words(report.weighed.misfit, names)] if report.weighed.misfit else []
    by = listed([words.column_label(column).lower() for column in weights.columns])
    facts = {
        "by": by,
        "n": words.number(weights.known),
        "worth": words.number(score.effective_n or weights.effective_n),
    }
    said = [
        _("Weighted to your people by %(by)s: %(n)s answers, worth %(worth)s when everybody "
          "counts unequally.") % facts
    ]  # fmt: skip
    if weights.shift is not None:
        said.append(
            _("No answer counts for more than %(cap)d times the mean; that moved the score by "
              "%(shift)s.")
            % {"cap": CAP, "shift": words.change(weights.shift, measure.kind)}
        )  # fmt: skip
    if weights.unknown:
        text = ngettext(
            "%(n)s answer of which this is not known stays out.",
            "%(n)s answers of which this is not known stay out.",
            weights.unknown,
        )
        said.append(text % {"n": words.number(weights.unknown)})
    said.append(
        _("Weights repair only what the table explains: within a segment the silent are taken "
          "to think as those who answered.")
    )  # fmt: skip
    return said


def misfit_words(misfit: Misfit, names: dict[str, str]) -> str:
    """Why answers cannot be weighted, and what to do."""
    values = [words.value_label(misfit.column, value, names) for value in misfit.values]
    more = [_("%(n)s more") % {"n": len(values) - NAMED}] if len(values) > NAMED else []
    facts = {
        "names": listed(values[:NAMED] + more),
        "column": words.column_label(misfit.column).lower() if misfit.column else "",
    }
    texts = {
        Unfit.NO_TABLE: _("Without a table of how many people there are in each segment, every "
                          "answer counts the same."),
        Unfit.NO_ANSWERS: _("Of no answer here is known to which segment it belongs."),
        Unfit.EMPTY: _("Not weighted: nobody answered from %(names)s, which your table by "
                       "%(column)s names. Choose a longer period, or put it together with another "
                       "segment in the file."),
        Unfit.NO_TARGET: _("Not weighted: there are answers from %(names)s, which your table by "
                           "%(column)s does not name. Add it to the file."),
        Unfit.TOGETHER: _("Not weighted: the tables cannot be met together by these answers. Take "
                          "one of them away, or choose a longer period."),
    }  # fmt: skip
    return texts[misfit.why] % facts


def segment_words(report: CoverageReport, names: dict[str, str]) -> str:
    """Who answers most and least often."""
    shown = [row.reached for row in report.segments if row.reached is not None]
    known = sorted((one for one in shown if one.asked), key=lambda one: -one.rate)
    if len(known) < 2:
        return ""
    facts = {
        "most": words.value_label(report.by, known[0].value, names),
        "least": words.value_label(report.by, known[-1].value, names),
        "high": words.score(known[0].rate, Kind.SHARE),
        "low": words.score(known[-1].rate, Kind.SHARE),
    }
    if facts["high"] == facts["low"]:
        return _("Every segment answers about as often (%(high)s).") % facts
    return _("%(most)s answers most often (%(high)s), %(least)s least often (%(low)s).") % facts


def name_of(report: CoverageReport, row: SegmentRow, column: str) -> str:
    """How a segment is called."""
    return words.value_label(column, row.value, dict(report.ground.names))


def definition_of(report: CoverageReport) -> Definition:
    """What exactly was counted, for the definition card."""
    asked = report.ground.asked
    rows = [
        (_("Answers of"), report.ground.subject.label),
        (_("Period"), words.window_words(asked.window.start, asked.window.end)),
        (
            _("Asked"),
            _("invitations sent in this period and not known to have missed their person (AAPOR, "
              "response rate 2)"),
        ),
        (_("Bounds"), _("no assumption at all about the silent (Manski)")),
        (_("Interval"), _("95%%, multinomial score interval") % {}),
    ]  # fmt: skip
    if report.ground.cut_off is not None:
        rows.append((_("Data up to"), words.moment(report.ground.cut_off)))
    return Definition(rows, formula_of(report.measure) if report.measure else "")
