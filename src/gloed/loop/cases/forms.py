"""What is typed on the card of a case."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gloed.loop.cases.models import Case, Cause
from gloed.loop.cases.operations.editing import FIELDS
from gloed.loop.cases.sentences import FIELDS as NAMES

LONGEST = 4000


def _text(label: Any, *, rows: int = 3, required: bool = False, **attrs: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows, **attrs}),
    )


class ContentForm(forms.Form):
    """Cause, what was done and what the customer was told; `read` is the version they stood in."""

    read = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    cause = forms.ChoiceField(label=NAMES["cause"], required=False)
    cause_words = _text(NAMES["cause_words"], rows=2)
    done = _text(NAMES["done"])
    told = _text(NAMES["told"])

    def __init__(self, *args: Any, causes: list[Cause], case: Case, **kwargs: Any):
        super().__init__(*args, **kwargs)
        present = [case.cause] if case.cause and case.cause not in causes else []
        choices = [(str(one.public_id), one.name) for one in [*causes, *present]]
        self.fields["cause"] = forms.ChoiceField(
            label=NAMES["cause"], required=False, choices=[("", _("not known yet")), *choices]
        )

    def contents(self) -> dict[str, str]:
        """The fields as the operation takes them; a browser's line ends are made plain."""
        return {name: self.cleaned_data[name].replace("\r\n", "\n") for name in FIELDS}


class CallForm(forms.Form):
    """A call that was made."""

    text = _text(_("What was said"), rows=2)


class NoteForm(forms.Form):
    """A note for colleagues."""

    text = _text(_("Note"), rows=2, required=True)


class TaskForm(forms.Form):
    """Something to do for a case."""

    title = forms.CharField(label=_("What has to be done"), max_length=200)
    owner = forms.ChoiceField(label=_("By"), required=False)
    due_on = forms.DateField(
        label=pgettext_lazy("day", "Before"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"] = forms.ChoiceField(
            label=_("By"), required=False, choices=[("", _("whoever has the case")), *colleagues]
        )


class CloseForm(forms.Form):
    """How a case ended."""

    outcome = forms.ChoiceField(label=_("How did it end?"), choices=Case.Outcome.choices)
