"""Starting a survey, and writing its words side by side."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from gloed.surveys import labels, library, operations
from gloed.surveys.models import Survey
from gloed.surveys.rules import (
    LABEL_LIMIT,
    SCALES,
    TEXT_LIMIT,
    Band,
    Content,
    Metric,
    OpenWords,
    Problem,
    QuestionWords,
    Scale,
)

LANGUAGES = [(code, labels.LANGUAGE_NAMES[code]) for code in library.LANGUAGES]


def _metric_choices() -> list[tuple[str, str]]:
    return [
        (
            metric.value,
            format_html("<span><strong>{}</strong><br>{}</span>", labels.METRIC_NAMES[metric], use),
        )
        for metric, use in labels.METRIC_USES
    ]


class StartForm(forms.Form):
    """What a survey is about: enough to make a draft with good words in it."""

    metric = forms.ChoiceField(
        label=_("What do you want to know?"),
        widget=forms.RadioSelect,
        choices=_metric_choices,
    )
    title = forms.CharField(
        label=_("Name for yourselves"),
        max_length=160,
        help_text=_("Respondents do not see it. “Customers, spring 2026” or “After a repair”."),
    )
    touchpoint = forms.CharField(
        label=_("Touchpoint"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "touchpoints"}),
        help_text=_("The moment of the journey it is about, such as the bill or the delivery."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        initial=list(library.LANGUAGES),
    )


class WordsForm(forms.Form):
    """A survey's words: each topic in every language, beside each other."""

    title = forms.CharField(label=_("Name for yourselves"), max_length=160)
    touchpoint = forms.CharField(
        label=_("Touchpoint"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"list": "touchpoints"}),
    )
    languages = forms.MultipleChoiceField(
        label=_("Ask in"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple
    )
    scale = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, survey: Survey, content: Content) -> None:
        self.metric = Metric(survey.metric)
        super().__init__(data, initial=_initial(survey, content))
        for topic, label, limit in self._topics():
            for code, _name in LANGUAGES:
                self.fields[f"{topic}_{code}"] = forms.CharField(
                    label=str(label),
                    max_length=limit,
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 2, "lang": code})
                    if limit == TEXT_LIMIT
                    else forms.TextInput(attrs={"lang": code}),
                )

    def _topics(self) -> Iterator[tuple[str, str | Promise, int]]:
        yield "text", _("Rating question"), TEXT_LIMIT
        yield "low", _("Words at the low end"), LABEL_LIMIT
        yield "high", _("Words at the high end"), LABEL_LIMIT
        yield "open", _("Open question for everybody"), TEXT_LIMIT
        for band, label in labels.band_topics(self.metric).items():
            yield f"open_{band}", label, TEXT_LIMIT

    @property
    def topics(self) -> list[tuple[str | Promise, list[tuple[str | Promise, forms.BoundField]]]]:
        """Each topic with its field per language."""
        return [
            (label, [(name, self[f"{topic}_{code}"]) for code, name in LANGUAGES])
            for topic, label, _limit in self._topics()
        ]

    def clean_scale(self) -> Scale:
        """The scale, as the library names it."""
        scale = read_scale(self.metric, self.cleaned_data["scale"])
        if scale is None:
            raise forms.ValidationError(labels.problem_text(Problem.UNKNOWN_SCALE, ""))
        return scale

    def content(self) -> Content:
        """What was written, once the form is valid."""
        return _content(
            self.metric,
            self.cleaned_data["scale"],
            self.cleaned_data["languages"],
            lambda name: self.cleaned_data.get(name, ""),
        )


def read_words(posted: Mapping[str, str], survey: Survey) -> Content | None:
    """The words of a form that may not be complete yet, for the preview; None if there are none."""
    metric = Metric(survey.metric)
    scale = read_scale(metric, posted.get("scale", ""))
    known = [code for code, _name in LANGUAGES]
    wanted = posted.getlist("languages") if hasattr(posted, "getlist") else known
    languages = [code for code in known if code in wanted] or known
    if scale is None or "text_" + known[0] not in posted:
        return None
    return _content(
        metric, scale, languages, lambda name: posted.get(name, "").strip()[:TEXT_LIMIT]
    )


def read_scale(metric: Metric, text: str) -> Scale | None:
    """A scale from its name in a form ("1-7-up"), if the metric is asked on it."""
    return next((scale for scale in SCALES[metric] if scale_name(scale) == text), None)


def scale_name(scale: Scale) -> str:
    """A scale's name in a form."""
    return f"{scale.minimum}-{scale.maximum}-{'up' if scale.high_is_good else 'down'}"


def _content(metric: Metric, scale: Scale, languages: list[str], text: Any) -> Content:
    return Content(
        metric=metric,
        scale=scale,
        rating={
            code: QuestionWords(text(f"text_{code}"), text(f"low_{code}"), text(f"high_{code}"))
            for code in languages
        },
        open={
            code: OpenWords(
                everybody=text(f"open_{code}"),
                by_band={band: text(f"open_{band}_{code}") for band in Band},
            )
            for code in languages
        },
    )


def _initial(survey: Survey, content: Content) -> dict[str, Any]:
    usual = operations.usual_content(survey.organisation, content.metric, scale=content.scale)
    values: dict[str, Any] = {
        "title": survey.title,
        "touchpoint": survey.touchpoint.name if survey.touchpoint else "",
        "languages": list(content.languages),
        "scale": scale_name(content.scale),
    }
    for code, _name in LANGUAGES:
        words = content.rating.get(code, usual.rating[code])
        opened = content.open.get(code, usual.open[code])
        values |= {
            f"text_{code}": words.text,
            f"low_{code}": words.low_label,
            f"high_{code}": words.high_label,
            f"open_{code}": opened.everybody,
        }
        values |= {f"open_{band}_{code}": text for band, text in opened.by_band.items()}
    return values
