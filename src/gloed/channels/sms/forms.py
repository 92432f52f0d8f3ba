"""Adding a provider, trying it, the hours, and the words of a survey's message."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.channels.sms.models import TextHours, TextWords
from gloed.channels.sms.rules import COUNTRIES, normal_number
from gloed.channels.sms.texts import Words
from gloed.fieldwork.forms.policy import COUNTRIES as NAMES_OF_COUNTRIES

if TYPE_CHECKING:
    _HoursForm = forms.ModelForm[TextHours]
    _WordsForm = forms.ModelForm[TextWords]
else:  # Django's class takes no parameter when it runs
    _HoursForm = _WordsForm = forms.ModelForm


class ProviderForm(forms.Form):
    """A provider: the address holds the key and is never shown again."""

    name = forms.CharField(
        label=_("Name for yourselves"),
        max_length=80,
        help_text=_("“Twilio, our Dutch number”."),
    )
    address = forms.CharField(
        label=_("Address of the provider"),
        max_length=600,
        widget=forms.PasswordInput(
            attrs={"autocomplete": "off", "spellcheck": "false"}, render_value=False
        ),
        help_text=_(
            "As in the list below, with your own key. It is kept sealed and never shown again."
        ),
    )
    takes_replies = forms.BooleanField(
        label=_("People can reply to the sender"),
        required=False,
        help_text=_("Then the message says “Reply STOP”; otherwise it has a link to stop."),
    )
    per_minute = forms.IntegerField(
        label=_("Most messages in a minute"), min_value=1, max_value=6000, initial=60
    )


class TestForm(forms.Form):
    """To which telephone a test goes."""

    number = forms.CharField(
        label=_("Your own mobile number"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )

    def __init__(self, *args: Any, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._country = country

    def clean_number(self) -> str:
        """The number as it is dialled from anywhere."""
        number = normal_number(self.cleaned_data["number"], country=self._country)
        if not number:
            raise forms.ValidationError(
                _("This is no mobile number. Write it as 06 12345678 or +31 6 12345678.")
            )
        return number


class HoursForm(_HoursForm):
    """When messages may arrive, on the clock of whoever gets them."""

    country = forms.ChoiceField(
        label=_("National numbers are of"),
        choices=[named for named in NAMES_OF_COUNTRIES if named[0] in COUNTRIES],
    )

    class Meta:
        model = TextHours
        fields = ("opens", "closes", "rests_on_sundays", "country")
        widgets = {
            "opens": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closes": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def clean(self) -> dict[str, Any]:
        """The hours must open."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = data.get("opens"), data.get("closes")
        if opens and closes and opens >= closes:
            self.add_error("closes", _("Choose a later time than the first one."))
        return data


class TextWordsForm(_WordsForm):
    """The words in one language; an empty field shows, and means, the usual ones."""

    class Meta:
        model = TextWords
        fields = ("text", "reminder")

    def __init__(self, *args: Any, usual: Words, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs["placeholder"] = getattr(usual, name)
            field.widget.attrs["rows"] = 4
