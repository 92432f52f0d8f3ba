"""What one person answered, everything held of them as a file, and forgetting them."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gloed.base.models import AuditEntry
from gloed.fieldwork import operations as fieldwork
from gloed.people.models import Person, Suppression
from gloed.people.rules import PersonData
from gloed.responses.models import Answer, Response
from gloed.responses.operations import receive_many, withdraw_answer
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from tests.conftest import NOW

ANNA = PersonData("K-1", "Anna de Vries", "anna@example.org", attributes={"region": "Zuid"})


@pytest.fixture
def anna(survey):
    """Anna, who answered twice and whose neighbour answered once."""
    answer(survey, 1, 3, "The bill was wrong")
    answer(survey, 2, 9, "Solved quickly")
    answer(survey, 3, 5, "Neighbourly", person=PersonData("K-2", "Bram", "bram@example.org"))
    return Person.objects.get(external_id="K-1")


def answer(survey, number, rating, words, person=ANNA):
    delivery = IncomingAnswer(
        answers=(GivenAnswer(1, rating=rating), GivenAnswer(2, verbatim=words)),
        source="import",
        source_id=str(number),
        responded_at=NOW - timedelta(days=number),
        person=person,
        language="nl",
        device="telephone",
        team="North",
    )
    list(receive_many(survey, [delivery], now=NOW))


def address(name, person):
    return reverse(f"responses:{name}", args=[person.public_id])


def test_answers_stand_newest_first_on_a_page_and_as_a_part_of_the_person(alice, anna):
    text = alice.get(address("of_person", anna)).text
    assert text.index("The bill was wrong") < text.index("Solved quickly")
    assert "Neighbourly" not in text
    headers = {"HX-Request": "true", "HX-Target": "person_answers"}
    part = alice.get(address("of_person", anna), headers=headers).text
    assert "<html" not in part
    assert "Solved quickly" in part
    linked = Response.objects.get(key__endswith=":1").public_id
    assert reverse("analysis:answer", args=[linked]) in part


def test_the_answer_leads_to_the_person_for_who_may_see_them(alice, client_of, organisation, anna):
    response = Response.objects.filter(person=anna).first()
    page = reverse("analysis:answer", args=[response.public_id])
    person = reverse("people:detail", args=[anna.public_id])
    assert person in alice.get(page).text
    teams = list(organisation.teams.all())
    assert person not in client_of(organisation, "frontline", teams=teams).get(page).text


def test_more_answers_than_fit_lead_to_the_page(alice, anna, survey):
    for number in range(10, 22):
        answer(survey, number, 7, f"words {number}")
    headers = {"HX-Request": "true", "HX-Target": "person_answers"}
    part = alice.get(address("of_person", anna), headers=headers).text
    assert "See all 14 answers" in part
    assert alice.get(address("of_person", anna)).context["page"].paginator.count == 14


@pytest.mark.parametrize("rows", [1, 30])
def test_the_answers_of_a_person_cost_the_same_for_one_and_thirty(alice, survey, rows):
    for number in range(rows):
        answer(survey, number, 7, "words")
    person = Person.objects.get()
    alice.get(address("of_person", person))
    with CaptureQueriesContext(connection) as captured:
        page = alice.get(address("of_person", person))
    assert len(page.context["answers"]) == rows
    # session, colleague, membership, other organisations, person, count, responses, answers
    assert len(captured) == 8


def test_counts_leave_out_what_was_withdrawn(alice, anna, organisation):
    first = Response.objects.filter(person=anna).first()
    withdraw_answer(organisation, first.public_id, now=NOW)
    url = f"{reverse('responses:person_counts')}?person={anna.public_id}&person=nonsense"
    assert f'<span id="answers_of_{anna.public_id}" hx-swap-oob="true">1</span>' in (
        alice.get(url).text
    )


def test_everything_that_is_held_comes_as_one_file(alice, anna, survey):
    fieldwork.invite(survey, anna, channel="email", attributes={"region": "Oost"}, now=NOW)
    response = alice.post(address("export_person", anna))
    assert response.headers["Content-Disposition"].endswith('.json"')
    assert response.headers["Cache-Control"] == "private, no-store"
    held = json.loads(response.content)
    assert held["person"]["name"] == "Anna de Vries"
    assert held["person"]["attributes"] == {"region": "Zuid"}
    assert [one["attributes"] for one in held["invitations"]] == [{"region": "Oost"}]
    newest, oldest = held["responses"]
    assert (newest["device"], newest["team"]) == ("telephone", "North")
    assert [one["words"] for one in newest["answers"]] == ["", "The bill was wrong"]
    assert newest["answers"][0]["rating"] == 3
    assert newest["answers"][0]["question"]
    assert newest["answers"][1]["question"] != oldest["answers"][1]["question"]  # by band
    assert "Neighbourly" not in response.text
    assert "bram" not in response.text
    [entry] = AuditEntry.objects.filter(action="people.export")
    assert entry.subject == str(anna.public_id)
    assert [deed["action"] for deed in json.loads(alice.post(
        address("export_person", anna)).content)["done_with_it"]] == ["people.export"]  # fmt: skip


def test_the_file_leaves_no_field_of_the_record_out():
    """A new column that holds something of a person must be exported or named here."""
    from gloed.fieldwork.models import Invitation
    from gloed.responses import dossier

    internal = {"id", "public_id", "organisation", "survey", "person"}
    asked = internal | {
        "wave", "trigger", "event", "token", "domain", "is_open", "leased_until", "handed_at",
        "attempts", "message_id",
    }  # fmt: skip
    answered = internal | {
        "version", "invitation", "touchpoint", "team", "key", "revision", "batch", "row",
        "erased_at",
    }  # fmt: skip
    for model, named, left_out in (
        (Invitation, dossier._ASKED, asked),
        (Response, dossier._ANSWERED, answered),
    ):
        fields = {field.name for field in model._meta.concrete_fields}
        assert fields == set(named) | left_out


def test_erasing_says_what_goes_and_what_stays(alice, anna, survey):
    fieldwork.invite(survey, anna, channel="email", now=NOW)
    text = alice.get(address("erase_person", anna)).text
    assert "2 texts in their own words" in text
    assert "1 invitation;" in text
    assert "2 ratings with their moment" in text
    assert "Type “Anna de Vries” to go on" in text


@pytest.mark.parametrize("typed", ["", "Anna", "bram"])
def test_another_name_erases_nobody(alice, anna, typed):
    response = alice.post(address("erase_person", anna), {"name": typed})
    assert response.status_code == 422
    assert "Nothing was erased" in response.text
    assert Person.objects.filter(pk=anna.pk).exists()


def test_the_typed_name_erases(alice, anna):
    response = alice.post(address("erase_person", anna), {"name": " anna de  vries "}, follow=True)
    assert "The person is erased. 2 ratings stayed, without a name." in response.text
    assert not Person.objects.filter(pk=anna.pk).exists()
    assert list(Answer.objects.exclude(verbatim="").values_list("verbatim", flat=True)) == [
        "Neighbourly"
    ]
    assert Suppression.objects.filter(reason="erased").count() == 2
    entry = AuditEntry.objects.get(action="people.erase")
    assert (entry.staff.email, entry.detail) == (response.context["user"].email, {"responses": 2})
    assert "Anna" not in str(list(AuditEntry.objects.values()))


def test_somebody_without_a_name_is_erased_by_the_address(alice, survey):
    answer(survey, 1, 8, "", person=PersonData(email="x@example.org"))
    person = Person.objects.get()
    alice.post(address("erase_person", person), {"name": "X@example.org"})
    assert not Person.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "frontline", "analyst"])
def test_who_may_not_erase_or_hand_out(client_of, organisation, anna, role):
    colleague = client_of(organisation, role)
    assert colleague.get(address("erase_person", anna)).status_code == 403
    assert colleague.post(address("export_person", anna)).status_code == 403
    expected = 200 if role == "analyst" else 403
    assert colleague.get(address("of_person", anna)).status_code == expected
