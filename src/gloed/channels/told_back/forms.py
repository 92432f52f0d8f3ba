"""What is told, as it is typed."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.base.wording import LANGUAGES as NAMES
from gloed.channels.told_back.drafts import BODY_LIMIT, LANGUAGES, SUBJECT_LIMIT
from gloed.channels.told_back.models import Telling, Wording
from gloed.surveys.models import Survey

LANGUAGE_NAMES = dict(NAMES)


class AgainForm(forms.Form):
    """What follows, and whose answers count."""

    since = forms.DateField(
        label=_("Answers in which a theme was named count from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    survey = forms.ModelChoiceField(
        label=_("Ask them again with"),
        queryset=Survey.objects.none(),
        required=False,
        to_field_name="public_id",
        empty_label=_("Do not ask again"),
        help_text=_("Only when the contact policy allows it; else later."),
    )
    ask_after_days = forms.IntegerField(
        label=_("So many days after the message"), min_value=1, max_value=365
    )

    def __init__(self, telling: Telling, data: Any = None) -> None:
        initial = {
            "since": telling.since,
            "survey": telling.survey.public_id if telling.survey else None,
            "ask_after_days": telling.ask_after_days,
        }
        super().__init__(data, initial=initial)
        surveys = Survey.objects.filter(
            organisation=telling.organisation_id, state=Survey.State.OPEN, deleted_at=None
        )
        cast("forms.ModelChoiceField[Survey]", self.fields["survey"]).queryset = surveys


class WordsForm(forms.Form):
    """The messages of each group, language by language."""

    def __init__(self, wordings: list[Wording], data: Any = None, *, usual: str) -> None:
        super().__init__(data)
        self.wordings = wordings
        for one in wordings:
            name = f"{one.language}_{one.group}"
            self.fields[f"subject_{name}"] = forms.CharField(
                label=_("Subject"),
                max_length=SUBJECT_LIMIT,
                initial=one.subject,
                widget=forms.TextInput(attrs={"lang": one.language}),
            )
            is_usual = one.language == usual
            self.fields[f"body_{name}"] = forms.CharField(
                label=_("Message"),
                max_length=BODY_LIMIT,
                initial=one.body,
                help_text="" if is_usual else _("What was done: say it in this language too."),
                widget=forms.Textarea(attrs={"rows": 9, "lang": one.language}),
            )

    def of(self, language: str, group: str) -> list[forms.BoundField]:
        """The two fields of one message."""
        return [self[f"{part}_{language}_{group}"] for part in ("subject", "body")]

    def words(self) -> dict[tuple[str, str], tuple[str, str]]:
        """Subject and body by language and group."""
        return {
            (one.language, one.group): (
                self.cleaned_data[f"subject_{one.language}_{one.group}"],
                self.cleaned_data[f"body_{one.language}_{one.group}"],
            )
            for one in self.wordings
        }


class PageForm(forms.Form):
    """The public page: on or off, and what stands above it."""

    is_on = forms.BooleanField(label=_("Everybody may see the page"), required=False)

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in _ordered(organisation):
            self.fields[f"intro_{code}"] = forms.CharField(
                label=_("What stands above it (%(language)s)")
                % {"language": LANGUAGE_NAMES.get(code, code)},
                required=False,
                max_length=600,
                widget=forms.Textarea(attrs={"rows": 3, "lang": code}),
            )

    def intros(self) -> dict[str, str]:
        """What stands above it, by language."""
        return {code: self.cleaned_data.get(f"intro_{code}", "") for code in LANGUAGES}


class ChangeForm(forms.Form):
    """One change in the organisation's own words; one language is enough."""

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code in _ordered(organisation):
            about = {"language": LANGUAGE_NAMES.get(code, code)}
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("What we changed (%(language)s)") % about,
                required=False,
                max_length=160,
                widget=forms.TextInput(attrs={"lang": code}),
            )
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("A few words about it (%(language)s)") % about,
                required=False,
                max_length=1500,
                widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
            )

    def clean(self) -> dict[str, Any]:
        """Something has to be said in some language."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(cleaned.get(f"title_{code}") for code in LANGUAGES):
            raise forms.ValidationError(_("Say in at least one language what you changed."))
        return cleaned

    def words(self) -> dict[str, dict[str, str]]:
        """Title and text by language."""
        return {
            code: {
                "title": self.cleaned_data.get(f"title_{code}", ""),
                "text": self.cleaned_data.get(f"text_{code}", ""),
            }
            for code in LANGUAGES
        }


def _ordered(organisation: Organisation) -> list[str]:
    """The organisation's own language first."""
    return sorted(LANGUAGES, key=lambda code: (code != organisation.language, code))
