"""One look for every figure: on a page, in a mail, in a PDF and in a notebook.

The colours are those of the light page (`web/static/gloed/css/tokens.css`; a test holds the two
together). A figure in the page follows the reader's light or dark by itself: figures.js puts the
token in the place of its light colour. Outside a page, `theme(DARK)` draws on dark paper.
"""

from types import MappingProxyType
from typing import Any, Final

Palette = MappingProxyType[str, str]

LIGHT: Final[Palette] = MappingProxyType(
    {
        "paper": "#fbfaf7",
        "wash": "#f4f1ea",
        "ink": "#1d1b18",
        "quiet": "#6b655d",
        "line": "#e6e1d8",
        "edge": "#8c857a",
        "ember": "#b3410e",
        "glow": "#f9e3d5",
        "detractor": "#b4432f",
        "passive": "#a8a29a",
        "promoter": "#1f7a6d",
        "on-promoter": "#fffefc",
    }
)
DARK: Final[Palette] = MappingProxyType(
    {
        "paper": "#161513",
        "wash": "#24211d",
        "ink": "#efebe4",
        "quiet": "#a9a299",
        "line": "#33302b",
        "edge": "#7d766c",
        "ember": "#f08a4b",
        "glow": "#432415",
        "detractor": "#e58471",
        "passive": "#8f897f",
        "promoter": "#5dbcad",
        "on-promoter": "#161513",
    }
)
BANDS: Final[tuple[str, str, str]] = ("detractor", "passive", "promoter")
FONT: Final[str] = (
    'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif'
)
SMALL, BODY = 12, 13  # px, type in a figure


def theme(palette: Palette = LIGHT) -> dict[str, Any]:
    """The look of a figure as a Vega-Lite theme, to register with Altair.

    Direct labels come before legends, bars start at zero by Vega-Lite's own default, grid lines are
    hairlines and only across; what a figure says is said by its sentence, so titles stay outside.
    """
    return {"config": {**_page(palette), **_axes(palette), **_marks(palette)}}


def band_scale(palette: Palette = LIGHT) -> dict[str, list[str]]:
    """Domain and range of a colour scale for detractors, passives and promoters."""
    return {"domain": list(BANDS), "range": [palette[band] for band in BANDS]}


def _page(palette: Palette) -> dict[str, Any]:
    return {
        "background": "transparent",
        "font": FONT,
        "padding": 4,
        "view": {"stroke": None, "continuousWidth": 640, "continuousHeight": 260},
        "title": {
            "color": palette["ink"],
            "anchor": "start",
            "fontSize": BODY,
            "fontWeight": 600,
            "subtitleColor": palette["quiet"],
        },
        "range": {
            "category": [palette[name] for name in ("ink", "ember", "promoter", "edge", "passive")],
            "ordinal": [palette[name] for name in ("line", "passive", "edge", "quiet", "ink")],
        },
        "legend": {
            "labelColor": palette["ink"],
            "labelFontSize": BODY,
            "titleColor": palette["quiet"],
            "titleFontSize": SMALL,
            "titleFontWeight": 400,
            "orient": "top",
            "symbolType": "square",
        },
        "header": {
            "labelColor": palette["ink"],
            "labelFontSize": BODY,
            "labelFontWeight": 600,
            "labelAnchor": "start",
            "titleColor": palette["quiet"],
        },
    }


def _axes(palette: Palette) -> dict[str, Any]:
    common = {
        "labelColor": palette["quiet"],
        "labelFontSize": SMALL,
        "labelPadding": 6,
        "titleColor": palette["quiet"],
        "titleFontSize": SMALL,
        "titleFontWeight": 400,
        "titlePadding": 10,
        "gridColor": palette["line"],
        "domainColor": palette["edge"],
        "tickColor": palette["edge"],
        "tickSize": 4,
        "labelOverlap": "greedy",
    }
    return {
        "axis": common,
        "axisX": {"grid": False},
        "axisY": {"domain": False, "ticks": False, "tickCount": 5},
        "axisBand": {"grid": False, "domain": False, "ticks": False, "labelColor": palette["ink"]},
    }


def _marks(palette: Palette) -> dict[str, Any]:
    return {
        "mark": {"color": palette["ink"]},
        "bar": {"color": palette["edge"], "cornerRadiusEnd": 1},
        "line": {"color": palette["ink"], "strokeWidth": 1.75, "strokeJoin": "round"},
        "area": {"color": palette["quiet"], "opacity": 0.18, "line": False},
        "point": {"color": palette["ink"], "filled": True, "size": 48, "opacity": 1},
        "circle": {"color": palette["ink"], "size": 48, "opacity": 1},
        "rule": {"color": palette["ink"], "strokeWidth": 1.5},
        "tick": {"color": palette["ink"]},
        "text": {"color": palette["ink"], "fontSize": SMALL},
    }
