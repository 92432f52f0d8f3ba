"""Finding a person, stopping surveys to them, and letting them be asked again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gloed.base.models import AuditEntry
from gloed.people.models import Person, Suppression
from gloed.people.queries import Wanted, list_people
from tests.conftest import NOW
from tests.record import put_person

LIST = reverse("people:list")


@pytest.fixture
def make_person(organisation):
    def make(number=0, *, owner=None, **given):
        address = given.pop("email", f"p{number:03}@example.org")
        name = given.pop("name", f"Person {number:03}")
        born = NOW + timedelta(days=number)
        return put_person(
            owner or organisation, address, name=name, now=born, **({"language": ""} | given)
        )

    return make


def names(response):
    return [person.name for person, _stopped in response.context["rows"]]


def stop(person, *, reason="opt_out", source="staff:phone"):
    return Suppression.objects.create(
        organisation=person.organisation,
        key=person.email_key,
        reason=reason,
        source=source,
        at=NOW,
    )


def test_an_empty_list_teaches(alice):
    text = alice.get(LIST).text
    assert "Here the people you ask will stand" in text
    assert reverse("file_import:list") in text


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_asks_as_many_questions_for_one_row_as_for_thirty(alice, make_person, rows):
    for number in range(rows):
        make_person(number)
    alice.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        answer = alice.get(LIST)
    assert len(answer.context["rows"]) == rows
    # session, colleague, membership, other organisations, people, suppressions, count
    assert len(captured) == 7
    people = "&".join(f"person={person.public_id}" for person in Person.objects.all())
    with CaptureQueriesContext(connection) as captured:
        counted = alice.get(f"{reverse('responses:person_counts')}?{people}")
    assert counted.text.count("hx-swap-oob") == rows
    assert len(captured) == 5  # session, colleague, membership, people, counted


def test_the_newest_stand_first_and_the_place_is_kept_by_key(alice, make_person):
    for number in range(120):
        make_person(number)
    first = alice.get(LIST)
    assert names(first)[0] == "Person 119"
    assert len(names(first)) == 50
    assert "example.org" not in first.context["next_url"]
    make_person(500)  # somebody new does not push the next page along
    second = alice.get(first.context["next_url"])
    assert names(second)[0] == "Person 069"
    third = alice.get(second.context["next_url"])
    assert (names(third)[-1], third.context["next_url"]) == ("Person 000", "")
    assert third.context["first_url"] == LIST


@pytest.mark.parametrize("sort", ["name", "-name", "email", "-email", "id", "-id", "", "nonsense"])
def test_every_order_shows_everybody_once(organisation, make_person, sort):
    for number in range(60):
        make_person(number, name="Same", email="" if number % 3 else f"a{number % 5}@example.org",
                    external_id=f"K{number % 60}")  # fmt: skip
    seen, after = [], None
    while True:
        people, has_more = list_people(organisation, Wanted(sort=sort), after=after)
        seen += [person.pk for person in people]
        if not has_more:
            break
        after = people[-1].public_id
    assert sorted(seen) == sorted(Person.objects.values_list("pk", flat=True))


def test_a_place_that_is_gone_starts_anew(alice, make_person):
    for number in range(60):
        make_person(number)
    last = Person.objects.get(name="Person 010")
    last.delete()
    assert len(names(alice.get(f"{LIST}?after={last.public_id}"))) == 50
    assert len(names(alice.get(f"{LIST}?after=nonsense"))) == 50


@pytest.mark.parametrize(
    ("search", "found"),
    [("vries", ["Anna de Vries"]), ("ANNA@", ["Anna de Vries"]), ("k-77", ["Bram"]), ("zzz", [])],
)
def test_searching_by_name_address_and_number(alice, make_person, search, found):
    make_person(1, name="Anna de Vries", email="Anna@Example.org")
    make_person(2, name="Bram", external_id="K-778")
    response = alice.get(LIST, {"q": search})
    assert names(response) == found
    assert response.context["active"][0][0] == f"“{search}”"


def test_only_those_who_get_no_surveys(alice, make_person, organisation):
    stop(make_person(1))
    make_person(2)
    make_person(3, email="")
    response = alice.get(LIST, {"only": "out"})
    assert names(response) == ["Person 001"]
    assert "opted out" in response.text


def test_htmx_gets_the_region_only(alice, make_person):
    make_person(1)
    region = alice.get(LIST, headers={"HX-Request": "true", "HX-Target": "people"}).text
    assert "<html" not in region
    assert 'id="people"' in region


def test_a_person_is_shown_and_markup_in_a_name_is_text(alice, make_person):
    traits = {"attributes": {"region": "Zuid"}, "phone": "0612", "language": "nl"}
    person = make_person(1, name="<b>Anna</b>", **traits)
    text = alice.get(reverse("people:detail", args=[person.public_id])).text
    assert "<b>Anna" not in text
    assert "Zuid" in text
    assert "Dutch" in text
    assert reverse("responses:of_person", args=[person.public_id]) in text


def test_stopping_surveys_offers_the_way_back(alice, make_person):
    person = make_person(1)
    here = reverse("people:detail", args=[person.public_id])
    stopping = reverse("people:opt_out", args=[person.public_id])
    response = alice.post(stopping, {"how": "staff:mail"}, follow=True)
    assert "From now on this person gets no surveys." in response.text
    assert "by mail or letter" in response.text
    response = alice.post(response.context["undo"]["url"], follow=True)
    assert not Suppression.objects.exists()
    response = alice.post(response.context["undo"]["url"], follow=True)
    assert Suppression.objects.get().source == "staff:mail"
    assert response.redirect_chain == [(here, 302)]
    trail = AuditEntry.objects.order_by("pk").values_list("action", "subject", "detail")
    assert [(action, subject) for action, subject, _ in trail] == [
        ("people.suppressed", str(person.public_id)),
        ("people.unsuppressed", str(person.public_id)),
        ("people.suppressed", str(person.public_id)),
    ]
    assert "example.org" not in str(list(trail))


@pytest.mark.parametrize("how", ["", "page", "nonsense"])
def test_how_they_told_is_never_made_up_by_the_address(alice, make_person, how):
    person = make_person(1)
    alice.post(reverse("people:opt_out", args=[person.public_id]), {"how": how})
    assert Suppression.objects.get().source == "staff:other"


def test_who_opted_out_with_their_own_hand_stays_out(alice, make_person):
    person = make_person(1)
    stop(person, source="page")
    lift = reverse("people:lift", args=[person.public_id, "opt_out"])
    assert lift not in alice.get(reverse("people:detail", args=[person.public_id])).text
    response = alice.post(lift, follow=True)
    assert "Nothing was changed" in response.text
    assert Suppression.objects.exists()
    assert not AuditEntry.objects.exists()


def test_an_address_that_bounced_can_be_tried_again(alice, make_person):
    person = make_person(1)
    stop(person, reason="bounce", source="mail")
    alice.post(reverse("people:lift", args=[person.public_id, "bounce"]))
    assert not Suppression.objects.exists()


def test_without_an_address_there_is_nothing_to_stop(alice, make_person):
    person = make_person(1, email="")
    response = alice.post(reverse("people:opt_out", args=[person.public_id]), follow=True)
    assert "There is no e-mail address" in response.text
    assert not Suppression.objects.exists()


def test_an_analyst_looks_and_changes_nothing(client_of, organisation, make_person):
    person = make_person(1)
    analyst = client_of(organisation, "analyst")
    text = analyst.get(reverse("people:detail", args=[person.public_id])).text
    stopping = reverse("people:opt_out", args=[person.public_id])
    assert stopping not in text
    assert analyst.post(stopping).status_code == 403
    assert not Suppression.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "frontline"])
def test_who_may_not_see_persons(client_of, organisation, make_person, role):
    person = make_person(1)
    colleague = client_of(organisation, role)
    assert colleague.get(LIST).status_code == 403
    assert colleague.get(reverse("people:detail", args=[person.public_id])).status_code == 403
    assert LIST not in colleague.get("/").text


def test_a_stranger_finds_nobody(charlie, make_person):
    person = make_person(1)
    assert names(charlie.get(LIST)) == []
    assert charlie.get(reverse("people:detail", args=[person.public_id])).status_code == 404
    for name in ("people:opt_out", "responses:erase_person", "responses:export_person"):
        assert charlie.post(reverse(name, args=[person.public_id])).status_code == 404
    counted = charlie.get(f"{reverse('responses:person_counts')}?person={person.public_id}")
    assert counted.text.strip() == ""
    assert Person.objects.filter(pk=person.pk).exists()
