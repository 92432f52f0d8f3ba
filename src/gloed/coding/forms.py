"""Forms of this room: filters, how a codebook starts, and what a theme says."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gloed.base.models import Organisation
from gloed.coding.rules.editing import Data, ThemeWords
from gloed.coding.rules.seeds import lines_of, seeds_of, unfit_lines
from gloed.surveys.models import Survey

LANGUAGE_NAMES = {"nl": "Nederlands", "en": "English", "de": "Deutsch"}
PACK_NAMES = {
    "retail": gettext_lazy("Shops and web shops"),
    "telecom_energy": gettext_lazy("Telecom and energy"),
    "hospitality": gettext_lazy("Hotels, restaurants and leisure"),
    "public_transport": gettext_lazy("Public transport"),
    "care": gettext_lazy("Care"),
    "finance": gettext_lazy("Banks and insurers"),
    "software": gettext_lazy("Software"),
    "b2b_services": gettext_lazy("Services to firms"),
}
PERIODS = {
    "": gettext_lazy("All time"),
    "30": gettext_lazy("Last 30 days"),
    "90": gettext_lazy("Last 90 days"),
    "365": gettext_lazy("Last 365 days"),
}
WHO = {"promoters": 1, "passives": 0, "detractors": -1}
LONGEST_FILE = 2_000_000


class ScopeForm(forms.Form):
    """The filters of the themes: a survey and a period."""

    survey = forms.ChoiceField(label=gettext_lazy("Survey"), required=False)
    when = forms.ChoiceField(
        label=gettext_lazy("Period"), required=False, choices=list(PERIODS.items())
    )
    who = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, query: QueryDict, *, organisation: Organisation, today: date) -> None:
        surveys = Survey.objects.filter(organisation=organisation, deleted_at=None)
        self.surveys = {
            str(public_id): (pk, title)
            for public_id, pk, title in surveys.values_list("public_id", "pk", "title")
        }
        asked = {
            "survey": query.get("survey", "") if query.get("survey", "") in self.surveys else "",
            "when": query.get("when", "") if query.get("when", "") in PERIODS else "",
            "who": query.get("who", "") if query.get("who", "") in WHO else "",
        }
        super().__init__(asked, auto_id="filter_%s")
        offered = [(public_id, title) for public_id, (_pk, title) in self.surveys.items()]
        self.fields["survey"].choices = [  # type: ignore[attr-defined]  # a ChoiceField's
            ("", gettext_lazy("All surveys")),
            *offered,
        ]
        self.asked = asked
        self.today = today

    @property
    def narrowing(self) -> dict[str, Any]:
        """What a scope takes."""
        survey = self.surveys.get(self.asked["survey"])
        days = self.asked["when"]
        return {
            "survey": survey[0] if survey else None,
            "since": self.today - timedelta(days=int(days) - 1) if days else None,
            "score_class": WHO.get(self.asked["who"]),
        }

    def address(self, **changed: str) -> str:
        """The query part of the address, with some of it changed."""
        query = QueryDict(mutable=True)
        query.update({key: value for key, value in {**self.asked, **changed}.items() if value})
        return f"?{query.urlencode()}" if query else "?"

    @property
    def active(self) -> list[tuple[str, str]]:
        """The filters in use, each with the address without it."""
        found = []
        if self.asked["survey"]:
            found.append((self.surveys[self.asked["survey"]][1], self.address(survey="")))
        if self.asked["when"]:
            found.append((str(PERIODS[self.asked["when"]]), self.address(when="")))
        return found


class StartForm(forms.Form):
    """How a codebook starts: which trades, which languages."""

    packs = forms.MultipleChoiceField(
        label=gettext_lazy("Your trade"),
        help_text=gettext_lazy("Adds the themes of that trade to those that every trade has."),
        choices=list(PACK_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages of your answers"),
        choices=list(LANGUAGE_NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=list(LANGUAGE_NAMES),
        error_messages={"required": gettext_lazy("Choose at least one language.")},
    )


class ThemeForm(forms.Form):
    """A theme: names, definition, seeds and examples per language, and where it belongs."""

    def __init__(
        self,
        data: Any = None,
        *,
        languages: Sequence[str],
        parents: Iterable[tuple[str, str]],
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.languages = languages
        for language in languages:
            self._add_language(language)
        self.fields["parent"] = forms.ChoiceField(
            label=_("Belongs under"),
            required=False,
            choices=[("", _("No other theme")), *parents],
        )
        self.fields["general"] = forms.BooleanField(
            label=_("Only counts where no other theme is named (praise, blame)"), required=False
        )

    def _add_language(self, language: str) -> None:
        spoken = {"lang": language}
        lines = forms.Textarea(attrs={"rows": 8, "spellcheck": "false", **spoken})
        self.fields[f"name_{language}"] = forms.CharField(
            label=_("Name"),
            max_length=80,
            required=False,
            widget=forms.TextInput(attrs=spoken),
        )
        self.fields[f"definition_{language}"] = forms.CharField(
            label=_("What it is about"),
            max_length=400,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2, **spoken}),
        )
        self.fields[f"seeds_{language}"] = forms.CharField(
            label=_("Words that speak of it"),
            help_text=_(
                "One a line: price, pric* for a beginning, value for money as a phrase, "
                "and -price tag for what rules it out."
            ),
            required=False,
            widget=lines,
        )
        for kind, label in (
            ("examples", _("Answers that name it")),
            ("counter_examples", _("Answers that sound like it and do not name it")),
        ):
            self.fields[f"{kind}_{language}"] = forms.CharField(
                label=label,
                help_text=_("One a line, for whoever codes or edits after you."),
                max_length=4_000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, **spoken}),
            )

    @property
    def by_language(self) -> list[tuple[str, str, list[forms.BoundField], bool]]:
        """Code, name and fields of each language; the first is open, and where something is wrong.

        The others are folded under the theme's name in them: ten fields at once are a wall.
        """
        kinds = ("name", "definition", "seeds", "examples", "counter_examples")
        found = []
        for place, each in enumerate(self.languages):
            fields = [self[f"{kind}_{each}"] for kind in kinds]
            is_open = place == 0 or any(field.errors for field in fields)
            found.append((each, LANGUAGE_NAMES.get(each, each), fields, is_open))
        return found

    @property
    def rest(self) -> list[forms.BoundField]:
        """The fields that go for all languages."""
        return [self["parent"], self["general"]]

    def clean(self) -> dict[str, Any]:
        """Every problem beside its field."""
        found: dict[str, Any] = super().clean() or {}
        if not any(found.get(f"name_{language}") for language in self.languages):
            self.add_error(f"name_{self.languages[0]}", _("Give it a name in one language."))
        for language in self.languages:
            unfit = unfit_lines(found.get(f"seeds_{language}", ""))
            if unfit:
                self.add_error(
                    f"seeds_{language}",
                    _(
                        "These lines cannot be used: %(lines)s. A beginning has three letters or "
                        "more, a phrase at most eight words."
                    )
                    % {"lines": ", ".join(unfit[:5])},
                )
        return found

    @property
    def words(self) -> ThemeWords:
        """What was written."""
        said = self.cleaned_data
        return ThemeWords(
            names={each: said[f"name_{each}"].strip() for each in self.languages},
            definition={
                each: " ".join(said[f"definition_{each}"].split()) for each in self.languages
            },
            seeds={each: seeds_of(said[f"seeds_{each}"]) for each in self.languages},
            examples={each: _lines_of(said[f"examples_{each}"]) for each in self.languages},
            counter_examples={
                each: _lines_of(said[f"counter_examples_{each}"]) for each in self.languages
            },
            parent=said["parent"],
            is_general=said["general"],
        )


def initial_of(theme: Data, *, is_general: bool) -> dict[str, Any]:
    """A theme as the form shows it."""
    found: dict[str, Any] = {"parent": theme.get("parent", ""), "general": is_general}
    for language, name in theme.get("names", {}).items():
        found[f"name_{language}"] = name
    for language, text in theme.get("definition", {}).items():
        found[f"definition_{language}"] = text
    for language, seeds in theme.get("seeds", {}).items():
        found[f"seeds_{language}"] = lines_of(seeds)
    for kind in ("examples", "counter_examples"):
        for language, texts in theme.get(kind, {}).items():
            found[f"{kind}_{language}"] = "\n".join(texts)
    return found


def _lines_of(text: str) -> list[str]:
    """Lines without blanks around them, each once; empty ones are left out."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if line))


class FileForm(forms.Form):
    """A codebook as a file."""

    file = forms.FileField(
        label=gettext_lazy("A codebook as a TOML file"),
        help_text=gettext_lazy("It takes the place of the draft; you see what changes first."),
    )
