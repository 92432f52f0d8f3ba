"""Forms of passives: they read and check what was typed, and change nothing."""

from collections.abc import Sequence
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.analysis.passives.models import GIFTS, LIFTS, OUTCOMES

LONGEST = 4000


class DayInput(forms.DateInput):
    """The browser's own calendar, which writes days as 2026-03-02 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ContactForm(forms.Form):
    """What was said."""

    text = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OfferForm(forms.Form):
    """What somebody was given, when, and what it cost."""

    kind = forms.ChoiceField(label=_("What kind"), choices=GIFTS)
    what = forms.CharField(label=_("What exactly"), required=False, max_length=200)
    cost = forms.DecimalField(
        label=_("What it costs us, in euros"),
        required=False,
        min_value=0,
        max_digits=9,
        decimal_places=2,
        localize=False,
    )
    given_on = forms.DateField(label=_("Given on"), widget=DayInput())

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they are
        self._today = today
        self.fields["given_on"].initial = today

    def clean_given_on(self) -> date:
        """A day that was."""
        given: date = self.cleaned_data["given_on"]
        if given > self._today:
            raise forms.ValidationError(_("That day is still to come: note it once it is given."))
        return given


class EndForm(forms.Form):
    """How it ended."""

    outcome = forms.ChoiceField(label=_("How it ended"), choices=OUTCOMES)
    text = forms.CharField(
        label=_("What was done"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class JudgeForm(forms.Form):
    """Whether a barrier can be lifted, and who sees to it."""

    lift = forms.ChoiceField(choices=LIFTS)
    owner = forms.ChoiceField(required=False)

    def __init__(self, *args: object, owners: Sequence[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed on as they are
        self.fields["owner"] = forms.ChoiceField(
            required=False, choices=[("", ""), *((one, one) for one in owners)]
        )


class WorklistForm(forms.Form):
    """The filters of the worklist, all in the address."""

    barrier = forms.ChoiceField(label=_("Barrier"), required=False)
    lift = forms.ChoiceField(
        label=_("Can we lift it?"), required=False, choices=[("", _("All")), *LIFTS]
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("What we can lift first")), ("newest", _("Newest answer first"))],
    )

    show = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: dict[str, str], *, barriers: Sequence[tuple[str, str]]) -> None:
        super().__init__(data, auto_id="filter_%s")
        self.fields["barrier"] = forms.ChoiceField(
            label=_("Barrier"), required=False, choices=[("", _("All")), *barriers]
        )
