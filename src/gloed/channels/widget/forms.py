"""Making a widget: which sites, when, where and for how many."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gloed.channels.widget.models import Widget
from gloed.channels.widget.rules import MOST_PAGES, MOST_SITES, read_page, read_site

if TYPE_CHECKING:
    _WidgetForm = forms.ModelForm[Widget]
else:  # Django's class takes no parameter when it runs
    _WidgetForm = forms.ModelForm


class WidgetForm(_WidgetForm):
    """The fields of a widget; sites and pages stand one to a line."""

    sites = forms.CharField(
        label=_("On which websites"),
        help_text=_(
            "One to a line: https://www.example.nl, or https://*.example.nl for all its parts. "
            "No other site can show the widget."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    place = forms.ChoiceField(
        label=_("Where on the page"), choices=Widget.Place.choices, widget=forms.RadioSelect
    )
    when = forms.ChoiceField(
        label=_("When"),
        choices=Widget.When.choices,
        widget=forms.RadioSelect,
        help_text=_("A button or a question in the page itself is simply there."),
    )
    seconds = forms.IntegerField(label=_("Seconds to wait"), min_value=0, max_value=3600)
    percent = forms.IntegerField(label=_("Part of the page, in percent"), min_value=1, max_value=99)
    pages = forms.CharField(
        label=_("On which pages"),
        required=False,
        help_text=_(
            "One to a line; * stands for anything: /order/done, /help/*. Empty: everywhere."
        ),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
    )
    share = forms.IntegerField(
        label=_("Of so many visitors, in percent"),
        min_value=1,
        max_value=100,
        help_text=_("Drawn by chance. Less is kinder where many people come."),
    )
    theme = forms.ChoiceField(
        label=_("Light or dark"), choices=Widget.Theme.choices, widget=forms.RadioSelect
    )

    class Meta:
        model = Widget
        fields = (
            "name", "sites", "place", "when", "seconds", "percent", "pages", "share", "theme"
        )  # fmt: skip
        help_texts = {"name": _("For yourselves, such as “Shop, after an order”.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("sites", "pages"):
            self.initial[name] = "\n".join(getattr(self.instance, name) or [])

    def clean_sites(self) -> list[str]:
        """The sites as they are compared."""
        lines = _lines(self.cleaned_data["sites"])
        found = [read_site(line) for line in lines]
        for line, site in zip(lines, found, strict=True):
            if site is None:
                text = gettext("%(line)s is no address we can use. It begins with https://.")
                raise forms.ValidationError(text % {"line": line[:80]})
        if len(lines) > MOST_SITES:
            raise forms.ValidationError(gettext("Twenty sites is the most."))
        return list(dict.fromkeys(site for site in found if site))

    def clean_pages(self) -> list[str]:
        """The patterns of pages."""
        lines = _lines(self.cleaned_data["pages"])
        found = [read_page(line) for line in lines]
        if None in found or len(lines) > MOST_PAGES:
            raise forms.ValidationError(
                gettext("Write at most twenty, one to a line, without blanks, ? and #.")
            )
        return list(dict.fromkeys(page for page in found if page))

    @property
    def values(self) -> dict[str, Any]:
        """What was chosen, by field of the model."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
