"""Every rating of an account over time: a dot for each, no line, for they are few."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gloed.analysis import words
from gloed.analysis.figures.drawn import Figure, spec_of
from gloed.base.figure_theme import LIGHT

LEAST = 3


def ratings_over_time(history: list[tuple[datetime, int, str]]) -> Figure | None:
    """The ratings as dots; None where there are too few to see anything."""
    if len(history) < LEAST:
        return None
    values: list[dict[str, Any]] = [
        {
            "at": localtime(at).date().isoformat(),
            "rating": rating,
            "who": who,
            "band": "promoter" if rating >= 9 else "passive" if rating >= 7 else "detractor",
        }
        for at, rating, who in history
    ]
    tooltip = [
        {"field": "who", "title": _("Who"), "type": "nominal"},
        {"field": "rating", "title": _("Rating"), "type": "quantitative"},
        {"field": "at", "title": _("Answered"), "type": "temporal"},
    ]
    layer = [
        {
            "mark": {"type": "point", "size": 80, "filled": True, "opacity": 0.85},
            "encoding": {
                "x": {"field": "at", "type": "temporal", "scale": {"padding": 12},
                      "axis": {"title": None, "tickCount": 6, "grid": False}},
                "y": {"field": "rating", "type": "quantitative",
                      "scale": {"domain": [0, 10]}, "axis": {"title": None, "tickCount": 5}},
                "color": {
                    "field": "band", "type": "nominal", "legend": None,
                    "scale": {"domain": ["detractor", "passive", "promoter"],
                              "range": [LIGHT["detractor"], LIGHT["passive"], LIGHT["promoter"]]},
                },
                "tooltip": tooltip,
            },
        }
    ]  # fmt: skip
    said = ngettext(
        "%(n)s rating; the last one was %(last)s. So few say something of the people, and "
        "nothing of a trend.",
        "%(n)s ratings; the last one was %(last)s. So few say something of the people, and "
        "nothing of a trend.",
        len(history),
    )
    return Figure(
        id="ratings",
        title=_("What they rated"),
        says=said % {"n": words.number(len(history)), "last": history[-1][1]},
        spec=spec_of(values, height=220, layer=layer),
        columns=[_("Answered"), _("Who"), _("Rating")],
        rows=[[words.day(localtime(at).date()), who, str(r)] for at, r, who in history],
    )
