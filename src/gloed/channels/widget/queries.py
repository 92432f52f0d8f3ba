"""Reading widgets and what became of them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.base.models import Organisation
from gloed.channels.widget.models import Widget, WidgetDay

WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often a widget was seen, opened, closed and answered."""

    seen: int = 0
    opened: int = 0
    closed: int = 0
    answered: int = 0


def list_widgets(organisation: Organisation) -> QuerySet[Widget]:
    """The widgets of an organisation, the newest first."""
    return Widget.objects.filter(organisation=organisation, deleted_at=None).select_related(
        "survey"
    )


def find_widget(key: str) -> Widget | None:
    """The widget of a snippet, or nothing; one that was switched off is found too."""
    found = Widget.objects.select_related("survey", "organisation")
    return found.filter(key=key, deleted_at=None).first()


def counts_of(widgets: list[Widget], *, until: date) -> dict[int, Counts]:
    """What happened in the last thirty days, by widget."""
    days = WidgetDay.objects.filter(widget__in=widgets, day__gt=until - WINDOW)
    names = ("seen", "opened", "closed", "answered")
    rows = days.values_list("widget_id").annotate(*(Sum(name) for name in names))
    return {widget: Counts(*sums) for widget, *sums in rows}


def describe(surveys: Collection[int]) -> dict[int, str]:
    """How many widgets ask each of these surveys, in a line; nothing where there is none."""
    rows = (
        Widget.objects.filter(survey__in=surveys, deleted_at=None)
        .order_by()
        .values_list("survey_id")
        .annotate(all=Count("pk"), on=Count("pk", filter=Q(is_on=True)))
    )
    return {survey: _told(every, on) for survey, every, on in rows}


def _told(every: int, on: int) -> str:
    widgets = ngettext("%(n)d widget", "%(n)d widgets", every) % {"n": every}
    return _("%(widgets)s, %(on)d on") % {"widgets": widgets, "on": on}
