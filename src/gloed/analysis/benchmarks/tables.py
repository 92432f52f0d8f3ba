"""A table of published numbers from a file: every row checked before any is kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from gloed.analysis.benchmarks.forms import BenchmarkForm
from gloed.analysis.benchmarks.rules import Kind, Mode, Sector, Statistic
from gloed.analysis.benchmarks.words import KINDS, MODES, SECTORS, STATISTICS
from gloed.analysis.customers.value.cells import read_text
from gloed.analysis.customers.value.tables import Table

HEADS: Mapping[str, tuple[str, ...]] = {
    "sector": ("sector", "industry", "branche"),
    "name": ("name", "company", "naam", "bedrijf", "organisation", "organisatie"),
    "source": ("source", "bron"),
    "year": ("year", "jaar"),
    "country": ("country", "land"),
    "mode": ("mode", "channel", "kanaal", "asked", "gevraagd"),
    "kind": ("kind", "about", "over", "soort"),
    "method": ("method", "methode", "note", "opmerking"),
    "statistic": ("statistic", "metric", "maat"),
    "value": ("value", "score", "nps", "waarde"),
    "n": ("n", "answers", "antwoorden", "base"),
}
NEEDED = ("sector", "source", "year", "value")
MOST_PROBLEMS = 10


class BadTable(Exception):
    """A table in which something cannot be read; the text says which rows, and why."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def read_benchmarks(table: Table) -> list[dict[str, Any]]:
    """The checked values of each row. Raises BadTable where one cannot be read."""
    columns = _columns(table.heads)
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        raise BadTable([_("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}])
    known = {
        "sector": _by_words(Sector, SECTORS),
        "mode": _by_words(Mode, MODES),
        "kind": _by_words(Kind, KINDS),
        "statistic": _by_words(Statistic, STATISTICS),
    }
    usual = {"mode": Mode.UNKNOWN.value, "kind": Kind.UNKNOWN.value,
             "statistic": Statistic.NPS.value}  # fmt: skip
    found, problems = [], []
    for place, row in enumerate(table.rows, start=2):
        given = {name: read_text(row[at], 200) for name, at in columns.items()}
        for name, names in known.items():
            text = given.get(name, "")
            given[name] = names.get(text.casefold(), text) or usual.get(name, "")
        given["value"] = given["value"].replace("\u2212", "-").replace("%", "").replace(",", ".")
        form = BenchmarkForm(given)
        if form.is_valid():
            found.append(form.cleaned_data)
            continue
        name, words = next(iter(form.errors.items()))
        said = {"row": place, "name": name, "text": given.get(name, ""), "words": words[0]}
        problems.append(_("Row %(row)s, %(name)s “%(text)s”: %(words)s") % said)
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise BadTable(problems)
    return found


def _columns(heads: Sequence[str]) -> dict[str, int]:
    plain = [head.strip().casefold() for head in heads]
    return {
        name: plain.index(word)
        for name, words in HEADS.items()
        for word in words[::-1]
        if word in plain
    }


def _by_words(kind: Any, labels: Mapping[Any, Any]) -> dict[str, str]:
    """The stored value by itself and by its words in both languages."""
    found = {one.value: one.value for one in kind}
    read: Callable[[Any], str] = str
    for language in ("en", "nl"):
        with override(language):
            found |= {read(words).casefold(): one.value for one, words in labels.items()}
    return found
