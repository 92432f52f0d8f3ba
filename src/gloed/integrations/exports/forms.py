"""What is taken along, and what is brought in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.surveys.models import Survey

FORMATS = (
    ("xlsx", _("Excel (.xlsx)")),
    ("csv", _("CSV, for every spreadsheet (.csv)")),
    ("sav", _("SPSS, with labels (.sav)")),
    ("parquet", _("Parquet, for Python and R (.parquet)")),
)
PERSONAL = (
    ("name", _("name")),
    ("email", _("e-mail address")),
    ("phone", _("telephone")),
    ("account", _("account")),
    ("external_id", _("number in your own system")),
)


ALL = "all"


class TableForm(forms.Form):
    """A table of answers; `address` holds the filters of the page somebody came from."""

    survey = forms.ChoiceField(label=_("Answers to"))
    format = forms.ChoiceField(label=_("Kind of file"), choices=FORMATS)
    personal = forms.MultipleChoiceField(
        label=_("Who answered"),
        choices=PERSONAL,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing of this goes along unless you tick it."),
    )
    address = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survey"].initial = ALL
        surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
        choices = [(str(one.public_id), one.title) for one in surveys]
        self.fields["survey"].choices = [(ALL, _("all surveys together")), *choices]  # type: ignore[attr-defined]  # a choice field

    def clean_survey(self) -> str:
        """The public id of one survey, or nothing for all."""
        chosen = str(self.cleaned_data["survey"])
        return "" if chosen == ALL else chosen


class ArchiveForm(forms.Form):
    """An archive to bring in."""

    file = forms.FileField(label=_("Archive"), help_text=_("The .zip that Gloed made"))
    name = forms.CharField(
        label=_("What the organisation is called here"),
        required=False,
        max_length=110,
        help_text=_("Left empty: as it was called."),
    )
