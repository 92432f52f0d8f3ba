"""The form of a connection: what its connector needs, and what it wants to hear."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.base.models import Organisation
from gloed.integrations.connectors.models import Connection
from gloed.integrations.connectors.shape import Connector, Setting, Unusable
from gloed.integrations.webhooks.forms import BANDS, WORDS
from gloed.integrations.webhooks.rules import News, Wish
from gloed.surveys.models import Survey

FIRST = (News.RESPONSE_CREATED.value, News.ALERT_RAISED.value)


class ConnectionForm(forms.Form):
    """A connection, new or changed. A secret that is kept already may stay empty."""

    name = forms.CharField(
        label=_("Name for yourselves"), max_length=120, help_text=_("“Service team, Slack”.")
    )

    def __init__(
        self,
        connector: Connector,
        organisation: Organisation,
        *args: Any,
        connection: Connection | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.connector, self.connection = connector, connection
        for setting in connector.settings:
            self.fields[f"set_{setting.name}"] = self._field(setting)
        if connector.hears:
            self._ask_what_it_hears(organisation)

    def given(self) -> dict[str, str]:
        """What was typed for the connector."""
        return {
            one.name: str(self.cleaned_data.get(f"set_{one.name}") or "").strip()
            for one in self.connector.settings
        }

    def wish(self) -> Wish:
        """What it wants to hear of."""
        told = self.cleaned_data
        return Wish(
            frozenset(told.get("news") or ()),
            frozenset(told.get("bands") or ()),
            frozenset(told.get("surveys") or ()),
        )

    def refuse(self, refusal: Unusable) -> None:
        """Show beside the field why it cannot be used."""
        name = f"set_{refusal.name}"
        self.add_error(name if name in self.fields else None, str(refusal.words))

    def _field(self, setting: Setting) -> forms.Field:
        known = self.connection
        is_kept = known is not None and setting.is_secret
        common: dict[str, Any] = {
            "label": setting.label,
            "help_text": _("Kept sealed; leave it empty to keep it.") if is_kept else setting.help,
            "required": setting.is_required and not is_kept,
        }
        if known is not None and not setting.is_secret:
            common["initial"] = known.settings.get(setting.name, "")
        if setting.choices:
            return forms.ChoiceField(choices=setting.choices, **common)
        attributes = {"autocomplete": "off", "spellcheck": "false"}
        if setting.placeholder:
            attributes["placeholder"] = setting.placeholder
        widget = (
            forms.PasswordInput(attrs=attributes, render_value=False)
            if setting.is_secret
            else forms.TextInput(attrs=attributes)
        )
        return forms.CharField(max_length=4_000, widget=widget, **common)

    def _ask_what_it_hears(self, organisation: Organisation) -> None:
        connector, known = self.connector, self.connection
        # who keeps tickets and contacts wants all of it; where a team looks, little is more
        few = [news for news in FIRST if news in connector.hears] or list(connector.hears[:1])
        usual = list(connector.hears) if connector.needs_person else few
        self.fields["news"] = forms.MultipleChoiceField(
            label=_("It hears when"),
            choices=[(news.value, WORDS[news]) for news in News if news.value in connector.hears],
            initial=known.news if known else usual,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["bands"] = forms.MultipleChoiceField(
            label=_("Only answers of"),
            choices=[(band.value, words) for band, words in BANDS.items()],
            initial=known.bands if known else [] if connector.needs_person else ["detractor"],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            help_text=_("Nothing ticked: all of them."),
        )
        surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
        titles = [(str(key), title) for key, title in surveys.values_list("public_id", "title")]
        if titles:
            self.fields["surveys"] = forms.MultipleChoiceField(
                label=_("Only of these surveys"),
                choices=titles,
                initial=known.surveys if known else [],
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_("Nothing ticked: all of them."),
            )
        self.fields["with_words"] = forms.BooleanField(
            label=_("Tell what people wrote"),
            initial=known.with_words if known else True,
            required=False,
        )
        if not connector.needs_person:
            self.fields["with_person"] = forms.BooleanField(
                label=_("Tell who it was"),
                initial=known.with_person if known else False,
                required=False,
                help_text=_(
                    "Personal data leaves the house here: tick it only where it is needed."
                ),
            )
