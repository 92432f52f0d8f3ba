"""A customer who agreed, a wall that is switched on, and a page to open it with."""

from datetime import timedelta

import pytest

from tests.channels.email.post_office import NOW, mail_server
from tests.record import put_person

LATER = NOW + timedelta(days=1)


@pytest.fixture
def office(settings):
    """A running mail server, and settings that lead to it."""
    with mail_server(settings, patience=5) as box:
        yield box


@pytest.fixture
def quote(organisation):
    """A testimonial of a new customer: `quote("Snel geholpen", name="Anna de Vries")`."""
    from gloed.loop.testimonials import operations
    from gloed.loop.testimonials.operations import Wanted
    from gloed.loop.testimonials.rules import Place, Shown
    from gloed.people.models import Person

    def make(
        words="Snel geholpen", *, original=None, name="Anna de Vries", shown=Shown.FULL,
        language="nl", places=(Place.WALL, Place.SITE), asked=True, agreed=False, on_wall=False,
    ):  # fmt: skip
        address = f"{name.split()[0].lower()}{Person.objects.count()}@example.org"
        person = put_person(organisation, address, name=name, language=language)
        one = operations.propose(
            person, Wanted(words, shown, places), original=words if original is None else original,
            language=language, by=None, now=NOW,
        )  # fmt: skip
        if asked or agreed or on_wall:
            operations.ask(one, by_mail=False, by=None, now=NOW)
        if agreed or on_wall:
            operations.agree(
                one, version=1, words=words, shown=shown, places=places, signed_name=name,
                language=language, now=NOW,
            )  # fmt: skip
        if on_wall:
            operations.put_on_wall(one, by=None, now=NOW)
        one.refresh_from_db()
        return one

    return make


@pytest.fixture
def wall(organisation):
    """A wall that everybody may see."""
    from gloed.channels.wall.operations import keep_wall

    return keep_wall(organisation, is_on=True, slug="noorderlicht", by=None, now=NOW)
