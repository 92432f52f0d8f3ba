"""How numbers stand on a page: rounded honestly, in the reader's notation, never alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

from django import template
from django.forms import BoundField, CheckboxInput
from django.template.context import Context
from django.utils.formats import number_format
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext, ngettext, pgettext_lazy

from gloed.base.models import Staff
from gloed.web.navigation import first_url

register = template.Library()

MINUS = "\u2212"
WIDTH = 200  # of the drawing of an interval, in its own units
POINTS, SHARE, MEAN = "points", "share", "mean"
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


class HasInterval(Protocol):
    """What an estimate must tell to be shown; `gloed.stats.Estimate` does."""

    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float | None: ...
    @property
    def high(self) -> float | None: ...
    @property
    def n(self) -> float: ...


@register.filter
def as_score(value: float, kind: str = POINTS) -> str:
    """A score as read: whole points (−28), a share in percent (62%) or a mean (4.3)."""
    if kind == SHARE:
        return f"{_number(100 * value, decimals=0)}%"
    return _number(value, decimals=1 if kind == MEAN else 0)


@register.filter
def as_decimal(value: float, kind: str = POINTS) -> str:
    """The same with one decimal more, for a detail view."""
    if kind == SHARE:
        return f"{_number(100 * value, decimals=1)}%"
    return _number(value, decimals=2 if kind == MEAN else 1)


@register.filter
def as_change(value: float, kind: str = POINTS) -> str:
    """A difference with its sign (+5, −3); a difference of shares is in points of a percent."""
    text = _number(100 * value if kind == SHARE else value, decimals=1 if kind == MEAN else 0)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


@register.filter
def as_date(moment: date | datetime) -> str:
    """A day as read: 12 Jan 2026, in Dutch 12 jan. 2026; a moment in the present time zone."""
    if isinstance(moment, datetime) and is_aware(moment):
        moment = localtime(moment)
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


@register.filter
def as_month(day: date) -> str:
    """The month of a day as read: Jan, in Dutch jan."""
    return str(MONTHS[day.month - 1])


@register.filter
def as_moment(moment: datetime) -> str:
    """A moment as read: 12 Jan 2026 09:30, in the present time zone."""
    here = localtime(moment) if is_aware(moment) else moment
    return f"{as_date(here)} {here:%H:%M}"


@register.filter
def interval_words(estimate: HasInterval, kind: str = POINTS) -> str:
    """The interval in words ("−32 to −24"); empty where there is none."""
    if estimate.low is None or estimate.high is None:
        return ""
    return gettext("%(low)s to %(high)s") % {
        "low": as_score(estimate.low, kind),
        "high": as_score(estimate.high, kind),
    }


@register.filter
def interval_text(estimate: HasInterval, kind: str = POINTS) -> str:
    """The interval in brackets ("(−32 to −24)"); empty where there is none."""
    words = interval_words(estimate, kind)
    return f"({words})" if words else ""


@register.filter
def change_interval(estimate: HasInterval, kind: str = POINTS) -> str:
    """The interval of a difference in brackets, with its signs ("(−7 to +10)"), as `as_change`."""
    if estimate.low is None or estimate.high is None:
        return ""
    ends = {"low": as_change(estimate.low, kind), "high": as_change(estimate.high, kind)}
    return f"({gettext('%(low)s to %(high)s') % ends})"


@register.simple_tag
def base_text(estimate: HasInterval) -> str:
    """On how many answers a number rests ("1,626 answers")."""
    n = round(estimate.n)
    words = ngettext("%(n)s answer", "%(n)s answers", n)
    return words % {"n": number_format(n, decimal_pos=0, force_grouping=True)}


@register.simple_tag
def estimate_text(estimate: HasInterval, kind: str = POINTS) -> str:
    """An estimate as plain words, for mails, titles and alternative texts."""
    bracket = interval_text(estimate, kind)
    value = as_score(estimate.value, kind)
    return (
        f"{value} {bracket}, {base_text(estimate)}"
        if bracket
        else f"{value}, {base_text(estimate)}"
    )


@register.simple_tag
def interval_mark(
    estimate: HasInterval,
    low: float | str = "",
    high: float | str = "",
    quiet: bool = False,
    line: float | str = "",
) -> SafeString:
    """A dot with its interval on the scale from `low` to `high`, and zero where it lies inside.

    `line` marks what is good enough. Without a scale (a template passes "" for what it does not
    know) it runs from -100 to 100.
    """
    low, high = float(-100 if low == "" else low), float(100 if high == "" else high)
    if estimate.low is None or estimate.high is None:
        return SafeString()
    zero = SafeString()
    if low < 0 < high:
        at = _place(0, low, high)
        zero = format_html('<line class="interval__zero" x1="{0}" x2="{0}" y1="1" y2="15"/>', at)
    if line != "":
        at = _place(float(line), low, high)
        zero += format_html('<line class="interval__line" x1="{0}" x2="{0}" y1="-4" y2="20"/>', at)
    return format_html(
        '<svg class="interval{}" viewBox="0 0 {} 16" preserveAspectRatio="none" aria-hidden="true">'
        '<line class="interval__axis" x1="0" x2="{}" y1="8" y2="8"/>{}'
        '<line class="interval__reach" x1="{}" x2="{}" y1="8" y2="8"/>'
        '<line class="interval__value" x1="{}" x2="{}" y1="8" y2="8"/></svg>',
        " interval--quiet" if quiet else "",
        WIDTH,
        WIDTH,
        zero,
        _place(estimate.low, low, high),
        _place(estimate.high, low, high),
        *(_place(estimate.value, low, high),) * 2,
    )


@register.simple_tag
def figure_spec(figure: Any) -> SafeString:
    """The specification of a figure, as data for figures.js to draw."""
    value = figure["spec"] if isinstance(figure, Mapping) else figure.spec
    identity = figure["id"] if isinstance(figure, Mapping) else figure.id
    return json_script(value, f"{identity}_spec")


@dataclass(frozen=True, slots=True)
class SortOrder:
    """How a column is sorted now ("", ascending or descending) and the address that sorts it."""

    now: str
    url: str


@register.simple_tag(takes_context=True)
def sort_of(context: Context, key: str) -> SortOrder:
    """The present order of column `key`, and the address with the other one, from page 1."""
    query = context["request"].GET.copy()
    present = query.get("sort", "")
    now = {key: "ascending", f"-{key}": "descending"}.get(present, "")
    query["sort"] = f"-{key}" if now == "ascending" else key
    query.pop("page", None)
    return SortOrder(now, f"?{query.urlencode()}")


@register.simple_tag
def score_url(survey: Any) -> str:
    """Where the score of a survey stands; its own page where there is none."""
    return first_url("analysis:score", "surveys:detail", survey.public_id)


@register.simple_tag
def survey_url(survey: Any) -> str:
    """Where a survey is made and opened."""
    return first_url("surveys:detail", "analysis:score", survey.public_id)


@register.filter
def as_list(value: str) -> list[str]:
    """One text as a list of one, for parts that take several."""
    return [value]


@register.filter
def is_single_choice(field: BoundField) -> bool:
    """Whether a field is one box to tick, whose label stands beside it."""
    return isinstance(field.field.widget, CheckboxInput)


def _number(value: float, *, decimals: int) -> str:
    """A number in the reader's notation, with a true minus and never a minus zero."""
    rounded = round(value, decimals) + 0.0
    text: str = number_format(abs(rounded), decimal_pos=decimals, force_grouping=True)
    return f"{MINUS}{text}" if rounded < 0 else text


def _place(value: float, low: float, high: float) -> str:
    """Where a value lies on the drawing, in its units; beyond the scale means at its end."""
    share = (min(max(value, low), high) - low) / (high - low)
    return f"{share * WIDTH:.1f}"


@register.simple_tag
def nobody_lives_here() -> bool:
    """Whether nobody can log in: an installation that is new, or whose sample was taken away."""
    return not Staff.objects.filter(is_active=True).exists()
