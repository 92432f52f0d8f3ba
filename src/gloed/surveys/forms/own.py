"""A wording for the organisation's own library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.surveys import labels
from gloed.surveys.forms.written import FURTHER_SCALES, read_scale, scale_name
from gloed.surveys.rules import LABEL_LIMIT, OPTION_LIMIT, TEXT_LIMIT, Kind, Metric

_RATED = (Metric.NPS, Metric.CSAT, Metric.CES, Metric.ENPS)
_KINDS = [(metric.value, labels.METRIC_NAMES[metric]) for metric in _RATED] + [
    (kind.value, labels.KIND_NAMES[kind]) for kind in Kind if kind is not Kind.CONTACT
]
MOST_OPTIONS = 20


class OwnWordingForm(forms.Form):
    """A question with its words in every language that is filled in, and when to use it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=_KINDS)
    scale = forms.ChoiceField(
        label=_("Scale"),
        required=False,
        choices=[(scale_name(scale), labels.scale_words(scale)) for scale in FURTHER_SCALES],
        help_text=_("Only for a grade; recommending is always 0–10."),
    )
    note = forms.CharField(label=_("When to use it"), max_length=200, required=False)

    def __init__(
        self, *args: Any, languages: tuple[str, ...] = ("nl", "en"), **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.languages = languages
        for language in languages:
            for name, label, limit, is_long in (
                ("text", _("Question"), TEXT_LIMIT, False),
                ("low", _("Words at the low end"), LABEL_LIMIT, False),
                ("high", _("Words at the high end"), LABEL_LIMIT, False),
                ("options", _("Answers to choose from, one a line"), 2400, True),
            ):
                self.fields[f"{name}_{language}"] = forms.CharField(
                    label=label,
                    max_length=limit,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 3, "lang": language})
                    if is_long or name == "text"
                    else forms.TextInput(attrs={"lang": language}),
                )

    @property
    def columns(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of each language."""
        names = ("text", "low", "high", "options")
        return [
            (labels.language_name(one), [self[f"{name}_{one}"] for name in names])
            for one in self.languages
        ]

    def clean(self) -> dict[str, Any]:
        """Words in one language at least, and what the kind asks for in each that has words."""
        found: dict[str, Any] = super().clean() or {}
        written = [one for one in self.languages if found.get(f"text_{one}")]
        if not written:
            raise forms.ValidationError(_("Write the question in one language at least."))
        is_choice = found.get("kind") in (Kind.SINGLE, Kind.MULTIPLE)
        for one in written:
            options = _lines(found.get(f"options_{one}", ""))
            if is_choice and not 2 <= len(options) <= MOST_OPTIONS:
                self.add_error(f"options_{one}", _("Give 2 to 20 answers, each on a line."))
            if any(len(option) > OPTION_LIMIT for option in options):
                self.add_error(f"options_{one}", _("An answer fits in 120 characters."))
        if is_choice and len({len(_lines(found.get(f"options_{one}", ""))) for one in written}) > 1:
            raise forms.ValidationError(_("Give as many answers in each language."))
        return found

    def entry(self) -> dict[str, Any]:
        """The wording as the library writes one, once the form is valid."""
        found = self.cleaned_data
        entry: dict[str, Any] = {"kind": found["kind"], "topics": []}
        is_rated = found["kind"] in {*(metric.value for metric in _RATED), Kind.RATING.value}
        if is_rated:
            scale = read_scale(found["scale"], FURTHER_SCALES) or FURTHER_SCALES[0]
            ends = [0, 10] if found["kind"] in (Metric.NPS, Metric.ENPS) else None
            entry["scale"] = ends or [scale.minimum, scale.maximum]
            entry["high_is_good"] = True if ends else scale.high_is_good
        if found["kind"] == Kind.CONSENT:
            entry["purpose"] = "contact"
        for one in self.languages:
            if found[f"text_{one}"]:
                entry[one] = {
                    "text": found[f"text_{one}"],
                    "low": found[f"low_{one}"] if is_rated else "",
                    "high": found[f"high_{one}"] if is_rated else "",
                    "options": _lines(found[f"options_{one}"]),
                }
        return entry


def initial_of(kind: str, note: str, entry: dict[str, Any]) -> dict[str, Any]:
    """What the form of a kept wording starts with."""
    values: dict[str, Any] = {"kind": kind, "note": note}
    if entry.get("scale"):
        minimum, maximum = entry["scale"]
        direction = "up" if entry.get("high_is_good", True) else "down"
        values["scale"] = f"{minimum}-{maximum}-{direction}"
    for language, words in entry.items():
        if isinstance(words, dict):
            values |= {
                f"{name}_{language}": words.get(name, "") for name in ("text", "low", "high")
            }
            values[f"options_{language}"] = "\n".join(words.get("options", ()))
    return values


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
