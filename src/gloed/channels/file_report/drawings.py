"""Figures as SVG inside a page of its own: drawn twice, for a sheet of paper and for a phone."""

import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from gloed.analysis.drawing import svgs
from gloed.analysis.figures import Figure
from gloed.base.figure_theme import LIGHT, SMALL

WIDE, NARROW = 620, 330
_OPENING = re.compile(r"<svg\b[^>]*>")
_VIEW_BOX = re.compile(r'viewBox="([\d.\s-]+)"')
_IDENTITY = re.compile(r'(\bid="|url\(#|href="#)')
_NAMESPACE = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')


@dataclass(frozen=True, slots=True)
class Drawing:
    """A figure with its two drawings."""

    figure: Figure
    wide: SafeString
    narrow: SafeString


def draw(figures: Sequence[Figure]) -> list[Drawing]:
    """Draw these figures in one go."""
    if not figures:
        return []
    specs = [_fitted(figure.spec, width) for figure in figures for width in (WIDE, NARROW)]
    found = svgs(specs, language=get_language() or "en")
    drawn = [_as_part(text, f"d{place}") for place, text in enumerate(found)]
    return [
        Drawing(figure, drawn[2 * place], drawn[2 * place + 1])
        for place, figure in enumerate(figures)
    ]


def colour_rules() -> str:
    """Style rules that put a token in the place of its light colour, so that dark is dark."""
    return "\n".join(
        f'.drawing [{kind}="{colour}"] {{ {kind}: var(--{name}); }}'
        for name, colour in LIGHT.items()
        for kind in ("fill", "stroke")
    )


def _fitted(spec: dict[str, Any], width: int) -> dict[str, Any]:
    """The specification at a width, without what only a page with scripts can use."""
    fitted: dict[str, Any] = deepcopy(spec)
    config = {**fitted.get("config", {}), "aria": False}
    fitted |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    # the reader's letters may be wider than the converter's: air where names stand
    left = 32 if any(map(_has_names, fitted.get("layer", []))) and width == WIDE else 8
    fitted["padding"] = {"left": left, "right": 12, "top": 4, "bottom": 4}
    for layer in (fitted, *fitted.get("layer", [])):
        layer.get("encoding", {}).pop("tooltip", None)
        across = layer.get("encoding", {}).get("x", {})
        if across.get("type") == "temporal" and isinstance(across.get("axis"), dict):
            across["axis"] |= {"labelSeparation": 14}
    if width == NARROW:
        _make_narrow(fitted)
    return {**fitted, "config": config}


def _make_narrow(spec: dict[str, Any]) -> None:
    """Fewer marks along an axis, shorter names, and the names of bands in two rows."""
    for layer in (spec, *spec.get("layer", [])):
        for channel in ("x", "y"):
            field = layer.get("encoding", {}).get(channel, {})
            axis = field.get("axis")
            if isinstance(axis, dict):
                axis |= {"tickCount": 3 if field.get("type") == "temporal" else 4}
                axis |= {"labelLimit": 118} if "labelLimit" in axis else {}
    names = [layer["mark"] for layer in spec.get("layer", []) if _is_name(layer)]
    if len(names) > 2:
        for mark in names[1::2]:
            mark["dy"] = -2 * SMALL - 8
        spec["padding"] = {**spec["padding"], "top": 2 * SMALL + 10}


def _has_names(layer: dict[str, Any]) -> bool:
    """Whether the names of groups stand beside a layer."""
    return "labelLimit" in (layer.get("encoding", {}).get("y", {}).get("axis") or {})


def _is_name(layer: dict[str, Any]) -> bool:
    """Whether a layer writes fixed words, as over the bands of a distribution."""
    mark = layer.get("mark")
    return isinstance(mark, dict) and mark.get("type") == "text" and "text" in mark


def _as_part(text: str, prefix: str) -> SafeString:
    """A drawing as part of a page: no address of a namespace, no name that occurs twice."""
    found = _VIEW_BOX.search(text)
    box = found[1] if found else f"0 0 {WIDE} 200"
    opening = f'<svg class="drawing" viewBox="{box}" aria-hidden="true" focusable="false">'
    text = _NAMESPACE.sub("", _OPENING.sub(lambda _match: opening, text, count=1))
    text = _IDENTITY.sub(lambda match: f"{match[1]}{prefix}_", text)
    return mark_safe(text)  # noqa: S308 - drawn by the converter, which escapes the words in it
