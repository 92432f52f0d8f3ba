"""What can be written about a journey and its touchpoints."""

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gloed.base.models import Membership
from gloed.surveys.journeys import queries
from gloed.surveys.journeys.operations import NAME_LENGTH, Facts
from gloed.surveys.journeys.queries import Moment
from gloed.surveys.journeys.rules import USUAL_TOP, line_range
from gloed.surveys.journeys.starts import STARTS
from gloed.surveys.journeys.words import number_words
from gloed.surveys.metric_words import FOR_CUSTOMERS, MetricWords, mixing_words
from gloed.surveys.rules import SCALES, Metric

EMPTY = "empty"


class StartForm(forms.Form):
    """A journey to begin with: one of ours, or nothing yet."""

    start = forms.ChoiceField(
        label=gettext_lazy("Start from"),
        widget=forms.RadioSelect,
        choices=[
            *((key, start.name) for key, start in STARTS.items()),
            (EMPTY, gettext_lazy("An empty journey")),
        ],
        initial="private",
    )
    name = forms.CharField(
        label=gettext_lazy("Name of the journey"), max_length=NAME_LENGTH, required=False
    )

    def clean(self) -> dict[str, Any]:
        """An empty journey needs a name; one of ours has one."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        start = STARTS.get(found.get("start", ""))
        if not found.get("name") and start is not None:
            found["name"] = str(start.name)
        if "start" in found and not found.get("name"):
            self.add_error("name", _("Give the journey a name, such as the customers it is about."))
        return found


class NameForm(forms.Form):
    """The name of a journey, a phase or a touchpoint."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=NAME_LENGTH)


class TouchpointForm(forms.Form):
    """Everything that is known of a touchpoint."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("Answers given before keep belonging to it."),
    )
    expectation = forms.CharField(
        label=gettext_lazy("What the customer expects"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "In the customer’s own words: “I am told straight away how long it will take.”"
        ),
    )
    owner = forms.ModelChoiceField(
        label=gettext_lazy("Owner"),
        queryset=Membership.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=gettext_lazy("Nobody yet"),
        help_text=gettext_lazy("The colleague who answers for this moment."),
    )
    metric = forms.ChoiceField(
        required=False,
        choices=[("", ""), *((words.metric.value, words.name) for words in FOR_CUSTOMERS)],
    )
    good_enough = forms.FloatField(label=gettext_lazy("Good enough from"), required=False)
    keep_both = forms.BooleanField(
        label=gettext_lazy("Keep two metrics here nevertheless"), required=False
    )

    def __init__(self, data: Any = None, *, moment: Moment) -> None:
        touchpoint = moment.touchpoint
        initial = {
            "name": touchpoint.name,
            "expectation": touchpoint.expectation,
            "owner": moment.owner.public_id if moment.owner else None,
            "metric": touchpoint.metric,
            "good_enough": _plain(touchpoint.good_enough),
        }
        super().__init__(data, initial=initial)
        self.moment = moment
        self.mixing = ""
        colleagues: QuerySet[Membership] = queries.list_colleagues(touchpoint.organisation)
        cast("forms.ModelChoiceField[Membership]", self.fields["owner"]).queryset = colleagues

    @property
    def metrics(self) -> tuple[MetricWords, ...]:
        """What may be chosen, with its words."""
        return FOR_CUSTOMERS

    @property
    def top(self) -> int:
        """The top of the scale on which effort is asked here."""
        for survey in self.moment.surveys:
            if survey.metric == Metric.CES and survey.current is not None:
                return _top_of(survey.current)
        return self.moment.line_top

    def clean(self) -> dict[str, Any]:
        """The line fits its metric; two metrics are kept only by whoever says so."""
        found: dict[str, Any] = super().clean() or self.cleaned_data
        metrics = [survey.metric for survey in self.moment.surveys]
        chosen = found.get("metric", "")
        self.mixing = mixing_words([Metric(one) for one in [chosen, *metrics] if one])
        has_changed = chosen != self.moment.touchpoint.metric
        if chosen and self.mixing and has_changed and not found.get("keep_both"):
            self.add_error("metric", self.mixing)
        line = found.get("good_enough")
        metric = Metric(chosen) if chosen else self.moment.metric
        if line is None:
            return found
        if metric is None:
            self.add_error("good_enough", _("Choose a metric first: a line belongs to one."))
            return found
        low, high = line_range(metric, self.top)
        if not low <= line <= high:
            ends = {"low": number_words(low), "high": number_words(high)}
            self.add_error("good_enough", _("A number from %(low)s to %(high)s.") % ends)
        return found

    def facts(self) -> Facts:
        """What was written, once the form is valid."""
        found = self.cleaned_data
        metric = found["metric"] or self.moment.metric or ""
        has_top = found["good_enough"] is not None and metric == Metric.CES
        return Facts(
            name=found["name"],
            metric=found["metric"],
            owner=found["owner"],
            expectation=found["expectation"],
            good_enough=found["good_enough"],
            line_top=self.top if has_top else None,
        )


def _plain(line: float | None) -> float | int | None:
    """A line as people type it: 65, not 65.0."""
    return int(line) if line is not None and line == int(line) else line


def _top_of(version: Any) -> int:
    """The top of the scale a version asks effort on."""
    rating = version.questions.filter(kind=Metric.CES).order_by("position").first()
    known = {scale.maximum for scale in SCALES[Metric.CES]}
    return rating.scale_maximum if rating and rating.scale_maximum in known else USUAL_TOP
