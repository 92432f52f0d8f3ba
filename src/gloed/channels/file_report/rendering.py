"""The report as one HTML file that loads nothing: styles and drawings stand inside it."""

from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from gloed.channels.file_report.drawings import colour_rules
from gloed.channels.file_report.reports import FileReport

SHEETS = ("tokens", "reset", "base")
OWN_SHEET = Path(__file__).parent / "templates" / "file_report" / "report.css"


def render(report: FileReport) -> str:
    """The whole page, in the active language."""
    main = report.main
    also = [
        (measure.kind.value, measure, estimate)
        for one in (main, *report.others)
        for measure, estimate in one.also
        if one is main
    ]
    context = {
        "report": report,
        "kind": main.measure.kind.value,
        "low": main.measure.low,
        "high": main.measure.high,
        "also": also,
        "style": _style(),
        "language": translation.get_language(),
    }
    return render_to_string("file_report/report.html", context)


def _style() -> SafeString:
    sheets = [Path(_found(f"gloed/css/{name}.css")) for name in SHEETS]
    texts = [path.read_text(encoding="utf-8") for path in (*sheets, OWN_SHEET)]
    return mark_safe("\n".join([*texts, colour_rules()]))  # noqa: S308 - our own files


def _found(name: str) -> str:
    path = finders.find(name)
    if not isinstance(path, str):
        raise FileNotFoundError(name)
    return path
