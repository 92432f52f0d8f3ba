"""Pictures of coverage: the silent as the fourth group, and who answers."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gloed.analysis import words
from gloed.analysis.coverage import words as told
from gloed.analysis.coverage.report import CoverageReport
from gloed.analysis.figures.drawn import Figure, names_axis, spec_of
from gloed.analysis.filters import band_names
from gloed.analysis.measures import Kind
from gloed.base.figure_theme import BANDS as BAND_COLOURS
from gloed.base.figure_theme import BODY, LIGHT
from gloed.surveys.rules import Band

NAMES = ("four", "segments", "weights")
FEWEST_TO_NAME = 0.07
"""A piece of the bar narrower than this leaves its number to the table."""


def figures_of(report: CoverageReport, *, csv_url: Any) -> dict[str, Figure]:
    """The figures that can be drawn, by name."""
    found: dict[str, Figure] = {}
    if report.bands is not None and report.asked:
        found["four"] = four(report, csv_url("four"))
    if any(row.reached is not None for row in report.segments):
        found["segments"] = segments(report, csv_url("segments"))
    if report.strata and report.weighted is not None:
        found["weights"] = weights(report, csv_url("weights"))
    return found


def four(report: CoverageReport, csv_url: str = "") -> Figure:
    """Of everybody asked: those above, between and below, and the silent."""
    groups = _groups(report)
    values: list[dict[str, Any]] = []
    start = 0.0
    for place, (name, share, people, ink) in enumerate(groups):
        values.append(
            {
                "name": name,
                "place": place,
                "from": start,
                "to": start + share,
                "middle": start + share / 2,
                "label": words.score(share, Kind.SHARE) if share >= FEWEST_TO_NAME else "",
                "share": words.score(share, Kind.SHARE),
                "people": people,
                "colour": ink,
            }
        )
        start += share
    colour = {
        "field": "name",
        "type": "nominal",
        "sort": [value["name"] for value in values],
        "scale": {
            "domain": [value["name"] for value in values],
            "range": [value["colour"] for value in values],
        },
        "legend": {
            "title": None,
            "labelLimit": 160,
            "columns": 4,
            "columnPadding": 6,
            "symbolSize": 60,
        },
    }
    x = {
        "type": "quantitative",
        "scale": {"domain": [0, 1]},
        "axis": {"title": None, "format": ".0%", "tickCount": 5, "grid": False},
    }
    tooltip = [
        {"field": "name", "title": _("Group"), "type": "nominal"},
        {"field": "share", "title": _("Of those asked"), "type": "nominal"},
        {"field": "people", "title": _("People"), "type": "quantitative"},
    ]
    return Figure(
        id="four",
        title=_("Everybody who was asked"),
        says=_("%(silent)s of everybody asked kept silent.")
        % {"silent": words.score(1 - (report.rate or 0), Kind.SHARE)},
        spec=spec_of(
            values,
            height=70,
            layer=[
                {"mark": {"type": "bar", "height": 46, "cornerRadius": 0},
                 "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"},
                              "color": colour, "tooltip": tooltip}},
                {"mark": {"type": "text", "fontSize": BODY},
                 "encoding": {"x": {**x, "field": "middle"},
                              "text": {"field": "label", "type": "nominal"},
                              "color": {"condition": {"test": "datum.place < 3",
                                                      "value": LIGHT["on-promoter"]},
                                        "value": LIGHT["ink"]}}},
            ],
        ),
        columns=[_("Group"), _("Of those asked"), _("People")],
        rows=[[name, words.score(share, Kind.SHARE), words.number(people)]
              for name, share, people, _colour in groups],
        exact_columns=["group", "share_of_asked", "people"],
        exact=[[name, share, people] for name, share, people, _colour in groups],
        csv_url=csv_url,
    )  # fmt: skip


def _groups(report: CoverageReport) -> list[tuple[str, float, int, str]]:
    """Name, share of those asked, people and colour of the four groups."""
    bands, measure = report.bands or {}, report.measure
    if measure is None:
        return []
    names, total = band_names(measure.metric), sum(bands.values())
    rate = report.rate or 0.0
    order = (Band.PROMOTER, Band.PASSIVE, Band.DETRACTOR)
    found = [
        (names[band.value], rate * bands[band] / total, LIGHT[BAND_COLOURS[2 - place]])
        for place, band in enumerate(order)
    ]
    listed = [(name, share, round(share * report.asked), colour) for name, share, colour in found]
    return [*listed, (_("Silent"), 1 - rate, report.silent, LIGHT["line"])]


def segments(report: CoverageReport, csv_url: str = "") -> Figure:
    """How many of each segment answered."""
    names = dict(report.ground.names)
    shown = [(row, row.reached) for row in report.segments if row.reached is not None]
    values = [
        {
            "name": words.value_label(report.by, row.value, names),
            "rate": reached.rate,
            "text": words.score(reached.rate, Kind.SHARE),
            "asked": reached.asked,
            "answered": reached.answered,
        }
        for row, reached in sorted(shown, key=lambda pair: -pair[1].rate)
    ]
    column = words.column_label(report.by)
    room = 1.15 * max(reached.rate for _row, reached in shown) or 1.0  # for the number beside a bar
    y = names_axis([str(value["name"]) for value in values])
    x = {
        "field": "rate",
        "type": "quantitative",
        "scale": {"domain": [0, room], "nice": False},
        "axis": {"title": None, "format": ".0%", "tickCount": 5, "grid": False},
    }
    tooltip = [
        {"field": "name", "title": column, "type": "nominal"},
        {"field": "text", "title": pgettext("people", "Answered"), "type": "nominal"},
        {"field": "asked", "title": _("Asked"), "type": "quantitative"},
    ]
    return Figure(
        id="segments",
        title=_("Who answers, by %(column)s") % {"column": column.lower()},
        says=told.segment_words(report, names),
        spec=spec_of(
            values,
            height=30 * len(values) + 10,
            layer=[
                {"mark": {"type": "bar", "height": 16}, "encoding": {"x": x, "y": y,
                                                                     "tooltip": tooltip}},
                {"mark": {"type": "text", "align": "left", "dx": 6},
                 "encoding": {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}}},
            ],
        ),
        columns=[column, _("Asked"), pgettext("people", "Answered"), _("Share")],
        rows=[_segment_cells(report, row, names) for row in report.segments],
        exact_columns=["segment", "asked", "answered", "response_rate"],
        exact=[
            [row.value, row.reached.asked, row.reached.answered, row.reached.rate]
            if row.reached else [row.value, None, None, None]
            for row in report.segments
        ],
        csv_url=csv_url,
    )  # fmt: skip


def _segment_cells(report: CoverageReport, row: Any, names: dict[str, str]) -> list[str]:
    name = words.value_label(report.by, row.value, names)
    if row.reached is None:
        return [name, _("hidden"), "", ""]
    reached = row.reached
    return [
        name,
        words.number(reached.asked),
        words.number(reached.answered),
        words.score(reached.rate, Kind.SHARE),
    ]


def weights(report: CoverageReport, csv_url: str = "") -> Figure:
    """Share of the people beside share of the answers, and the weight that evens them."""
    column, names = report.strata_by, dict(report.ground.names)
    labels = (_("Of your people"), _("Of the answers"))
    values = [
        {"name": words.value_label(column, row.value, names), "kind": kind, "share": share,
         "text": words.score(share, Kind.SHARE)}
        for row in report.strata
        if row.answers is not None
        for kind, share in zip(labels, (row.population, row.answers), strict=True)
        if share is not None
    ]  # fmt: skip
    tooltip = [
        {"field": "name", "title": words.column_label(column), "type": "nominal"},
        {"field": "kind", "title": _("Share"), "type": "nominal"},
        {"field": "text", "title": _("Share"), "type": "nominal"},
    ]
    x = {
        "field": "share",
        "type": "quantitative",
        "scale": {"zero": True},
        "axis": {"title": None, "format": ".0%", "tickCount": 5, "grid": False},
    }
    shown = list(dict.fromkeys(str(value["name"]) for value in values))
    return Figure(
        id="weights",
        title=_("Your people and the answers, by %(column)s")
        % {"column": words.column_label(column).lower()},
        says=_weights_say(report, names, column),
        spec=spec_of(
            values,
            height=30 * len(shown) + 10,
            layer=[
                {"mark": {"type": "rule", "color": LIGHT["edge"]},
                 "encoding": {"x": {**x, "aggregate": "min"},
                              "x2": {"field": "share", "aggregate": "max"},
                              "y": names_axis(shown)}},
                {"mark": {"type": "point", "size": 80},
                 "encoding": {"x": x, "y": names_axis(shown), "tooltip": tooltip,
                              "color": {"field": "kind", "type": "nominal",
                                        "scale": {"domain": list(labels),
                                                  "range": [LIGHT["ink"], LIGHT["ember"]]},
                                        "legend": {"title": None}}}},
            ],
        ),
        columns=[words.column_label(column), *labels, _("Each answer counts for")],
        rows=[
            [words.value_label(column, row.value, names),
             words.score(row.population or 0, Kind.SHARE),
             _("hidden") if row.answers is None else words.score(row.answers, Kind.SHARE),
             "" if row.weight is None else words.number(row.weight, 2)]
            for row in report.strata
        ],
        exact_columns=["segment", "share_of_people", "share_of_answers", "weight"],
        exact=[[row.value, row.population, row.answers, row.weight] for row in report.strata],
        csv_url=csv_url,
    )  # fmt: skip


def _weights_say(report: CoverageReport, names: dict[str, str], column: str) -> str:
    known = [row for row in report.strata if row.weight is not None]
    if not known:
        return _("Every segment here is too small to show.")
    largest = max(known, key=lambda row: row.weight or 0)
    facts = {
        "name": words.value_label(column, largest.value, names),
        "people": words.score(largest.population or 0, Kind.SHARE),
        "answers": words.score(largest.answers or 0, Kind.SHARE),
        "weight": words.number(largest.weight or 0, 2),
    }
    return _("%(name)s is %(people)s of your people and %(answers)s of the answers: each of its "
             "answers counts for %(weight)s.") % facts  # fmt: skip
