"""Proposing, asking, agreeing: what is agreed is exactly what was read, and holds as long."""

from datetime import timedelta

import pytest

from gloed.base.models import AuditEntry
from gloed.fieldwork.notices.models import Notice
from gloed.loop.testimonials import operations
from gloed.loop.testimonials.models import Agreement
from gloed.loop.testimonials.operations import Refused, Wanted
from gloed.loop.testimonials.queries import quotes_on_wall
from gloed.loop.testimonials.rules import Place, Shown
from gloed.people import operations as people
from tests.loop.testimonials.conftest import NOW

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def reason_of(refused) -> str:
    return refused.value.reason


def test_nothing_is_shown_before_the_customer_agreed(propose, organisation):
    one = propose()
    operations.ask(one, by_mail=False, by=None, now=NOW)
    with pytest.raises(Refused) as refused:
        operations.put_on_wall(one, by=None, now=NOW)
    assert reason_of(refused) == "not_agreed"
    assert quotes_on_wall(organisation) == []


def test_what_was_agreed_is_kept_word_for_word(propose, agree):
    one = propose("Snel geholpen, echt waar", original="Heel snel geholpen, echt waar")
    held = agree(one, places=[Place.SITE, Place.WALL])
    assert (held.words, held.name_text) == ("Snel geholpen, echt waar", "Anna, Utrecht")
    assert (held.places, held.signed_name) == (["site", "wall"], "Anna de Vries")
    assert (held.version, held.number, held.given_at) == (1, 1, NOW)
    assert "Noorderlicht Energie" in held.text
    assert held.text_version == "1"
    assert "testimonial.agreed" in AuditEntry.objects.values_list("action", flat=True)


def test_consent_for_another_place_is_none_for_the_wall(propose, agree, organisation):
    one = propose()
    agree(one, places=[Place.SITE])
    with pytest.raises(Refused):
        operations.put_on_wall(one, by=None, now=NOW)
    assert quotes_on_wall(organisation) == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"places": []}, "nowhere"),
        ({"places": [Place.SOCIAL]}, "nowhere"),  # was not asked for
        ({"signed_name": "  "}, "unsigned"),
        ({"words": " \n"}, "no_words"),
        ({"version": 7}, "changed"),
        ({"shown": Shown.COMPANY}, "no_name"),
    ],
)
def test_a_consent_that_is_not_whole_is_none(propose, given, why):
    one = propose(places=[Place.WALL, Place.SITE])
    operations.ask(one, by_mail=False, by=None, now=NOW)
    whole = {
        "version": 1, "words": "Snel geholpen", "shown": Shown.FULL, "places": [Place.WALL],
        "signed_name": "Anna", "language": "nl", "now": NOW,
    }  # fmt: skip
    with pytest.raises(Refused) as refused:
        operations.agree(one, **(whole | given))
    assert reason_of(refused) == why
    assert Agreement.objects.count() == 0


def test_nobody_agrees_who_was_not_asked(propose):
    one = propose()
    with pytest.raises(Refused) as refused:
        operations.agree(
            one, version=1, words="x", shown=Shown.FULL, places=[Place.WALL],
            signed_name="A", language="nl", now=NOW,
        )  # fmt: skip
    assert reason_of(refused) == "not_asked"


def test_words_the_customer_changed_are_the_ones_that_are_shown(propose, agree, organisation):
    one = propose("Snel geholpen")
    agree(one, words="Snel en vriendelijk geholpen", shown=Shown.ANONYMOUS, on_wall=True)
    [quote] = quotes_on_wall(organisation)
    assert (quote.words, quote.name) == ("Snel en vriendelijk geholpen", "")
    assert one.story.filter(kind="agreed_otherwise").exists()


def test_a_colleague_looks_before_anything_stands_on_the_wall(propose, agree, organisation):
    agree(propose())
    assert quotes_on_wall(organisation) == []


def test_changed_words_ask_anew_and_leave_the_wall_at_once(propose, agree, organisation):
    one = propose()
    agree(one, on_wall=True)
    assert len(quotes_on_wall(organisation)) == 1
    wanted = Wanted("Heel snel geholpen", Shown.FIRST_TOWN, tuple(Place))
    assert operations.change(one, wanted, by=None, now=LATER)
    one.refresh_from_db()
    assert (one.state, one.version, one.on_wall_at) == ("proposed", 2, None)
    assert quotes_on_wall(organisation) == []
    assert one.agreements.get().ended_because == "changed"
    with pytest.raises(Refused):
        operations.put_on_wall(one, by=None, now=LATER)
    agree(one, on_wall=True, at=LATER)
    assert [quote.words for quote in quotes_on_wall(organisation)] == ["Heel snel geholpen"]
    assert one.agreements.count() == 2


def test_a_change_can_be_taken_back_until_the_customer_is_asked_anew(propose, agree):
    one = propose()
    agree(one)
    operations.change(one, Wanted("Anders", Shown.FULL, [Place.WALL]), by=None, now=LATER)
    assert operations.take_change_back(one, by=None, now=LATER)
    one.refresh_from_db()
    assert (one.words, one.name_text, one.state) == ("Snel geholpen", "Anna, Utrecht", "agreed")
    assert one.agreements.get().ended_at is None
    operations.change(one, Wanted("Anders", Shown.FULL, [Place.WALL]), by=None, now=LATER)
    operations.ask(one, by_mail=False, by=None, now=LATER)
    assert not operations.take_change_back(one, by=None, now=LATER)


def test_the_same_proposal_again_changes_nothing(propose, agree):
    one = propose()
    agree(one)
    same = Wanted("Snel geholpen", Shown.FIRST_TOWN, tuple(Place))
    assert not operations.change(one, same, by=None, now=LATER)
    one.refresh_from_db()
    assert one.state == "agreed"


def test_whoever_said_no_is_not_asked_again(propose):
    one = propose()
    operations.ask(one, by_mail=False, by=None, now=NOW)
    assert operations.decline(one, now=NOW)
    for again in (
        lambda: operations.ask(one, by_mail=True, by=None, now=LATER),
        lambda: operations.change(one, Wanted("x", Shown.FULL, [Place.WALL]), by=None, now=LATER),
    ):
        with pytest.raises(Refused) as refused:
            again()
        assert reason_of(refused) == "said_no"
    operations.remove(one, by=None, now=LATER)
    with pytest.raises(Refused) as refused:  # nor by beginning anew with the same answer
        operations.propose(
            one.person, Wanted("x", Shown.FULL, [Place.WALL]), response=one.response,
            language="nl", by=None, now=LATER,
        )  # fmt: skip
    assert reason_of(refused) == "said_no"


def test_an_answer_is_proposed_once(propose, anna, say):
    response = say("Prima", person=anna)
    propose(response=response)
    with pytest.raises(Refused) as refused:
        propose(response=response)
    assert reason_of(refused) == "there_is_one"


def test_taking_back_takes_it_off_the_wall_at_once_and_is_kept(propose, agree, organisation):
    one = propose()
    agree(one, on_wall=True)
    assert operations.withdraw(one, now=LATER)
    assert quotes_on_wall(organisation) == []
    one.refresh_from_db()
    held = one.agreements.get()
    assert (one.state, one.ended_because, one.on_wall_at) == ("withdrawn", "customer", None)
    assert (held.ended_at, held.ended_because) == (LATER, "customer")
    assert held.words == "Snel geholpen"  # what was allowed until then stays on record
    assert not operations.withdraw(one, now=LATER)


def test_while_we_change_it_the_customer_can_still_take_it_back(propose, agree):
    one = propose()
    agree(one)
    operations.change(one, Wanted("Anders", Shown.FULL, [Place.WALL]), by=None, now=LATER)
    assert operations.withdraw(one, now=LATER)
    assert not operations.take_change_back(one, by=None, now=LATER)


def test_whoever_took_it_back_may_agree_again_by_themselves(propose, agree):
    one = propose()
    agree(one, on_wall=True)
    operations.withdraw(one, now=LATER)
    agree(one, at=LATER)
    assert (one.state, one.on_wall_at) == ("agreed", None)
    assert [held.number for held in one.agreements.all()] == [2, 1]


class TestMail:
    def test_it_goes_under_the_contact_policy(self, propose):
        notice = operations.ask(propose(), by_mail=True, by=None, now=NOW)
        assert (notice.became, notice.purpose) == ("waiting", "testimonial")

    def test_who_wants_no_mail_gets_none_but_has_a_page(self, propose, organisation, anna):
        people.suppress(organisation, anna.email, reason="opt_out", source="x", now=NOW)
        one = propose()
        notice = operations.ask(one, by_mail=True, by=None, now=NOW)
        one.refresh_from_db()
        assert (notice.became, notice.skip) == ("skipped", "opted_out")
        assert one.state == "asked"

    def test_asking_is_taken_back_before_the_mail_left(self, propose):
        one = propose()
        operations.ask(one, by_mail=True, by=None, now=NOW)
        assert operations.take_ask_back(one, by=None, now=NOW)
        assert Notice.objects.get().became == "failed"
        operations.ask(one, by_mail=True, by=None, now=LATER)
        assert Notice.objects.get().became == "waiting"

    def test_it_is_mailed_once_for_each_version(self, propose):
        one = propose()
        operations.ask(one, by_mail=True, by=None, now=NOW)
        operations.take_ask_back(one, by=None, now=NOW)
        operations.change(one, Wanted("Anders", Shown.FULL, [Place.WALL]), by=None, now=NOW)
        operations.ask(one, by_mail=True, by=None, now=LATER)
        assert sorted(Notice.objects.values_list("became", flat=True)) == ["failed", "waiting"]


def test_taken_away_it_stands_nowhere_and_comes_back_without_the_wall(propose, agree, organisation):
    one = propose()
    agree(one, on_wall=True)
    operations.remove(one, by=None, now=NOW)
    assert quotes_on_wall(organisation) == []
    operations.restore(one, by=None, now=NOW)
    one.refresh_from_db()
    assert (one.removed_at, one.on_wall_at, one.state) == (None, None, "agreed")


def test_the_wall_keeps_the_order_it_is_given(propose, agree, organisation):
    made = [propose(f"Woorden {n}") for n in range(3)]
    for one in made:
        agree(one, on_wall=True)
    assert [q.words for q in quotes_on_wall(organisation)] == [
        "Woorden 2", "Woorden 1", "Woorden 0",
    ]  # fmt: skip
    shown = [quote.testimonial for quote in quotes_on_wall(organisation)]
    operations.arrange(organisation, shown, 0, 1)
    assert [q.words for q in quotes_on_wall(organisation)] == [
        "Woorden 1", "Woorden 2", "Woorden 0",
    ]  # fmt: skip
    operations.arrange(organisation, shown, 2, 1)  # there is no place below
