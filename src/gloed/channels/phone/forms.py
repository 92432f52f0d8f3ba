"""Whom to call about what, and what was said."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.channels.phone.rules import dialled
from gloed.responses.rules import GivenAnswer
from gloed.surveys.models import Survey
from gloed.surveys.rules import CHOICES, OPEN_POSITION, YES, Kind, PublishedVersion

LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
WORDS_LIMIT = 5000


class WhomForm(forms.Form):
    """Finding a person, and the survey to ask."""

    survey = forms.ModelChoiceField(
        label=_("Survey"),
        queryset=Survey.objects.none(),
        to_field_name="public_id",
        empty_label=_("Choose a survey"),
    )
    q = forms.CharField(
        label=_("Name, number or e-mail address"),
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["survey"].queryset = Survey.objects.filter(  # type: ignore[attr-defined]  # it is a ModelChoiceField
            organisation=organisation, state=Survey.State.OPEN, deleted_at=None
        )


class NewPersonForm(forms.Form):
    """Somebody who is not known yet."""

    name = forms.CharField(label=_("Name"), max_length=200)
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, widget=forms.TextInput(attrs={"type": "tel"})
    )
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES)

    def clean_phone(self) -> str:
        """A number has at least eight digits."""
        phone: str = self.cleaned_data["phone"]
        if len(dialled(phone).lstrip("+")) < 8:
            raise forms.ValidationError(_("This is no telephone number."))
        return phone


def read_answers(posted: Any, version: PublishedVersion) -> list[GivenAnswer]:
    """What was written down, by position; what was left empty is left out."""
    found = []
    for question in version.questions:
        name = f"q{question.position}"
        text = str(posted.get(name, "")).strip()
        words = text.replace("\r\n", "\n")[:WORDS_LIMIT]
        if question.scale is not None:
            if text.isdecimal() and len(text) < 4:
                found.append(GivenAnswer(question.position, rating=int(text)))
        elif question.position == OPEN_POSITION or question.kind == Kind.OPEN:
            if words:
                found.append(GivenAnswer(question.position, verbatim=words))
        elif question.kind in CHOICES:
            chosen = tuple(one for one in posted.getlist(name) if one)
            if chosen:
                found.append(GivenAnswer(question.position, choices=chosen))
        elif question.kind == Kind.CONSENT and text:
            found.append(GivenAnswer(question.position, choices=(YES,)))
    return found
