"""Numbers, dates and names as they are read, for sentences that are made in Python."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from urllib.parse import quote

from django.utils.formats import get_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from gloed.analysis.measures import Kind
from gloed.analysis.queries import Period
from gloed.analysis.schema import ATTRIBUTE, THEME, is_attribute
from gloed.responses.rules import Signal
from gloed.stats import Estimate

MINUS = "\u2212"

COLUMNS = {
    "touchpoint": gettext_lazy("Touchpoint"),
    "team": gettext_lazy("Team"),
    "channel": gettext_lazy("Channel"),
    "language": gettext_lazy("Language"),
    "device": gettext_lazy("Device"),
    "source": gettext_lazy("Source"),
    THEME: gettext_lazy("Theme"),
}
VALUES = {
    ("channel", "link"): gettext_lazy("web link"),
    ("channel", "email"): gettext_lazy("e-mail"),
    ("channel", "widget"): gettext_lazy("website"),
    ("channel", "kiosk"): gettext_lazy("kiosk"),
    ("channel", "qr"): gettext_lazy("QR code"),
    ("channel", "sms"): gettext_lazy("text message"),
    ("channel", "phone"): gettext_lazy("telephone"),
    ("language", "nl"): gettext_lazy("Dutch"),
    ("language", "en"): gettext_lazy("English"),
    ("device", "phone"): gettext_lazy("phone"),
    ("device", "mobile"): gettext_lazy("phone"),
    ("device", "desktop"): gettext_lazy("computer"),
    ("device", "tablet"): gettext_lazy("tablet"),
    ("source", "link"): gettext_lazy("web link"),
    ("source", "import"): gettext_lazy("imported file"),
    ("source", "api"): gettext_lazy("API"),
    ("source", "sample"): gettext_lazy("sample data"),
}
PERIODS = {
    Period.DAY: gettext_lazy("by day"),
    Period.WEEK: gettext_lazy("by week"),
    Period.MONTH: gettext_lazy("by month"),
    Period.QUARTER: gettext_lazy("by quarter"),
}


MONTHS = (
    pgettext_lazy("month in a date", "Jan"),
    pgettext_lazy("month in a date", "Feb"),
    pgettext_lazy("month in a date", "Mar"),
    pgettext_lazy("month in a date", "Apr"),
    pgettext_lazy("month in a date", "May"),
    pgettext_lazy("month in a date", "Jun"),
    pgettext_lazy("month in a date", "Jul"),
    pgettext_lazy("month in a date", "Aug"),
    pgettext_lazy("month in a date", "Sep"),
    pgettext_lazy("month in a date", "Oct"),
    pgettext_lazy("month in a date", "Nov"),
    pgettext_lazy("month in a date", "Dec"),
)


def column_label(column: str) -> str:
    """How a column is called on a page."""
    if column in COLUMNS:
        return str(COLUMNS[column])
    name = column.removeprefix(ATTRIBUTE).replace("_", " ").strip()
    return name[:1].upper() + name[1:] if name else _("(no name)")


def value_label(column: str, value: str | None, names: dict[str, str]) -> str:
    """How a value is called; `names` are those of teams and touchpoints by public id.

    Those of themes stand in it as well, by `theme:` and the key.
    """
    if column == THEME:
        return _("no theme named") if value is None else names.get(f"{THEME}:{value}", value)
    if value is None:
        return _("not known")
    if is_attribute(column):
        return value
    return names.get(value) or str(VALUES.get((column, value), value))


def number(value: float, decimals: int = 0) -> str:
    """A number in the reader's notation, with a true minus and never a minus zero."""
    rounded = round(value, decimals) + 0.0
    text = str(number_format(abs(rounded), decimal_pos=decimals, force_grouping=True))
    return f"{MINUS}{text}" if rounded < 0 else text


def score(value: float, kind: Kind, *, detail: bool = False) -> str:
    """A score as read: whole points, a share in percent, a mean with one decimal."""
    if kind is Kind.SHARE:
        return f"{number(100 * value, 1 if detail else 0)}%"
    return number(value, (1 if kind is Kind.MEAN else 0) + detail)


def change(value: float, kind: Kind, *, detail: bool = False) -> str:
    """A difference with its sign."""
    decimals = (1 if kind is Kind.MEAN else 0) + detail
    text = number(100 * value if kind is Kind.SHARE else value, decimals)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


def contradict(before: float, after: float, change: float, kind: Kind) -> bool:
    """Whether rounding sets two scores against their difference, as 9 and 5 against −5.

    They are then to be told with `detail`.
    """
    unit, decimals = (100 if kind is Kind.SHARE else 1), (1 if kind is Kind.MEAN else 0)
    first, second, apart = (round(unit * value, decimals) for value in (before, after, change))
    return abs(second - first - apart) > 0.5 * 0.1**decimals


def interval(estimate: Estimate, kind: Kind) -> str:
    """A score and its interval: "−28 (−32 to −24)"."""
    if estimate.low is None or estimate.high is None:
        return score(estimate.value, kind)
    ends = {"low": score(estimate.low, kind), "high": score(estimate.high, kind)}
    return f"{score(estimate.value, kind)} ({_('%(low)s to %(high)s') % ends})"


def answers(n: float) -> str:
    """ "1,626 answers"."""
    return ngettext("%(n)s answer", "%(n)s answers", round(n)) % {"n": number(n)}


def day(moment: date) -> str:
    """A day: 12 Jan 2026, in Dutch 12 jan. 2026."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def moment(at: datetime) -> str:
    """A moment in the present time zone: 12 Jan 2026, 09:30."""
    local = localtime(at)
    return f"{day(local.date())}, {local:%H:%M}"


def period_name(start: date, period: Period) -> str:
    """A period by its first day: "Oct 2025", "Q3 2025", "week of 12 Jan 2026"."""
    if period is Period.MONTH:
        return f"{MONTHS[start.month - 1]} {start.year}"
    if period is Period.QUARTER:
        return _("Q%(number)d %(year)d") % {
            "number": (start.month + 2) // 3,
            "year": start.year,
        }
    if period is Period.WEEK:
        return _("week of %(day)s") % {"day": day(start)}
    return day(start)


def window_words(start: date | None, end: date | None) -> str:
    """A window in words; `end` is the first day that no longer counts."""
    last = end - timedelta(days=1) if end else None
    if start and last:
        return _("%(first)s to %(last)s") % {"first": day(start), "last": day(last)}
    if start:
        return _("from %(first)s") % {"first": day(start)}
    if last:
        return _("up to %(last)s") % {"last": day(last)}
    return _("all answers")


def week_starts() -> int:
    """0 where weeks begin on Sunday, 1 where on Monday, by the reader's language."""
    return 1 if get_format("FIRST_DAY_OF_WEEK") else 0


def file_name(*parts: str) -> str:
    """A name for a download that every system takes."""
    plain = "-".join(part.strip().lower().replace(" ", "-") for part in parts if part)
    return quote(plain, safe="-_.()").replace("%", "") or "gloed"


SIGNALS = {
    Signal.NO_SCRIPT: gettext_lazy("the page’s script did not run"),
    Signal.FAST: gettext_lazy("sent within one and a half seconds"),
    Signal.TRAP_FILLED: gettext_lazy("filled in a field that nobody can see"),
    Signal.HIDDEN_LINK: gettext_lazy("followed a link that nobody can see"),
    Signal.ALL_LINKS: gettext_lazy("opened every rating of the mail"),
}


def signals_text(signals: Iterable[Signal]) -> str:
    """What was odd about an answer, in words."""
    named = [str(SIGNALS[signal]) for signal in SIGNALS if signal in set(signals)]
    return ", ".join(named)
