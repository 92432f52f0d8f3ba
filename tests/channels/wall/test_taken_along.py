"""An archive carries what customers agreed to; brought in, it is another organisation's own."""

import pytest

from gloed.base.models import JournalEntry
from gloed.channels.wall.models import Wall
from gloed.fieldwork.notices.models import Notice
from gloed.integrations.exports.bringing_in import bring_in
from gloed.integrations.exports.making import make_archive
from gloed.loop.testimonials import forgetting, operations
from gloed.loop.testimonials.models import Testimonial as Quoted  # not a test
from gloed.loop.testimonials.queries import quotes_on_wall
from gloed.responses.operations import erase_person
from tests.channels.email.post_office import NOW

pytestmark = pytest.mark.django_db


def test_wall_and_agreements_go_along(organisation, alice, quote, wall, settings, tmp_path):
    settings.DATA = tmp_path
    quote(on_wall=True)
    operations.ask(quote("Gevraagd", name="Bea", asked=False), by_mail=True, by=None, now=NOW)
    make_archive(organisation, tmp_path / "a.zip", now=NOW)
    house = bring_in(tmp_path / "a.zip", name="Tweede", now=NOW)
    [here], [there] = quotes_on_wall(organisation), quotes_on_wall(house)
    assert (there.words, there.name, there.agreed_at) == (here.words, here.name, here.agreed_at)
    assert there.testimonial.token != here.testimonial.token
    assert Wall.objects.get(organisation=house).slug != wall.slug
    # not both places mail what waited
    assert Notice.objects.get(organisation=organisation).became == "waiting"
    assert Notice.objects.get(organisation=house).became == "failed"
    erase_person(there.testimonial.person, now=NOW)
    forgetting.hear(list(JournalEntry.objects.filter(organisation=house)))
    assert quotes_on_wall(house) == []
    assert "Snel geholpen" not in str(list(Quoted.objects.filter(organisation=house).values()))
    assert len(quotes_on_wall(organisation)) == 1
