"""Having a view watched, choosing how often alarms may be for nothing, saying what came of one."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gloed.analysis.explorer.asked import read_explored
from gloed.analysis.explorer.saved import list_views
from gloed.analysis.measures import Kind
from gloed.analysis.models import SavedView
from gloed.analysis.monitors import queries
from gloed.analysis.monitors.models import Alarm, Monitor
from gloed.analysis.monitors.words import PROMISES, WEEKS
from gloed.base.models import Membership
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.queries import seen_by


class MonitorForm(forms.Form):
    """What is watched, how, and who hears of it."""

    view = forms.ModelChoiceField(
        label=_("What is watched"),
        queryset=SavedView.objects.none(),
        to_field_name="public_id",
        empty_label=None,
        help_text=_(
            "A saved view. What it is about and its filters are watched; its period is not."
        ),
    )
    kind = forms.ChoiceField(
        label=_("Against what"),
        choices=Monitor.Kind.choices,
        widget=forms.RadioSelect,
        initial=Monitor.Kind.WEEKLY,
        help_text=_("Week by week is right for most. A level you set suits a promise or a target."),
    )
    weeks = forms.TypedChoiceField(
        label=_("Its usual level is that of"),
        choices=list(WEEKS.items()),
        coerce=int,
        initial=26,
        help_text=_("Only for week by week. Choose a time in which nothing special happened."),
    )
    aim = forms.FloatField(
        label=_("The level you set"),
        required=False,
        localize=True,
        help_text=_("Only for a level you set: points, percent or a mean, as the score reads."),
    )
    recipients = forms.ModelMultipleChoiceField(
        label=_("Who gets a mail"),
        queryset=Membership.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.membership = membership
        colleagues = Membership.objects.filter(
            organisation=membership.organisation_id, deactivated_at=None, staff__is_active=True
        ).select_related("staff")
        for name, offered in (("view", list_views(membership)), ("recipients", colleagues)):
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = offered

    def clean(self) -> dict[str, Any]:
        """A level must lie on the scale; the view must show something."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        view = cleaned.get("view")
        if view is None:
            return cleaned
        watched = queries.watched_of(view)
        if watched is None:
            self.add_error("view", _("Nobody has answered what this view shows yet."))
            return cleaned
        cleaned["about"], measure = watched
        asked = read_explored(QueryDict(view.address), today=view.created_at.date())
        if queries.is_rough(view, asked):
            self.add_error(
                "view",
                _("The theme it shows is rough: people and machine disagree on it too often. "
                  "Review more answers first, or watch a view without it."),
            )  # fmt: skip
        if cleaned.get("kind") != Monitor.Kind.RUNNING or "aim" in self.errors:
            return cleaned
        aim = cleaned.get("aim")
        if aim is None:
            self.add_error("aim", _("Which level? Without one there is nothing to differ from."))
            return cleaned
        unit = 100 if measure.kind is Kind.SHARE else 1
        if not measure.low <= aim / unit <= measure.high:
            ends = {"low": f"{unit * measure.low:g}", "high": f"{unit * measure.high:g}"}
            self.add_error("aim", _("This score lies between %(low)s and %(high)s.") % ends)
        cleaned["aim"] = aim / unit
        return cleaned


class PromiseForm(forms.Form):
    """How often all weekly alarms together may be for nothing."""

    weeks = forms.TypedChoiceField(
        label=_("All weekly alarms together may ring for nothing"),
        choices=list(PROMISES.items()),
        coerce=int,
    )


class VerdictForm(forms.Form):
    """What came of an alarm."""

    verdict = forms.ChoiceField(
        label=_("What was it?"),
        choices=[choice for choice in Alarm.Verdict.choices if choice[0]],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What happened, what you did, or why it was nothing. Colleagues read it here."),
    )
    improvement = forms.ModelChoiceField(
        label=_("Improvement"),
        queryset=Improvement.objects.none(),
        to_field_name="public_id",
        required=False,
        empty_label=_("none"),
        help_text=_("What you do about it, or what it was the effect of."),
    )
    is_new_usual = forms.BooleanField(
        label=_("It stays like this: learn the new level as usual"), required=False
    )

    def __init__(self, *args: Any, is_weekly: bool, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        improvement = self.fields["improvement"]
        if isinstance(improvement, forms.ModelChoiceField):
            improvement.queryset = seen_by(membership)
        if not is_weekly:
            del self.fields["is_new_usual"]
