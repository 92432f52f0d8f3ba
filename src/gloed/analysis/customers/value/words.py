"""Retention and value in sentences; why a file or a row cannot be read."""

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from gloed.analysis import words
from gloed.analysis.customers.value.cells import DayOrder, Mark
from gloed.analysis.customers.value.columns import Flaw, What
from gloed.analysis.customers.value.report import ValueReport
from gloed.analysis.customers.value.rules import Group
from gloed.analysis.customers.value.tables import MOST_ROWS, Why
from gloed.stats import Estimate

YEAR = 365

GROUPS = {
    Group.PROMOTER: gettext_lazy("Promoters"),
    Group.PASSIVE: gettext_lazy("Passives"),
    Group.DETRACTOR: gettext_lazy("Detractors"),
    Group.SILENT: pgettext_lazy("group of customers", "Silent"),
}
WHATS = {
    What.NUMBER: gettext_lazy("Customer number"),
    What.NAME: gettext_lazy("Name of the customer"),
    What.EMAIL: gettext_lazy("E-mail address"),
    What.START: gettext_lazy("Customer since"),
    What.END: gettext_lazy("Left on"),
    What.REVENUE: gettext_lazy("Revenue, last 12 months"),
    What.BEFORE: gettext_lazy("Revenue, the 12 months before"),
    What.ORIGIN: gettext_lazy("How they came"),
}
HINTS = {
    What.NUMBER: gettext_lazy("Finds the person or the firm, and with it the answers."),
    What.EMAIL: gettext_lazy("Finds the person where the number does not."),
    What.END: gettext_lazy("Empty for who is still a customer."),
    What.BEFORE: gettext_lazy("Without it there is no net revenue retention."),
    What.ORIGIN: gettext_lazy("Words such as “recommended” or “marketing”; else not known."),
}
ORDERS = {
    DayOrder.DAY_FIRST: gettext_lazy("day first: 31-12-2025"),
    DayOrder.MONTH_FIRST: gettext_lazy("month first: 12/31/2025"),
}
MARKS = {
    Mark.COMMA: gettext_lazy("comma for decimals: 1.234,50"),
    Mark.POINT: gettext_lazy("point for decimals: 1,234.50"),
}
ORIGINS = {
    "earned": gettext_lazy("recommended"),
    "bought": gettext_lazy("marketing or sales"),
    "": gettext_lazy("not known"),
}
FLAWS = {
    Flaw.NO_START: gettext_lazy("without a first day as a customer: left out"),
    Flaw.BAD_START: gettext_lazy("whose first day cannot be read: left out"),
    Flaw.BAD_END: gettext_lazy("whose last day cannot be read: left out"),
    Flaw.ENDS_FIRST: gettext_lazy("that end before they begin: left out"),
    Flaw.STARTS_LATER: gettext_lazy("that begin after the last day of the file: left out"),
    Flaw.NOBODY: gettext_lazy("without number, name or address: left out"),
    Flaw.BAD_AMOUNT: gettext_lazy("whose amount cannot be read: kept without it"),
}


def why_unreadable(why: Why) -> str:
    """Why a file was not taken in, and what to do."""
    said = {
        Why.EMPTY: _("This file is empty. Nothing was kept."),
        Why.NO_TABLE: _("This is no table. Save it as CSV or Excel and try again."),
        Why.NO_ROWS: _("There are heads, but no customers below them. Nothing was kept."),
        Why.TOO_MANY_ROWS: _(
            "More than %(n)s rows is too much for one file. Leave out who left long ago."
        )
        % {"n": words.number(MOST_ROWS)},
        Why.LOCKED: _("This workbook cannot be opened. Take the password off, or save it as CSV."),
    }
    return said[why]


def money(amount: float | Decimal, currency: str) -> str:
    """An amount as it is read: € 1,235; whole units."""
    sign = {"EUR": "€", "USD": "$", "GBP": "£"}.get(currency, currency)
    return f"{sign}\u00a0{words.number(float(amount))}"


def percent(estimate: Estimate) -> str:
    """A rate with its interval, in percent."""
    value = f"{words.number(estimate.value)}%"
    if estimate.low is None or estimate.high is None:
        return value
    reach = {"low": words.number(estimate.low), "high": f"{words.number(estimate.high)}%"}
    between = _("%(low)s to %(high)s") % reach
    return f"{value} ({between})"


def headline(report: ValueReport) -> str:
    """How many stayed, in a sentence."""
    if report.kept is None:
        return _("A year ago there were no customers in this file")
    return _("Of every hundred customers of a year ago, %(n)s are still there") % {
        "n": words.number(report.kept.retention.value)
    }


def paragraph(report: ValueReport) -> list[str]:
    """Who stayed, who came, and what that was worth."""
    said = []
    if report.kept is not None:
        facts = {
            "start": words.number(report.kept.start),
            "on": words.day(report.start),
            "kept": words.number(report.kept.end - report.kept.new),
            "end": words.day(report.end),
            "new": words.number(report.kept.new),
        }
        said.append(
            _(
                "On %(on)s there were %(start)s customers; on %(end)s %(kept)s of them were still "
                "there, and %(new)s had come."
            )
            % facts
        )
    if report.growth is not None:
        facts = {"net": f"{words.number(report.growth.net.value)}%"}
        said.append(
            _("What the same customers pay is %(net)s of what they paid a year before.") % facts
        )
    said.append(
        ngettext(
            "%(answered)s of the %(n)s customer of the file ever answered.",
            "%(answered)s of the %(n)s customers of the file ever answered.",
            report.customers,
        )
        % {
            "answered": words.number(report.with_answers),
            "n": words.number(report.customers),
        }
    )
    return said


def staying_says(report: ValueReport) -> str:
    """What the curves show, in a sentence or two."""
    curves = report.staying.curves
    if not curves:
        return _("Too few customers were followed to draw a curve.")
    after = {group: curve.at(YEAR) for group, curve in curves.items()}
    listed = ", ".join(
        f"{str(GROUPS[group]).lower()} {words.number(100 * share)}%"
        for group, share in after.items()
    )
    said = _("Still there a year after their answer: %(groups)s.") % {"groups": listed}
    if report.staying.test is None:
        return said
    if report.staying.is_clear:
        return said + " " + _("The groups differ by more than chance.")
    return said + " " + _("The difference may be chance.")


def risk_says(report: ValueReport, currency: str) -> list[str]:
    """What leaves if everything goes on as it did, and what of it is above the promoters' part."""
    if report.risk is None:
        return []
    total, excess = report.risk.risk.total, report.risk.risk.excess
    said = [
        _("If each group leaves as it did last year, %(total)s a year goes (%(low)s to %(high)s).")
        % _amounts(total, currency)
    ]
    if excess.excludes(0) and excess.value > 0:
        said.append(
            _(
                "Of that, %(total)s (%(low)s to %(high)s) is more than if everybody left as "
                "promoters do."
            )
            % _amounts(excess, currency)
        )
    else:
        said.append(
            _(
                "It cannot be told whether that is more than if everybody left as promoters do: "
                "the difference lies between %(low)s and %(high)s."
            )
            % _amounts(excess, currency)
        )
    if report.risk.left_out:
        names = ", ".join(str(GROUPS[group]).lower() for group in report.risk.left_out)
        said.append(_("Left out for want of customers a year ago: %(names)s.") % {"names": names})
    return said


def _amounts(estimate: Estimate, currency: str) -> dict[str, str]:
    return {
        "total": money(estimate.value, currency),
        "low": money(estimate.low or 0, currency),
        "high": money(estimate.high or 0, currency),
    }


def days_ago(day: date, today: date) -> str:
    """How long ago a day is."""
    n = (today - day).days
    return ngettext("%(n)s day", "%(n)s days", n) % {"n": words.number(n)}
