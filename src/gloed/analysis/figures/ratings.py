"""How the ratings divide."""

from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.figures.drawn import Figure, spec_of
from gloed.analysis.filters import band_names
from gloed.analysis.measures import Kind, Measure, band_counts, bands_of
from gloed.base.figure_theme import LIGHT, band_scale
from gloed.stats import Histogram
from gloed.surveys.rules import Band


def distribution(measure: Measure, histogram: Histogram, csv_url: str = "") -> Figure:
    """How often each rating was given, by band."""
    bands = bands_of(measure.metric, measure.scale)
    names = band_names(measure.metric)
    shares = {
        band: count / histogram.n
        for band, count in band_counts(measure.metric, measure.scale, histogram).items()
    }
    counted = list(zip(measure.scale.values, histogram.counts, strict=True))
    values: list[dict[str, Any]] = [
        {
            "rating": str(rating),
            "band": bands[rating].value,
            "name": names[bands[rating].value],
            "count": count,
            "share": count / histogram.n,
            "text": words.score(count / histogram.n, Kind.SHARE) if count else "",
        }
        for rating, count in counted
    ]
    order = [str(rating) for rating in measure.scale.values]
    x = {
        "field": "rating",
        "type": "ordinal",
        "sort": order,
        "title": None,
        "axis": {"labelAngle": 0, "labelColor": LIGHT["ink"], "ticks": False, "domain": True},
    }
    top = 1.34 * max(value["share"] for value in values)
    y = {"field": "share", "type": "quantitative", "axis": None, "scale": {"domain": [0, top]}}
    color = {"field": "band", "type": "nominal", "legend": None, "scale": band_scale()}
    spec = spec_of(
        values,
        height=220,
        encoding={"x": x},
        layer=[
            {
                "mark": {"type": "bar", "width": {"band": 0.72}},
                "encoding": {
                    "y": y,
                    "color": color,
                    "tooltip": [
                        {"field": "rating", "title": _("Rating"), "type": "nominal"},
                        {"field": "name", "title": _("Group"), "type": "nominal"},
                        {"field": "count", "title": _("Answers"), "type": "quantitative"},
                        {"field": "text", "title": _("Share"), "type": "nominal"},
                    ],
                },
            },
            {
                "mark": {"type": "text", "dy": -8, "fontSize": 12},
                "encoding": {"y": y, "text": {"field": "text", "type": "nominal"}},
            },
            *_band_labels(measure, names, shares),
        ],
    )
    parts = {
        band.value: f"{words.score(shares[band], Kind.SHARE)} {names[band.value].lower()}"
        for band in Band
    }
    says = _("%(detractor)s, %(passive)s and %(promoter)s.") % parts
    return Figure(
        id="distribution",
        title=_("How the ratings divide"),
        says=says,
        spec=spec,
        columns=[_("Rating"), _("Answers"), _("Share"), _("Group")],
        rows=[
            [str(v["rating"]), words.number(v["count"]), v["text"] or "0%", v["name"]]
            for v in values
        ],
        exact_columns=["rating", "answers", "share", "band"],
        exact=[[v["rating"], int(v["count"]), v["share"], v["band"]] for v in values],
        csv_url=csv_url,
    )


def _band_labels(
    measure: Measure, names: dict[str, str], shares: dict[Band, float]
) -> list[dict[str, Any]]:
    """The name and share of each band, above the middle of its bars."""
    bands = bands_of(measure.metric, measure.scale)
    colors = {Band.DETRACTOR: "detractor", Band.PASSIVE: "quiet", Band.PROMOTER: "promoter"}
    layers = []
    for band in Band:
        ratings = [rating for rating in measure.scale.values if bands[rating] is band]
        if not ratings:
            continue
        middle = str(ratings[len(ratings) // 2])
        label = [names[band.value], words.score(shares[band], Kind.SHARE)]
        layers.append(
            {
                "data": {"values": [{"rating": middle}]},
                "mark": {
                    "type": "text",
                    "text": label,
                    "baseline": "top",
                    "fontWeight": 600,
                    "fontSize": 11,
                    "color": LIGHT[colors[band]],
                },
                "encoding": {
                    "x": {
                        "field": "rating",
                        "type": "ordinal",
                        "bandPosition": 0.5 if len(ratings) % 2 else 0,
                    },
                    "y": {"value": 0},
                },
            }
        )
    return layers
