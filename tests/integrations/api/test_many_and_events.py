"""Many answers at once, and events read back."""

from gloed.base.keys import Scope
from gloed.integrations.api.ids import PERSON, id_of
from gloed.people.models import Person
from gloed.responses.models import Response
from tests.integrations.api.conftest import caller_of


def many(survey_id, *ratings):
    return [
        {"survey": survey_id, "id": str(n), "rating": rating} for n, rating in enumerate(ratings)
    ]


def test_many_answers_come_in_at_once_and_only_once(call, survey_id):
    first = call("POST", "answers/bulk", {"answers": many(survey_id, *range(11))})
    assert (first.status_code, first.json()["new"]) == (200, 11)
    again = call("POST", "answers/bulk", {"answers": many(survey_id, *range(10, -1, -1))})
    assert again.json() == {"ids": first.json()["ids"], "new": 0}
    shown = call("GET", f"answers/{first.json()['ids'][0]}").json()
    assert (shown["rating"], Response.objects.count()) == (10, 11)


def test_one_that_cannot_be_taken_keeps_all_outside_and_is_pointed_at(call, survey_id):
    for wrong, status, pointer in (
        ({"rating": 11}, 422, "/answers/2/rating"),
        ({"survey": "srv_" + "0" * 32}, 404, "/answers/2"),
        ({"further": {"nothing": {"text": "x"}}}, 422, "/answers/2/further"),
    ):
        told = many(survey_id, 9, 8, 7)
        told[2] |= wrong
        refused = call("POST", "answers/bulk", {"answers": told})
        assert refused.status_code == status, wrong
        assert refused.json()["errors"][0]["pointer"] == pointer
    assert not Response.objects.exists()
    assert call("POST", "answers/bulk", {"answers": []}).status_code == 422


def test_an_event_can_be_read_back_with_what_came_of_it(call, organisation, other_organisation):
    told = {
        "id": "order-1",
        "kind": "delivery",
        "person": {"email": "anna@example.org"},
        "occurred_at": "2026-02-01T10:00:00Z",
        "properties": {"parcels": 2},
    }
    posted = call("POST", "events", told).json()
    call("POST", "events", told | {"id": "order-2", "kind": "return"})
    shown = call("GET", f"events/{posted['id']}").json()
    person = id_of(PERSON, Person.objects.get().public_id)
    assert (shown["key"], shown["kind"], shown["person"]) == ("order-1", "delivery", person)
    assert (shown["properties"], shown["source"]) == ({"parcels": 2}, "api")
    page = call("GET", f"events?kind=delivery&person={person}&limit=1").json()
    assert [one["id"] for one in page["data"]] == [posted["id"]]
    assert len(call("GET", "events").json()["data"]) == 2
    assert call("GET", "events?since=2999-01-01T00:00:00Z").json()["data"] == []
    stranger = caller_of(other_organisation, *Scope)
    assert stranger("GET", f"events/{posted['id']}").status_code == 404
    assert stranger("GET", "events").json()["data"] == []
    assert caller_of(organisation, Scope.WRITE_EVENTS)("GET", "events").status_code == 403


def test_a_list_of_events_asks_the_database_as_often_whatever_its_length(
    call, django_assert_max_num_queries
):
    for rows in (1, 30):
        for n in range(rows):
            told = {"id": f"{rows}-{n}", "kind": "call", "person": {"email": f"p{n}@example.org"}}
            call("POST", "events", told)
        with django_assert_max_num_queries(8):
            assert len(call("GET", "events?limit=100").json()["data"]) >= rows
