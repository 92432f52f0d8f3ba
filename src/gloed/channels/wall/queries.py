"""What the wall shows now."""

from dataclasses import dataclass

from gloed.channels.wall.models import Wall
from gloed.channels.wall.rules import Order
from gloed.loop.testimonials.queries import Quote, quotes_on_wall
from gloed.loop.testimonials.sentences import name_shown


@dataclass(frozen=True, slots=True)
class Shown:
    """A quote with the name under it, as it is read."""

    quote: Quote
    name: str


def find_public(slug: str) -> Wall | None:
    """The wall of an address, when it is switched on."""
    return Wall.objects.select_related("organisation").filter(slug=slug, is_on=True).first()


def shown_on(wall: Wall, *, language: str = "") -> list[Shown]:
    """What stands there, read from the record with every request; one language alone if asked."""
    languages = [language] if language else list(wall.languages)
    if language and wall.languages and language not in wall.languages:
        return []
    found = quotes_on_wall(
        wall.organisation, languages=languages, newest_first=wall.order == Order.NEWEST
    )
    return [Shown(one, name_shown(one.name, one.language)) for one in found]
