"""Conditions, one row for each; a row without a name is none."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gloed.fieldwork.rules import Condition, Relation, Where
from gloed.fieldwork.rules.conditions import COMPARED, WITHOUT_VALUES
from gloed.fieldwork.sentences import PLACES, RELATIONS

SPARE_ROWS = 2
MOST_ROWS = 12


class ConditionForm(forms.Form):
    """What must hold of one property."""

    name = forms.CharField(
        label=_("Property"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"list": "known_properties", "autocomplete": "off"}),
    )
    where = forms.ChoiceField(
        label=_("Whose"), choices=[(where.value, words) for where, words in PLACES.items()]
    )
    relation = forms.ChoiceField(
        label=_("Must"),
        choices=[(relation.value, words) for relation, words in RELATIONS.items()],
    )
    values = forms.CharField(
        label=_("Value"),
        required=False,
        max_length=500,
        help_text=_("Several with a semicolon between them: any of them will do."),
    )

    def clean(self) -> dict[str, Any]:
        """What is compared needs a value, and a number where sizes are compared."""
        data: dict[str, Any] = super().clean() or {}
        relation = data.get("relation", "")
        if not data.get("name", "").strip() or relation in WITHOUT_VALUES:
            return data
        values = _split(data.get("values", ""))
        if not values:
            self.add_error("values", _("Compared with what?"))
        elif relation in COMPARED and not all(map(_is_number, values)):
            self.add_error("values", _("Give a number."))
        return data

    def condition(self) -> Condition | None:
        """The condition of this row; None for an empty one."""
        data = self.cleaned_data
        name = data.get("name", "").strip()  # a row nobody touched has no data
        if not name:
            return None
        relation = Relation(data["relation"])
        values = () if relation in WITHOUT_VALUES else _split(data["values"])
        return Condition(self.place(), name, relation, values)

    def place(self) -> Where:
        """Whose property it is."""
        return Where(self.cleaned_data["where"])


class PersonConditionForm(ConditionForm):
    """The same where there is no event: what is known of the person."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        del self.fields["where"]

    def place(self) -> Where:
        """Always the person."""
        return Where.PERSON


Conditions = forms.formset_factory(
    ConditionForm, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)
PersonConditions = forms.formset_factory(
    PersonConditionForm, extra=SPARE_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS
)


def rows_of(conditions: Iterable[Condition]) -> list[dict[str, str]]:
    """Conditions as the rows of a form begin with them."""
    return [
        {
            "name": one.name,
            "where": one.where.value,
            "relation": one.relation.value,
            "values": "; ".join(one.values),
        }
        for one in conditions
    ]


def conditions_of(rows: Iterable[ConditionForm]) -> tuple[Condition, ...]:
    """The conditions of rows that were filled in rightly."""
    found = (row.condition() for row in rows)
    return tuple(one for one in found if one is not None)


def _split(text: str) -> tuple[str, ...]:
    return tuple(value for part in text.split(";") if (value := part.strip()))


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
