"""Forms of promoters: they read and check what was typed, and change nothing."""

from datetime import date, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.base.wording import LANGUAGES as NAMES
from gloed.loop.promoters.drafts import BODY_LIMIT, LANGUAGES, SUBJECT_LIMIT
from gloed.loop.promoters.models import HOWS, EarlyAccess, Programme
from gloed.loop.promoters.rules import (
    REST_DAYS,
    YEARLY_CAP,
    AskKind,
    Became,
    How,
    is_own_address,
)
from gloed.loop.promoters.tables import LARGEST_BYTES

LANGUAGE_NAMES = dict(NAMES)
BY_COLLEAGUES = [pair for pair in HOWS if pair[0] != How.PAGE.value]
SPOKEN = [("nl", _("Dutch")), ("en", _("English")), ("de", _("German")), ("fr", _("French"))]


class DayInput(forms.DateInput):
    """The browser's own calendar, which writes days as 2026-03-02 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class AskForm(forms.Form):
    """Thank somebody or ask for something, by mail or otherwise."""

    how = forms.ChoiceField(
        label=_("How?"), choices=BY_COLLEAGUES, initial=How.MAIL.value, widget=forms.RadioSelect
    )
    early_access = forms.ModelChoiceField(
        label=_("What may they try?"),
        queryset=EarlyAccess.objects.none(),
        to_field_name="public_id",
        empty_label=None,
    )
    subject = forms.CharField(label=_("Subject"), max_length=SUBJECT_LIMIT, required=False)
    body = forms.CharField(
        label=_("Message"),
        max_length=BODY_LIMIT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("A link to a page of their own is put below it."),
    )
    said = forms.ChoiceField(
        label=_("What did they say?"),
        choices=[
            (Became.OPEN.value, _("Nothing yet")),
            (Became.YES.value, _("Yes")),
            (Became.NO.value, _("No")),
        ],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Only when you spoke to them."),
    )

    def __init__(
        self,
        kind: AskKind,
        organisation: Organisation,
        *args: Any,
        language: str,
        has_mail: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].widget.attrs["lang"] = language
        self.fields["body"].widget.attrs["lang"] = language
        is_mail = not self.is_bound or self.data.get("how") == How.MAIL
        for name in ("subject", "body"):
            self.fields[name].required = is_mail
        if not has_mail:
            how = cast("forms.ChoiceField", self.fields["how"])
            how.choices = [pair for pair in BY_COLLEAGUES if pair[0] != How.MAIL.value]
            how.initial = How.PHONE.value
            del self.fields["subject"], self.fields["body"]
        if kind is AskKind.EARLY_ACCESS:
            lists = EarlyAccess.objects.filter(
                organisation=organisation, closed_at=None, removed_at=None
            )
            cast(
                "forms.ModelChoiceField[EarlyAccess]", self.fields["early_access"]
            ).queryset = lists
        else:
            del self.fields["early_access"]
        if kind is AskKind.THANK:
            del self.fields["said"]
            if has_mail:
                self.fields["body"].help_text = ""


class ProgrammeForm(forms.Form):
    """The referral programme in words of the organisation's own."""

    is_on = forms.BooleanField(label=_("The programme runs"), required=False)
    address = forms.CharField(
        label=_("Where does a friend land?"),
        max_length=400,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("A page of your own that begins with https. The code is put behind it."),
    )
    is_offered = forms.BooleanField(
        label=_("Offer the link in the thank-you to the highest group"),
        required=False,
        help_text=_(
            "Only after the answer, only to people we know, and without a word about a gift."
        ),
    )
    currency = forms.CharField(label=_("Currency"), max_length=8, initial="EUR")
    rest_days = forms.IntegerField(
        label=_("Days of rest between two questions"),
        min_value=7,
        max_value=730,
        initial=REST_DAYS,
        help_text=_("Whatever somebody was asked for: nobody asks them anything else for so long."),
    )

    PARTS = (
        ("text", _("What a friend reads on landing (%(language)s)")),
        ("friend", _("What the friend gets (%(language)s)")),
        ("giver", _("What the giver gets (%(language)s)")),
    )

    def __init__(self, organisation: Organisation, programme: Programme | None, data: Any = None):
        super().__init__(data, initial=_initial(programme))
        words = programme.words if programme else {}
        for code in sorted(LANGUAGES, key=lambda one: (one != organisation.language, one)):
            for part, label in self.PARTS:
                self.fields[f"{part}_{code}"] = forms.CharField(
                    label=label % {"language": LANGUAGE_NAMES.get(code, code)},
                    required=False,
                    max_length=1200 if part == "text" else 300,
                    initial=words.get(code, {}).get(part, ""),
                    widget=forms.Textarea(attrs={"rows": 3, "lang": code})
                    if part == "text"
                    else forms.TextInput(attrs={"lang": code}),
                )

    def clean_address(self) -> str:
        """Only a page of their own, over https."""
        address: str = self.cleaned_data["address"].strip()
        if address and not is_own_address(address):
            raise forms.ValidationError(
                _("Give a whole address that begins with https:// and holds no log-in.")
            )
        return address

    def clean(self) -> dict[str, Any]:
        """A programme that runs leads somewhere."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("is_on") and "address" in cleaned and not cleaned["address"]:
            self.add_error("address", _("A programme that runs needs a page to lead to."))
        return cleaned

    def values(self) -> dict[str, Any]:
        """What was filled in, in the columns of the model."""
        plain = ("is_on", "address", "is_offered", "currency", "rest_days")
        words = {
            code: {part: self.cleaned_data[f"{part}_{code}"].strip() for part, _l in self.PARTS}
            for code in LANGUAGES
        }
        return {name: self.cleaned_data[name] for name in plain} | {"words": words}


class ConversionForm(forms.Form):
    """A new customer who came with a code, told by hand."""

    customer = forms.CharField(
        label=_("Number of the new customer"),
        max_length=120,
        help_text=_("As in your own administration; the customers of Retention are known by it."),
    )
    happened_on = forms.DateField(label=_("Customer since"), widget=DayInput())
    revenue = forms.DecimalField(
        label=_("Revenue in a year"),
        required=False,
        min_value=0,
        max_digits=16,
        decimal_places=2,
        localize=True,
    )
    email = forms.EmailField(label=_("E-mail address, if you know it"), required=False)

    def clean_happened_on(self) -> date:
        """It has happened."""
        day: date = self.cleaned_data["happened_on"]
        if day > timezone.localdate() + timedelta(days=1):
            raise forms.ValidationError(_("That day is still to come."))
        return day


class FileForm(forms.Form):
    """A table of new customers."""

    file = forms.FileField(
        label=_("A table as CSV"),
        help_text=_(
            "With the columns code and customer; date, revenue and email if you have them."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def clean_file(self) -> Any:
        """No larger than is read at once."""
        found = self.cleaned_data["file"]
        if found.size > LARGEST_BYTES:
            raise forms.ValidationError(_("This file is larger than 2 MB. Divide it in two."))
        return found


class ReferenceForm(forms.Form):
    """What a reference customer is good for."""

    product = forms.CharField(
        label=_("About which product or service"), max_length=120, required=False
    )
    sector = forms.CharField(label=_("Sector"), max_length=120, required=False)
    languages = forms.MultipleChoiceField(
        label=_("Speaks"), choices=SPOKEN, required=False, widget=forms.CheckboxSelectMultiple
    )
    yearly_cap = forms.IntegerField(
        label=_("At most so often in a year"), min_value=1, max_value=52, initial=YEARLY_CAP
    )
    note = forms.CharField(
        label=_("Good to know"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Such as: prefers to be called in the morning."),
    )

    def values(self) -> dict[str, Any]:
        """What was filled in, in the columns of the model."""
        names = ("product", "sector", "yearly_cap", "note")
        return {name: self.cleaned_data[name] for name in names} | {
            "languages": " ".join(self.cleaned_data["languages"])
        }


class AgreedForm(ReferenceForm):
    """Somebody agreed: in which words, how and when."""

    consent_text = forms.CharField(
        label=_("What they agreed to, word for word"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    how = forms.ChoiceField(label=_("How did they agree?"), choices=BY_COLLEAGUES)
    agreed_on = forms.DateField(label=_("On which day"), widget=DayInput())

    field_order = ("consent_text", "how", "agreed_on")

    def clean_agreed_on(self) -> date:
        """Nobody agreed tomorrow."""
        day: date = self.cleaned_data["agreed_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("That day is still to come."))
        return day


class UseForm(forms.Form):
    """A prospect got this reference."""

    prospect = forms.CharField(label=_("For which prospect"), max_length=160)
    used_on = forms.DateField(label=_("On which day"), widget=DayInput())
    note = forms.CharField(label=_("What came of it"), max_length=500, required=False)


class EarlyAccessForm(forms.Form):
    """An early-access list."""

    title = forms.CharField(label=_("What can be tried?"), max_length=120)
    text = forms.CharField(
        label=_("What they should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("They read it on their page before they say yes."),
    )
    places = forms.IntegerField(label=_("Places"), min_value=1, max_value=10_000, initial=10)


class RemarkForm(forms.Form):
    """What somebody said who tries something."""

    text = forms.CharField(
        label=_("What did they say?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )


class NarrowForm(forms.Form):
    """Which reference customers to show; everything stands in the address."""

    q = forms.CharField(
        label=_("Product, sector or name"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    language = forms.ChoiceField(
        label=_("Speaks"), required=False, choices=[("", _("Any language")), *SPOKEN]
    )
    free = forms.ChoiceField(
        label=_("Who to show"),
        required=False,
        choices=[("", _("Everybody")), ("now", _("Who may be called now"))],
    )


def _initial(programme: Programme | None) -> dict[str, Any]:
    names = ("is_on", "address", "is_offered", "currency", "rest_days")
    return {name: getattr(programme, name) for name in names} if programme else {}
