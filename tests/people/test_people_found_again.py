"""Who is the same person: external id first, then the address (import rules R3, R6, R7)."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import transaction

from gloed.people.models import Person, Suppression
from gloed.people.operations import ERASED, erase, find_or_make_person, match_people, suppress
from gloed.people.queries import is_suppressed
from gloed.people.rules import PersonData, email_key, erased_key, is_address, short_id

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def match(organisation):
    def find(*people, batch=None):
        with transaction.atomic():
            return match_people(organisation.pk, people, batch=batch, now=NOW)

    return find


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  Anna@Example.NL ", "anna@example.nl"),
        ("anna.de-vries+x@sub.example.org", "anna.de-vries+x@sub.example.org"),
        *((text, "") for text in ("", "geen", "n/a", "-", "a@b", "a b@c.nl", "a@@b.nl", "@b.nl")),
        ("x" * 250 + "@example.org", ""),
    ],
)
def test_only_what_looks_like_an_address_is_one(text, key):
    assert email_key(text) == key
    assert is_address(text.strip().lower()) is bool(key)


def test_the_external_id_comes_first(match):
    first = match(PersonData(external_id="c1", email="a@example.org"))
    again = match(PersonData(external_id="c1", email="new@example.org", name="Anna"))
    assert first == again
    person = Person.objects.get()
    assert (person.email, person.email_key, person.name) == (
        "new@example.org",
        "new@example.org",
        "Anna",
    )


def test_an_address_in_capitals_is_the_same_address(match):
    assert (
        match(PersonData(email="Anna@Example.org"), PersonData(email="anna@example.org"))
        == [Person.objects.get().pk] * 2
    )
    assert Person.objects.get().email == "anna@example.org"


def test_a_person_known_by_address_gets_an_id(match):
    (first,) = match(PersonData(email="a@example.org"))
    (second,) = match(PersonData(external_id="c1", email="a@example.org"))
    assert first == second
    assert Person.objects.get().external_id == "c1"


def test_two_customers_may_share_an_address(match):
    pair = [PersonData(external_id=name, email="home@example.org") for name in ("c1", "c2")]
    assert len(set(match(*pair))) == 2
    assert match(*pair) == match(*pair)
    assert match(PersonData(email="home@example.org")) == [Person.objects.earliest("pk").pk]


def test_nobody_is_made_from_nothing(match):
    nobody = [None, PersonData(), PersonData(email="n/a"), PersonData(attributes={"a": 1})]
    assert match(*nobody) == [None] * 4
    assert not Person.objects.exists()


def test_a_bare_name_is_never_taken_for_somebody_else(match):
    assert len(set(match(PersonData(name="Jan"), PersonData(name="Jan")))) == 2


def test_what_a_delivery_does_not_tell_stays(match):
    match(PersonData(external_id="c1", name="Anna", phone="06", attributes={"a": 1, "b": 1}))
    match(PersonData(external_id="c1", attributes={"b": 2}))
    person = Person.objects.get()
    assert (person.name, person.phone, person.attributes) == ("Anna", "06", {"a": 1, "b": 2})


def test_a_batch_marks_only_those_it_brought(match):
    batch = uuid4()
    match(PersonData(external_id="c1"))
    match(PersonData(external_id="c1"), PersonData(external_id="c2"), batch=batch)
    assert list(Person.objects.filter(batch=batch).values_list("external_id", flat=True)) == ["c2"]


def test_people_of_another_organisation_are_strangers(match, other_organisation):
    match(PersonData(external_id="c1", email="a@example.org"))
    person, _own = find_or_make_person(
        other_organisation.pk, PersonData(external_id="c1", email="a@example.org"), now=NOW
    )
    assert Person.objects.get(pk=person).organisation == other_organisation


def test_an_endless_id_still_finds_its_person(match):
    assert match(PersonData(external_id="x" * 500)) == match(PersonData(external_id="x" * 500))
    assert len(short_id("x" * 500)) <= 120
    assert short_id("x" * 500 + "a") != short_id("x" * 500 + "b")


def test_somebody_erased_is_recognised_and_not_made_again(match, organisation):
    match(PersonData(external_id="c1", email="a@example.org"))
    erase(Person.objects.get(), now=NOW)
    assert match(PersonData(external_id="c1"), PersonData(email="A@example.org")) == [ERASED] * 2
    assert find_or_make_person(organisation.pk, PersonData(external_id="c1"), now=NOW) == (None, {})
    assert not Person.objects.exists()


def test_somebody_known_by_number_alone_stays_erased_however_it_is_written(match):
    match(PersonData(phone="06 1234 5678"))
    erase(Person.objects.get(), now=NOW)
    assert match(PersonData(phone="+31 6-12345678")) == [ERASED]
    assert Suppression.objects.get().key.startswith("sha256:")


def test_who_shares_the_number_of_somebody_erased_is_somebody_else(match):
    match(PersonData(phone="06 1234 5678"))
    erase(Person.objects.get(), now=NOW)
    (found,) = match(PersonData(phone="06 1234 5678", email="b@example.org"))
    assert Person.objects.get().pk == found


def test_digests_differ_between_organisations():
    assert erased_key(1, "email", "a@example.org") != erased_key(2, "email", "a@example.org")
    assert erased_key(1, "email", "x") != erased_key(1, "id", "x")


def test_suppressing_an_address(organisation, other_organisation):
    for _ in range(2):
        assert suppress(organisation, "A@example.org", reason="opt_out", source="mail", now=NOW)
    assert not suppress(organisation, "geen", reason="opt_out", source="mail", now=NOW)
    assert Suppression.objects.count() == 1
    assert is_suppressed(organisation, "a@example.org")
    assert is_suppressed(organisation, "no address")
    assert not is_suppressed(other_organisation, "a@example.org")
