"""The flow between the groups: as broad as the number of people who went that way."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from gloed.analysis import words
from gloed.analysis.customers.moves.report import ORDER, MovesReport
from gloed.analysis.customers.moves.words import names_of_bands, paragraph
from gloed.analysis.figures.drawn import Figure, spec_of
from gloed.base.figure_theme import BODY, LIGHT
from gloed.stats import Transitions

STEPS = 24
GAP = 0.12
"""Air between two groups, as a share of everybody."""
ROOM = 0.55
"""Room for the words beside the flow, in widths of the flow."""


@dataclass(frozen=True, slots=True)
class Node:
    """One group at one side: where it begins and ends, from the bottom."""

    band: str
    start: float
    end: float
    n: float


def flow(report: MovesReport, transitions: Transitions, *, csv_url: str = "") -> Figure:
    """People from their group before to their group after."""
    names = names_of_bands(report.subject.metric)
    labels = [names[band] for band in ORDER]
    rows = [
        [labels[i], *(words.number(n) for n in reversed(row)), words.number(sum(row))]
        for i, row in reversed(list(enumerate(transitions.rows)))
    ]
    return Figure(
        id="flow",
        title=_("From where to where the same people went"),
        says=" ".join(paragraph(report)[:1]),
        spec=_spec(transitions, labels),
        columns=[_("Before \\ now"), *reversed(labels), _("All")],
        rows=rows,
        exact_columns=["before", "after", "people", "share"],
        exact=[
            [ORDER[i].value, ORDER[j].value, int(n), n / transitions.n if transitions.n else None]
            for i, row in enumerate(transitions.rows)
            for j, n in enumerate(row)
        ],
        csv_url=csv_url,
    )


def _spec(transitions: Transitions, labels: list[str]) -> dict[str, Any]:
    gap = GAP * transitions.n
    before = [sum(row) for row in transitions.rows]
    after = [sum(row[j] for row in transitions.rows) for j in range(3)]
    left, right = _nodes(before, gap), _nodes(after, gap)
    x = {
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-ROOM, 1 + ROOM], "nice": False, "zero": False},
    }
    y = {"type": "quantitative", "axis": None, "scale": {"nice": False, "zero": True}}
    colors = {
        "domain": ["up", "same", "down"],
        "range": [LIGHT["promoter"], LIGHT["passive"], LIGHT["detractor"]],
    }
    bands = {"domain": [band.value for band in ORDER],
             "range": [LIGHT["detractor"], LIGHT["passive"], LIGHT["promoter"]]}  # fmt: skip
    flows = {
        "data": {"values": _flows(transitions, left, right, labels)},
        "mark": {"type": "area", "opacity": 0.38, "interpolate": "linear"},
        "encoding": {
            "x": {**x, "field": "x"},
            "y": {**y, "field": "low"},
            "y2": {"field": "high"},
            "detail": {"field": "flow"},
            "color": {"field": "way", "type": "nominal", "scale": colors, "legend": None},
            "tooltip": [
                {"field": "name", "title": _("Way"), "type": "nominal"},
                {"field": "n", "title": _("People"), "type": "quantitative"},
            ],
        },
    }
    marks = [flows]
    for at, nodes, align in ((0.0, left, "right"), (1.0, right, "left")):
        marks.append(_bars(at, nodes, x, y, bands))
        marks.append(_words(at, nodes, x, y, labels, align))
    spec = spec_of([{"none": 0}], height=330, layer=marks)
    return spec | {"resolve": {"scale": {"color": "independent"}}}


def _nodes(counts: list[float], gap: float) -> list[Node]:
    at, found = 0.0, []
    for band, n in zip(ORDER, counts, strict=True):
        found.append(Node(band.value, at, at + n, n))
        at += n + gap
    return found


def _flows(
    transitions: Transitions, left: list[Node], right: list[Node], labels: list[str]
) -> list[dict[str, Any]]:
    leaves = [node.start for node in left]
    arrives = [node.start for node in right]
    values: list[dict[str, Any]] = []
    for i, row in enumerate(transitions.rows):
        for j, n in enumerate(row):
            if n:
                way = "same" if i == j else "up" if j > i else "down"
                name = labels[i] if i == j else f"{labels[i]} → {labels[j]}"
                values += [
                    {"flow": f"{i}{j}", "way": way, "name": name, "n": n, "x": x,
                     "low": start, "high": start + n}
                    for x, start in _bend(leaves[i], arrives[j])
                ]  # fmt: skip
            leaves[i] += n
            arrives[j] += n
    return values


def _bend(start: float, end: float) -> list[tuple[float, float]]:
    points = []
    for step in range(STEPS + 1):
        at = step / STEPS
        points.append((at, start + (end - start) * (3 * at**2 - 2 * at**3)))
    return points


def _bars(
    at: float, nodes: list[Node], x: dict[str, Any], y: dict[str, Any], bands: dict[str, Any]
) -> dict[str, Any]:
    values = [{"band": n.band, "at": at, "low": n.start, "high": n.end} for n in nodes if n.n]
    return {
        "data": {"values": values},
        "mark": {"type": "rule", "strokeWidth": 7, "strokeCap": "butt"},
        "encoding": {
            "x": {**x, "field": "at"},
            "y": {**y, "field": "low"},
            "y2": {"field": "high"},
            "color": {"field": "band", "type": "nominal", "scale": bands, "legend": None},
        },
    }


def _words(
    at: float,
    nodes: list[Node],
    x: dict[str, Any],
    y: dict[str, Any],
    labels: list[str],
    align: str,
) -> dict[str, Any]:
    values = [
        {
            "at": at,
            "middle": (node.start + node.end) / 2,
            "text": f"{label}\n{words.number(node.n)}",
        }
        for node, label in zip(nodes, labels, strict=True)
        if node.n
    ]
    return {
        "data": {"values": values},
        "mark": {
            "type": "text",
            "align": align,
            "baseline": "middle",
            "dx": 10 if align == "left" else -10,
            "lineBreak": "\n",
            "fontSize": BODY,
            "color": LIGHT["ink"],
        },
        "encoding": {
            "x": {**x, "field": "at"},
            "y": {**y, "field": "middle"},
            "text": {"field": "text", "type": "nominal"},
        },
    }
