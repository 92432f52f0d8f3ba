"""What is asked on the pages of persons."""

from django import forms
from django.utils.translation import gettext_lazy as _

WAYS = {
    "staff:phone": _("by telephone"),
    "staff:mail": _("by mail or letter"),
    "staff:in_person": _("face to face"),
    "staff:other": _("in another way"),
}
"""How somebody can tell a colleague that they want no surveys, by the code that is kept.

Only what a colleague wrote down can a colleague take back (`rules.may_lift`).
"""
SOURCES = {
    **WAYS,
    "one_click": _("with one click in the mail program"),
    "page": _("on their own page"),
    "reply": _("in a reply to a mail"),
    "text": _("in a reply to a text message"),
    "complaint": _("by marking a mail as unwanted"),
}


class PeopleFilterForm(forms.Form):
    """What of the persons to show; everything stands in the address."""

    q = forms.CharField(
        label=_("Name, e-mail address or customer number"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    only = forms.ChoiceField(
        label=_("Who"),
        required=False,
        choices=[("", _("Everybody")), ("out", _("Who gets no surveys"))],
    )
    sort = forms.CharField(required=False, widget=forms.HiddenInput())


class OptOutForm(forms.Form):
    """Somebody wants no more surveys; how they told is kept with it."""

    how = forms.ChoiceField(label=_("How did they tell you?"), choices=list(WAYS.items()))
