"""Starting a survey: what it is about, and in which languages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.surveys import labels, library
from gloed.surveys.metric_words import FOR_EVERYBODY

LANGUAGES = list(labels.LANGUAGE_NAMES.items())


class StartForm(forms.Form):
    """What a survey is about: enough to make a draft with good words in it."""

    metric = forms.ChoiceField(
        label=_("What do you want to know?"),
        widget=forms.RadioSelect,
        choices=[(words.metric.value, words.name) for words in FOR_EVERYBODY],
    )
    title = forms.CharField(
        label=_("Name for yourselves"),
        max_length=160,
        help_text=_("Respondents do not see it. “Customers, spring 2026” or “After a repair”."),
    )
    touchpoint = forms.CharField(
        label=_("Touchpoint"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "touchpoints"}),
        help_text=_("The moment of the journey it is about, such as the bill or the delivery."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=LANGUAGES[:2],
        widget=forms.CheckboxSelectMultiple,
        initial=list(library.LANGUAGES),
        help_text=_("One is enough. You may add others while writing."),
    )
