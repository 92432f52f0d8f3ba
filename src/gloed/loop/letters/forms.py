"""Texts to begin a letter with, and what follows a closed case."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.loop.letters.models import LetterSettings
from gloed.loop.letters.usual import LANGUAGES, WORD_LIMITS, Text, Words
from gloed.surveys.labels import LANGUAGE_NAMES

if TYPE_CHECKING:
    _SettingsForm = forms.ModelForm[LetterSettings]
else:  # Django's class takes no parameter when it runs
    _SettingsForm = forms.ModelForm

LABELS = {"title": _("Name in the list"), "subject": _("Subject"), "body": _("Text")}


class TextForm(forms.Form):
    """A text in Dutch and English; one of both is enough."""

    def __init__(self, *args: Any, text: Text | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in LANGUAGES:
            known = (text.words.get(language) if text else None) or Words()
            for name, limit in WORD_LIMITS.items():
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=f"{LABELS[name]} ({LANGUAGE_NAMES[language]})",
                    required=False,
                    max_length=limit,
                    initial=getattr(known, name),
                    widget=forms.Textarea(attrs={"rows": 6, "lang": language})
                    if name == "body"
                    else forms.TextInput(attrs={"lang": language}),
                )

    def clean(self) -> dict[str, Any]:
        """A language that has words needs a name too, and one language needs words."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        written = [one for one in LANGUAGES if data.get(f"body_{one}")]
        if not written:
            raise forms.ValidationError(_("Write the text in at least one language."))
        for language in written:
            if not data.get(f"title_{language}"):
                self.add_error(f"title_{language}", _("Give it a name, to find it in the list."))
        return data

    def words(self) -> dict[str, Words]:
        """What was written, by language."""
        data = self.cleaned_data
        return {
            language: Words(*(data[f"{name}_{language}"].strip() for name in WORD_LIMITS))
            for language in LANGUAGES
            if data[f"body_{language}"].strip()
        }


class AfterClosingForm(_SettingsForm):
    """What follows a closed case by itself."""

    solved_hours = forms.IntegerField(
        label=_("Hours after closing"), min_value=0, max_value=720, initial=24
    )
    again_days = forms.IntegerField(
        label=_("Days after closing"), min_value=1, max_value=365, initial=30
    )

    class Meta:
        model = LetterSettings
        fields = ("asks_solved", "solved_hours", "asks_again", "again_days")
        help_texts = {
            "asks_solved": _(
                "A short mail with three answers. “No” and “partly” open the case again."
            ),
            "asks_again": _(
                "The same survey as before, when its contact policy allows it and not sooner."
            ),
        }
