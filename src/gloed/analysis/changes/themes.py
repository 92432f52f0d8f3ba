"""What people write about in both periods, beside what they score."""

from dataclasses import dataclass

from django.urls import reverse

from gloed.analysis.changes.report import ChangeReport
from gloed.analysis.queries import Filter
from gloed.analysis.schema import THEME
from gloed.analysis.store import Source
from gloed.analysis.themes.report import Move, moves_of

MOST_SHOWN = 8


@dataclass(frozen=True, slots=True)
class ThemeLine:
    """One theme in both periods, with its name and its page."""

    name: str
    url: str
    move: Move


@dataclass(frozen=True, slots=True)
class ThemeMoves:
    """Themes whose share changed, the clearest first; `comparisons` of them were looked at."""

    lines: tuple[ThemeLine, ...]
    has_clear: bool
    comparisons: int
    answers: tuple[int, int]


def theme_moves(
    source: Source, report: ChangeReport, *, minimum: int, teams: tuple[Filter, ...]
) -> ThemeMoves | None:
    """The themes of a report's two periods; None where nobody named one."""
    named = {key: name for key, name in report.names.items() if key.startswith(f"{THEME}:")}
    if not named or report.measure is None:
        return None
    filters = [*teams, *(Filter(column, (value,)) for column, value in report.asked.filters)]
    sides = [
        report.subject.selection(window, filters)
        for window in (report.asked.past, report.asked.window)
    ]
    moves, answers = moves_of(source, sides[0], sides[1], minimum=minimum)
    known = [move for move in moves if f"{THEME}:{move.key}" in named]
    if not known:
        return None
    clear = [move for move in known if move.is_clear]
    lines = tuple(
        ThemeLine(named[f"{THEME}:{m.key}"], reverse("coding:theme", args=[m.key]), m)
        for m in (clear or known)[:MOST_SHOWN]
    )
    return ThemeMoves(lines, bool(clear), len(known), answers)
