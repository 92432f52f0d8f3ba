"""Words of the person asked, put into a text: `{first_name|customer}`.

A name stands for itself or for what is written after the bar when it is not known. `first_name`
and `name` are those of the person, `organisation` is who asks, every other name is an attribute.
The result is plain text: whoever puts it into a page escapes it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

OWN_NAMES = ("first_name", "name", "organisation")
VALUE_LIMIT = 80
PIPE = re.compile(r"\{([^{}|\n]{1,60})(?:\|([^{}|\n]{0,80}))?\}")
_LOOSE = re.compile(r"[ \t]+(?=[,.!?;:])")
_DOUBLE = re.compile(r"[ \t]{2,}")


def names_in(text: str) -> tuple[str, ...]:
    """The names a text asks for, each once, in order.

    >>> names_in("Hello {first_name|you}, how was {region}?")
    ('first_name', 'region')
    """
    return tuple(dict.fromkeys(match[1].strip() for match in PIPE.finditer(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with what is known of the person in it, and the fallback for what is not.

    >>> filled("Hello {first_name|customer}, {region}!", {"first_name": "Noor"})
    'Hello Noor,!'
    """
    if "{" not in text:
        return text
    return tidied(replaced(text, lambda name, fallback: values.get(name, "") or fallback))


def replaced(text: str, stand_in: Callable[[str, str], str]) -> str:
    """The text with each name and its fallback replaced by what `stand_in` makes of them."""
    return PIPE.sub(lambda match: stand_in(match[1].strip(), (match[2] or "").strip()), text)


def named_as(text: str, organisation: str, name: str) -> str:
    """The text with another name where the organisation's stands, or is piped in.

    >>> named_as("Would you recommend Zon?", "Zon", "Zon Plus")
    'Would you recommend Zon Plus?'
    """
    piped = replaced(
        text,
        lambda asked, fallback: name if asked == "organisation" else f"{{{asked}|{fallback}}}",
    )
    if not organisation.strip():
        return piped
    whole = rf"(?<!\w){re.escape(organisation.strip())}(?!\w)"
    return re.sub(whole, lambda _match: name, piped)


def tidied(text: str) -> str:
    """Without the gaps that an empty value leaves behind."""
    return _DOUBLE.sub(" ", _LOOSE.sub("", text)).strip()


def values_of(
    *, name: str = "", organisation: str = "", attributes: Mapping[str, Any] | None = None
) -> dict[str, str]:
    """What can be put into a text for a person: their own names win over attributes so called.

    >>> values_of(name="Noor de Vries", attributes={"region": "North", "age": 41})
    {'region': 'North', 'age': '41', 'first_name': 'Noor', 'name': 'Noor de Vries'}
    """
    found = {key: as_text(value) for key, value in (attributes or {}).items()}
    own = {
        "first_name": name.split()[0] if name.split() else "",
        "name": name.strip(),
        "organisation": organisation,
    }
    found |= {key: value[:VALUE_LIMIT] for key, value in own.items() if value}
    return {key: value for key, value in found.items() if value}


def as_text(value: Any) -> str:
    """An attribute as words; nothing for lists and the like."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())[:VALUE_LIMIT]
