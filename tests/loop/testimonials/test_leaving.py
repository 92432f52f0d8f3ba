"""When a person, an answer or a yes goes, the testimonial goes with it, and the record says why."""

from datetime import timedelta

import pytest

from gloed.base.models import JournalEntry
from gloed.loop.testimonials import forgetting, operations
from gloed.loop.testimonials.models import Testimonial as Quoted  # not a test
from gloed.loop.testimonials.queries import everything_about, quotes_on_wall
from gloed.responses.models import Consent, Response
from gloed.responses.operations import delete_person, erase_person, undo_withdraw, withdraw_answer
from tests.loop.testimonials.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


@pytest.fixture
def standing(propose, agree):
    """A testimonial on the wall."""
    one = propose(may_quote=True)
    agree(one, on_wall=True)
    return one


@pytest.fixture
def hear():
    """The journal reaches the room."""
    return lambda: forgetting.hear(list(JournalEntry.objects.all()))


def test_whoever_is_erased_leaves_the_wall_and_no_word_behind(standing, organisation, anna, hear):
    erase_person(anna, now=LATER)
    assert quotes_on_wall(organisation) == []  # before anything was heard
    hear()
    hear()  # twice is harmless
    one = Quoted.objects.get()
    held = one.agreements.get()
    assert (one.state, one.ended_because) == ("withdrawn", "person")
    assert (one.person_id, one.person_key, one.response_id) == (None, None, None)
    assert (one.words, one.original, one.name_text, one.note) == ("", "", "", "")
    assert (held.words, held.signed_name, held.name_text) == ("", "", "")
    assert held.ended_because == "person"
    assert held.given_at == NOW
    assert one.story.filter(kind="ended_person").exists()
    dump = " ".join(str(row) for row in Quoted.objects.values())
    assert "Anna" not in dump


def test_an_answer_that_is_withdrawn_takes_its_testimonial_along(standing, organisation, hear):
    withdraw_answer(organisation, standing.response.public_id, now=LATER)
    assert quotes_on_wall(organisation) == []
    hear()
    standing.refresh_from_db()
    assert (standing.state, standing.ended_because) == ("withdrawn", "answer")
    undo_withdraw(organisation, standing.response.public_id, now=LATER)
    hear()
    assert quotes_on_wall(organisation) == []  # the customer is asked anew
    operations.propose(
        standing.person, operations.Wanted("Weer", standing.shown, ["wall"]),
        response=standing.response, language="nl", by=None, now=LATER,
    )  # fmt: skip


def test_a_yes_that_is_taken_back_takes_the_testimonial_along(standing, organisation, hear):
    Consent.objects.update(withdrawn_at=LATER)
    assert quotes_on_wall(organisation) == []
    JournalEntry.objects.create(
        organisation=organisation, kind="response.updated",
        subject=str(standing.response.public_id), at=LATER,
    )  # fmt: skip
    hear()
    standing.refresh_from_db()
    assert standing.ended_because == "quote"


def test_what_was_agreed_after_that_holds(propose, agree, organisation, hear):
    one = propose(may_quote=True)
    Consent.objects.update(withdrawn_at=NOW + timedelta(hours=1))
    agree(one, on_wall=True, at=LATER)
    JournalEntry.objects.create(
        organisation=organisation, kind="response.updated",
        subject=str(one.response.public_id), at=LATER,
    )  # fmt: skip
    hear()
    assert len(quotes_on_wall(organisation)) == 1


def test_an_answer_that_is_only_corrected_changes_nothing(standing, organisation, hear):
    Response.objects.update(updated_at=LATER)
    JournalEntry.objects.create(
        organisation=organisation, kind="response.updated",
        subject=str(standing.response.public_id), at=LATER,
    )  # fmt: skip
    hear()
    assert len(quotes_on_wall(organisation)) == 1


def test_a_person_their_own_system_deletes_is_gone_here_too(standing, organisation, anna, hear):
    delete_person(anna, now=LATER)
    assert quotes_on_wall(organisation) == []
    hear()
    one = Quoted.objects.get()
    assert (one.ended_because, one.words) == ("gone", "")


def test_a_person_sees_in_their_copy_what_is_kept(standing, anna):
    [kept] = everything_about(anna)
    assert kept["words"] == "Snel geholpen"
    assert kept["agreements"][0]["places"] == ["wall"]


def test_others_are_left_alone(standing, propose, agree, organisation, hear, say):
    from gloed.people.models import Person

    bea = Person.objects.create(organisation=organisation, name="Bea", created_at=NOW)
    other = propose("Fijn", person=bea)
    agree(other, on_wall=True, shown="anonymous")
    erase_person(bea, now=LATER)
    hear()
    assert [quote.testimonial.pk for quote in quotes_on_wall(organisation)] == [standing.pk]
