"""What is known of the people an organisation asks: names for rules and for texts."""

from collections import Counter

from gloed.base.models import Organisation
from gloed.people.models import Person

LOOKED_AT = 500
MOST = 40


def list_attributes(organisation: Organisation) -> list[str]:
    """Names of attributes, the best known first, from the people who came in last."""
    rows = Person.objects.filter(organisation=organisation).order_by("-pk")
    counted: Counter[str] = Counter()
    for attributes in rows.values_list("attributes", flat=True)[:LOOKED_AT]:
        counted.update(name for name, value in attributes.items() if _is_word(name, value))
    return [name for name, _number in counted.most_common(MOST)]


def _is_word(name: str, value: object) -> bool:
    return (
        isinstance(value, str | int | float) and 0 < len(name) <= 60 and not set(name) & set("{|}:")
    )
