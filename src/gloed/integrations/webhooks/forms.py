"""The form of an endpoint: where to, and what it wants to hear."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.integrations.webhooks.models import Endpoint
from gloed.integrations.webhooks.operations import CannotCall, check_url
from gloed.integrations.webhooks.rules import News, Wish
from gloed.surveys.models import Survey
from gloed.surveys.rules import Band

WORDS = {
    News.RESPONSE_CREATED: _("somebody answers"),
    News.RESPONSE_UPDATED: _("an answer changes"),
    News.RESPONSE_DELETED: _("an answer is withdrawn"),
    News.INVITATION_SENT: _("an invitation is sent"),
    News.INVITATION_BOUNCED: _("an invitation cannot be delivered"),
    News.PERSON_UNSUBSCRIBED: _("somebody wants no more surveys"),
    News.PERSON_ERASED: _("somebody is erased"),
    News.CASE_OPENED: _("a case is opened"),
    News.CASE_OVERDUE: _("a case is overdue"),
    News.CASE_CLOSED: _("a case is closed"),
    News.IMPORT_FINISHED: _("an import is done"),
    News.ALERT_RAISED: _("an alarm is raised"),
}
BANDS = {
    Band.DETRACTOR: _("detractors and the dissatisfied"),
    Band.PASSIVE: _("passives and those in between"),
    Band.PROMOTER: _("promoters and the satisfied"),
}
REFUSALS = {
    "not_https": _("The address must begin with https://."),
    "private": _("This address is inside the network of the server and is not called."),
    "no_host": _("No machine of this name can be found."),
    "has_login": _("Leave the name and password out of the address."),
    "port": _("This port is not called."),
}


class EndpointForm(forms.Form):
    """A new endpoint."""

    url = forms.CharField(
        label=_("Address"),
        max_length=2_000,
        widget=forms.URLInput(attrs={"placeholder": "https://", "autocomplete": "off"}),
    )
    name = forms.CharField(label=_("What it is for"), max_length=120, required=False)
    news = forms.MultipleChoiceField(
        label=_("It hears when"),
        choices=[(news.value, WORDS[news]) for news in News],
        initial=[News.RESPONSE_CREATED.value, News.RESPONSE_UPDATED.value],
        widget=forms.CheckboxSelectMultiple,
    )
    bands = forms.MultipleChoiceField(
        label=_("Only answers of"),
        choices=[(band.value, words) for band, words in BANDS.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: all of them."),
    )
    surveys = forms.MultipleChoiceField(
        label=_("Only of these surveys"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: all of them."),
    )
    shape = forms.ChoiceField(
        label=_("Shape"), choices=Endpoint.Shape.choices, widget=forms.RadioSelect, initial="full"
    )
    with_person = forms.BooleanField(
        label=_("Tell name, address and attributes too"),
        required=False,
        help_text=_("Personal data leaves the house here: tick it only where it is needed."),
    )

    def __init__(self, organisation: Organisation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
        self.fields["surveys"].choices = [  # type: ignore[attr-defined]  # a field of choices
            (str(public_id), title)
            for public_id, title in surveys.values_list("public_id", "title")
        ]
        if not surveys:
            del self.fields["surveys"]

    def clean_url(self) -> str:
        """An address that may be called."""
        url: str = self.cleaned_data["url"].strip()
        try:
            check_url(url)
        except CannotCall as refusal:
            words = REFUSALS.get(refusal.reason, _("This is no address that can be called."))
            raise forms.ValidationError(words) from None
        return url

    def wish(self) -> Wish:
        """What it wants to hear of."""
        told = self.cleaned_data
        return Wish(
            frozenset(told["news"]), frozenset(told["bands"]), frozenset(told.get("surveys") or ())
        )
