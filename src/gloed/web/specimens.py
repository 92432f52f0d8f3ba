"""The examples on the style guide: every part in every state, with made-up answers."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy

from gloed.base.figure_theme import BANDS, DARK, LIGHT, band_scale, theme
from gloed.stats.estimate import Estimate
from gloed.web.templatetags.gloed import as_score

MINUS_28 = Estimate(value=-28.23, low=-32.1, high=-24.3, n=1626, method="score")
FEW = Estimate(value=21.4, low=-27.0, high=58.1, n=14, method="score")
SATISFIED = Estimate(value=0.624, low=0.581, high=0.666, n=487, method="wilson")
CHANGES = (
    (Estimate(value=9.2, low=4.1, high=14.3, n=812, method="mover"), True),
    (Estimate(value=-7.4, low=-12.9, high=-1.8, n=640, method="mover"), True),
    (Estimate(value=2.1, low=-3.0, high=7.2, n=701, method="mover"), False),
)
SEGMENTS = (
    ("Verhuizing", Estimate(value=18.2, low=10.9, high=25.3, n=412, method="score"), True),
    ("Storing", Estimate(value=-4.0, low=-11.2, high=3.4, n=388, method="score"), False),
    ("Factuur", Estimate(value=-31.4, low=-38.0, high=-24.6, n=506, method="score"), True),
)
MONTHS = (
    (11, 8.0, 14.2, 20.4), (12, 10.1, 16.0, 21.9), (1, 4.4, 10.3, 16.2), (2, -9.8, -3.6, 2.6),
    (3, -14.0, -8.1, -2.2), (4, -6.2, -0.4, 5.4), (5, 2.0, 7.9, 13.8), (6, 7.1, 13.2, 19.3),
    (7, 9.0, 15.1, 21.2), (8, 8.2, 14.4, 20.6), (9, 11.4, 17.3, 23.2), (10, 13.0, 18.8, 24.6),
)  # fmt: skip
COUNTS = {"detractor": 702, "passive": 681, "promoter": 243}


@dataclass(frozen=True, slots=True)
class Figure:
    """What parts/figure.html asks for."""

    id: str
    title: str
    says: str
    spec: dict[str, Any]
    columns: list[str]
    rows: list[list[str]]
    csv_url: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What parts/answer.html asks for."""

    rating: int
    verbatim: str
    who: str
    about: str
    at: datetime
    language: str = "nl"
    themes: tuple[str, ...] = ()
    case_url: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Definition:
    """What parts/definition.html asks for."""

    rows: list[tuple[str, str]] = field(default_factory=list)
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Story:
    """What parts/story.html asks for."""

    about: str
    title: str
    text: str
    action: str = ""
    estimate: Estimate | None = None
    is_clear: bool = False
    compared_with: str = ""


class SurveyForm(forms.Form):
    """Every kind of field, for the style guide only."""

    name = forms.CharField(
        label=gettext_lazy("Name of the survey"),
        help_text=gettext_lazy("Only colleagues see this name."),
    )
    email = forms.EmailField(label=gettext_lazy("Mail the results to"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"), choices=[("nl", "Nederlands"), ("en", "English")]
    )
    metric = forms.ChoiceField(
        label=gettext_lazy("What it measures"),
        choices=[("nps", "NPS 0–10"), ("csat", "CSAT 1–5"), ("ces", "CES 1–7")],
        widget=forms.RadioSelect,
        initial="nps",
    )
    note = forms.CharField(
        label=gettext_lazy("Note for colleagues"), widget=forms.Textarea, required=False
    )
    is_open = forms.BooleanField(label=gettext_lazy("Open it at once"), required=False)


class FilterForm(forms.Form):
    """A few filters, for the style guide only."""

    touchpoint = forms.ChoiceField(
        label=gettext_lazy("Touchpoint"),
        choices=[("", "Alles"), ("factuur", "Factuur"), ("storing", "Storing")],
        required=False,
    )
    since = forms.DateField(
        label=gettext_lazy("From"),
        widget=forms.DateInput(attrs={"type": "date"}),
        required=False,
    )
    words = forms.CharField(label=gettext_lazy("Words"), required=False)


def context(request: HttpRequest) -> dict[str, Any]:
    """Everything the style guide shows."""
    return {
        "swatches": [(name, LIGHT[name], DARK[name]) for name in LIGHT],
        "sizes": ("xs", "s", "l", "xl", "2xl", "3xl", "4xl"),
        "scores": {"sure": MINUS_28, "few": FEW, "share": SATISFIED},
        "changes": CHANGES,
        "segments": SEGMENTS,
        "bands": COUNTS.items(),
        "now": timezone.localtime(),
        "until": timezone.localtime(),
        "stories": _stories(),
        "definition": _definition(),
        "answers": _answers(),
        "figures": [_trend(), _distribution()],
        "blank_form": SurveyForm(),
        "problem_form": SurveyForm(
            {"email": "anna@", "metric": "nps", "language": "nl"}, auto_id="problem_%s"
        ),
        "filter_form": FilterForm(request.GET or None),
        "active_filters": [("Factuur", "?"), (gettext("from 1 Oct 2025"), "?")],
        "saved_views": [
            (gettext("All answers"), "?", True),
            (gettext("Only the north"), "?", False),
        ],
        "tabs": [
            (gettext("Score"), "#tabs", True),
            (gettext("Answers"), "#tabs", False),
            (gettext("Settings"), "#tabs", False),
        ],
        "crumbs": [(gettext("Surveys"), "#crumbs"), ("Klantrelatie 2026", "#crumbs")],
        "steps": [
            (gettext("File"), "done"),
            (gettext("Columns"), "now"),
            (gettext("Result"), "later"),
        ],
        "page_of_answers": Paginator(range(1626), 50).page(2),
    }


def _stories() -> list[Story]:
    return [
        Story(
            about="Factuur",
            title=gettext("Customers are less content with their bill since September"),
            text=gettext("What they say most: the amount cannot be followed. Three teams see it."),
            action=gettext("Read the 64 answers"),
            estimate=CHANGES[1][0],
            is_clear=True,
            compared_with=gettext("compared with summer"),
        ),
        Story(
            about="Verhuizing",
            title=gettext("Moving house holds steady"),
            text=gettext("The fall in one week is what chance does with 31 answers."),
            estimate=CHANGES[2][0],
            compared_with=gettext("compared with summer"),
        ),
        Story(
            about=gettext("Asking"),
            title=gettext("240 people can be asked again"),
            text=gettext("Their rest period ended this week."),
            action=gettext("Look at the invitations"),
        ),
    ]


def _definition() -> Definition:
    return Definition(
        rows=[
            (gettext("Period"), gettext("1 October 2025 to 30 September 2026")),
            (gettext("Which answers"), gettext("the latest of each person")),
            (gettext("Filters"), gettext("none")),
            (gettext("Left out"), gettext("12 test answers, 3 without a rating")),
            (gettext("Interval"), gettext("95%, multinomial score")),
        ],
        formula="100 × (promoters − detractors) / n",
    )


def _answers() -> list[Answer]:
    return [
        Answer(
            rating=9,
            verbatim="De monteur belde van tevoren en legde rustig uit wat er mis was. "
            "Binnen het uur was het weer warm in huis.",
            who="A. de Vries",
            about="Storing",
            at=datetime(2026, 11, 20, 14, 5, tzinfo=UTC),
            themes=("monteur", "uitleg", "snelheid"),
            url="#answers",
        ),
        Answer(
            rating=2,
            verbatim="I moved house and still received two bills for the old address. "
            "Three calls, three different answers.",
            who="J. Okafor",
            about="Verhuizing",
            at=datetime(2026, 11, 19, 9, 40, tzinfo=UTC),
            language="en",
            themes=("bills", "being passed on"),
            case_url="#answers",
        ),
        Answer(
            rating=7,
            verbatim="",
            who="",
            about="Factuur",
            at=datetime(2026, 11, 18, 20, 12, tzinfo=UTC),
        ),
    ]


def _trend() -> Figure:
    months = [date(2025 if month > 10 else 2026, month, 1) for month, *_ in MONTHS]
    values = [
        {"month": month.isoformat(), "low": low, "score": score, "high": high}
        for month, (_, low, score, high) in zip(months, MONTHS, strict=True)
    ]
    x = {
        "field": "month",
        "type": "temporal",
        "title": None,
        "axis": {"format": "%b", "tickCount": "month"},
    }
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "height": 240,
        "encoding": {"x": x},
        "layer": [
            {
                "mark": "area",
                "encoding": {
                    "y": {"field": "low", "type": "quantitative", "title": None},
                    "y2": {"field": "high"},
                },
            },
            {
                "mark": {"type": "line", "point": True, "tooltip": True},
                "encoding": {"y": {"field": "score", "type": "quantitative"}},
            },
        ],
        **theme(),
    }
    return Figure(
        id="trend",
        title=gettext("NPS by month"),
        says=gettext(
            "After a dip in February and March the score is back: 19 (13 to 25) in October."
        ),
        spec=spec,
        columns=[gettext("Month"), "NPS", gettext("from"), gettext("to")],
        rows=[
            [date_format(month, "N Y"), as_score(score), as_score(low), as_score(high)]
            for month, (_, low, score, high) in zip(months, MONTHS, strict=True)
        ],
        csv_url="#figures",
    )


def _distribution() -> Figure:
    names = {
        "detractor": gettext("Detractors"),
        "passive": gettext("Passives"),
        "promoter": gettext("Promoters"),
    }
    total = sum(COUNTS.values())
    values = [{"band": band, "name": names[band], "share": COUNTS[band] / total} for band in BANDS]
    y = {
        "field": "name", "type": "nominal", "title": None, "sort": [names[band] for band in BANDS],
    }  # fmt: skip
    x = {"field": "share", "type": "quantitative", "title": None, "axis": None}
    color = {"field": "band", "type": "nominal", "legend": None, "scale": band_scale()}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "height": {"step": 34},
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "bar", "height": 20}, "encoding": {"color": color}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 13},
                "encoding": {"text": {"field": "share", "type": "quantitative", "format": ".0%"}},
            },
        ],
        **theme(),
    }
    return Figure(
        id="distribution",
        title=gettext("How the ratings divide"),
        says=gettext("43% are detractors, 42% passives and 15% promoters."),
        spec=spec,
        columns=[gettext("Group"), gettext("Answers")],
        rows=[[names[band], str(COUNTS[band])] for band in BANDS],
    )
