"""The form of a population table: a file, and which column of the answers it is about."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gloed.analysis.coverage.rules import BadTable, Population, read_population
from gloed.analysis.coverage.words import bad_words
from gloed.analysis.customers.value.tables import UnreadableTable, Why, read_table
from gloed.analysis.words import column_label

MOST_BYTES = 5_000_000
WHY = {
    Why.EMPTY: gettext_lazy("The file is empty."),
    Why.NO_TABLE: gettext_lazy("This is no CSV file and no workbook."),
    Why.NO_ROWS: gettext_lazy("The file holds heads and nothing below them."),
    Why.TOO_MANY_ROWS: gettext_lazy("The file holds too many rows for a table of segments."),
    Why.LOCKED: gettext_lazy("The workbook cannot be opened; perhaps it has a password."),
}

Choices = Mapping[str, Sequence[tuple[str | None, str]]]


class PopulationForm(forms.Form):
    """How many people there are in each segment."""

    column = forms.ChoiceField(label=gettext_lazy("The segments are of"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "CSV or Excel with two columns: the segment, as your answers call it, and its number "
            "of people."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.xls,.ods"}),
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        kwargs["auto_id"] = "population_%s"
        super().__init__(*args, **kwargs)
        self.choices = choices
        field: Any = self.fields["column"]
        field.choices = [(name, column_label(name)) for name in choices]
        self.population: Population | None = None

    def clean_file(self) -> Any:
        """Small enough to be a table of segments."""
        given = self.cleaned_data["file"]
        if (given.size or 0) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than a table of segments can be."))
        return given

    def clean(self) -> dict[str, Any]:
        """Read the table; whatever is wrong with it stands beside the file."""
        cleaned = super().clean() or {}
        given, column = cleaned.get("file"), cleaned.get("column")
        if given is None or not column:
            return cleaned
        known = {
            label.casefold(): value for value, label in self.choices[column] if value is not None
        }
        try:
            table = read_table(given.read())
            self.population = read_population(
                table.heads, table.rows, label=column_label(column), known=known
            )
        except UnreadableTable as unreadable:
            self.add_error("file", str(WHY[unreadable.why]))
        except BadTable as bad:
            self.add_error("file", bad_words(bad))
        return cleaned
