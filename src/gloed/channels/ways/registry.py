"""Which ways there are: each channel says so itself, from its AppConfig.ready."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

Describe = Callable[[Collection[int]], Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class Way:
    """A way to ask a survey.

    `url_name` is its page for one survey, reversed with the survey's public id; `describe` says in
    a line how it is used, for each of these surveys (by key) where it is. Lower `order` is higher
    on the page.
    """

    name: str
    label: str | Promise
    text: str | Promise
    icon: str
    url_name: str
    order: int = 50
    permission: str = "surveys.edit"
    describe: Describe | None = None


_WAYS: dict[str, Way] = {}


def register(way: Way) -> None:
    """Put a way on the page."""
    if _WAYS.get(way.name, way) != way:
        raise ValueError(f"a way is already registered as {way.name}")
    _WAYS[way.name] = way


def every() -> list[Way]:
    """All ways, in their order."""
    return sorted(_WAYS.values(), key=lambda way: (way.order, way.name))
