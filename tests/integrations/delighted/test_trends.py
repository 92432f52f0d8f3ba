"""A trend is a view that colleagues share: it narrows responses and metrics, over the old API."""

from datetime import UTC, datetime
from urllib.parse import urlencode

import delighted
import pytest
from django.test import Client
from django.utils import timezone

from gloed.analysis.explorer.asked import read_explored
from gloed.analysis.models import SavedView
from gloed.base.models import Membership, Organisation, Staff, Team
from gloed.integrations.delighted import operations
from gloed.integrations.delighted.trends import within_trend
from gloed.responses.models import Response
from gloed.surveys.models import Touchpoint
from tests.integrations.delighted.conftest import NOW
from tests.integrations.delighted.test_by_hand import RESPONSES, person_id, respond


@pytest.fixture
def alice(organisation):
    staff = Staff.objects.create_user("alice@example.org", "a long enough password")
    Membership.objects.create(organisation=organisation, staff=staff, role="owner")
    client = Client()
    client.force_login(staff)
    client.staff = staff
    return client


@pytest.fixture
def view(organisation, alice):
    """Keep a view: `view("Assen", {"attr:depot": "Assen"})` gives its id."""

    def keep(name, query, *, is_shared=True, of=organisation):
        kept = SavedView.objects.create(
            organisation=of,
            staff=alice.staff,
            name=name,
            address=urlencode(query),
            is_shared=is_shared,
            created_at=NOW,
        )
        return kept.public_id.hex

    return keep


def ids(call, trend, **more):
    reply = call("GET", f"{RESPONSES}?{urlencode({'trend': trend, **more})}")
    assert reply.status_code == 200, reply.content
    return {one["id"] for one in reply.json()}


def test_a_view_narrows_responses_and_metrics(call, project, view):
    person = person_id(call)
    assen = [respond(call, s, person, person_properties={"depot": "Assen"}) for s in (10, 9, 2)]
    respond(call, 0, person, person_properties={"depot": "Emmen"})
    respond(call, 0, person)
    about = {"about": str(project.survey.public_id)}
    trend = view("Assen", about | {"attr:depot": "Assen"})
    assert ids(call, trend) == {one["id"] for one in assen}
    told = call("GET", f"metrics.json?trend={trend}").json()
    assert (told["nps"], told["response_count"]) == (33, 3)
    both = view("Assen, promoters", {"attr:depot": "Assen", "band": "promoter"})
    assert ids(call, both) == {one["id"] for one in assen[:2]}
    assert call("GET", f"metrics?trend={both}").json()["nps"] == 100
    assert call("GET", f"metrics?trend={both}&until=1000").json()["response_count"] == 0
    sent = call("GET", f"metrics?trend={both}&groups[]=core&groups[]=link").json()
    assert (sent["response_count"], sent["link_sent_count"]) == (2, 0)


def test_without_moments_it_looks_back_from_the_last_response_of_the_trend(call, view):
    person = person_id(call)
    old = {"person_properties": {"depot": "Assen"}, "created_at": 1_600_000_000}
    respond(call, 0, person, **old)
    respond(call, 10, person)
    trend = view("Assen", {"attr:depot": "Assen"})
    assert call("GET", f"metrics?trend={trend}").json()["nps"] == -100
    assert call("GET", "metrics").json()["nps"] == 100


def test_the_days_of_a_view_are_those_of_the_organisation(call, view):
    person = person_id(call)
    midnight = int(datetime(2023, 2, 28, 23, tzinfo=UTC).timestamp())  # the first of March here
    before, after = (respond(call, 9, person, created_at=midnight + step)["id"] for step in (-1, 0))
    march = view("March", {"from": "2023-03-01", "to": "2023-03-31"})
    february = view("February", {"from": "2023-02-01", "to": "2023-02-28"})
    assert (ids(call, march), ids(call, february)) == ({after}, {before})
    assert ids(call, march, until=midnight - 1) == set()


@pytest.mark.parametrize(
    ("shown", "kept"),
    [("5", 5), ("5", "5"), ("2.5", 2.5), ("true", True), ("true", "true"), ("a b__c", "a b__c")],
)
def test_an_attribute_is_meant_as_it_is_shown(call, view, shown, kept):
    person = person_id(call)
    found = respond(call, 9, person, person_properties={"how many__x": kept})["id"]
    for other in ({"how many__x": "6"}, {"how many__x": 1.5}, {"how": kept}):
        respond(call, 9, person, person_properties=other)
    assert ids(call, view("one", {"attr:how many__x": shown})) == {found}


def test_what_is_not_known_is_a_filter_too(call, view):
    person = person_id(call)
    known = respond(call, 9, person, person_properties={"depot": "Assen"})["id"]
    unknown = respond(call, 9, person)["id"]
    empty = respond(call, 9, person)["id"]
    Response.objects.filter(pk=int(empty)).update(attributes={"depot": ""})
    assert ids(call, view("none", {"attr:depot": "\u2205"})) == {unknown, empty}
    assert ids(call, view("no team", {"team": "\u2205"})) == {known, unknown, empty}


def test_teams_moments_channels_languages_and_themes(call, project, organisation, view):
    person = person_id(call)
    mine, other = (int(respond(call, 9, person)["id"]) for _ in range(2))
    team = Team.objects.create(organisation=organisation, name="Noord")
    moment = Touchpoint.objects.create(organisation=organisation, name="Winkel")
    Response.objects.filter(pk=mine).update(
        team=team, touchpoint=moment, channel="kiosk", language="nl", device="phone"
    )
    wanted = {
        "team": str(team.public_id), "touchpoint": str(moment.public_id), "channel": "kiosk",
        "language": "nl", "device": "phone",
    }  # fmt: skip
    for column, value in wanted.items():
        assert ids(call, view(column, {column: value})) == {str(mine)}
        assert ids(call, view(f"no {column}", {column: "\u2205"})) == (
            {str(other)} if column != "channel" else set()
        )
    assert ids(call, view("nonsense", {"team": "no id"})) == set()
    assert ids(call, view("no theme", {"theme": "\u2205"})) == {str(mine), str(other)}
    assert ids(call, view("a theme", {"theme": "price"})) == set()
    project.survey.touchpoint = moment
    project.survey.save()
    assert ids(call, view("moment", {"touchpoint": str(moment.public_id)})) == {
        str(mine),
        str(other),
    }
    assert ids(call, view("no moment", {"touchpoint": "\u2205"})) == set()


def test_only_shared_views_about_this_project_are_trends(call, organisation, project, view):
    respond(call, 9)
    another = operations.make_project(organisation, "Web", "csat", by=None, now=NOW)
    stranger = Organisation.objects.create(name="Zuid", created_at=NOW)
    away = view("gone", {})
    SavedView.objects.filter(name="gone").update(deleted_at=NOW)
    mine = {"about": f"nps-{project.survey.kind}"}
    together = view("together", mine)
    for none in (
        view("mine alone", {}, is_shared=False),
        view("other survey", {"about": str(another.survey.public_id)}),
        view("elsewhere", {}, of=stranger),
        away,
        "7",
        "no id",
    ):
        assert call("GET", f"{RESPONSES}?trend={none}").status_code == 404
        assert call("GET", f"metrics?trend={none}").status_code == 404
    assert len(ids(call, together)) == 1
    assert call("GET", f"{RESPONSES}?trend=").status_code == 200


def test_the_page_of_a_project_tells_the_ids(alice, project, view):
    address = f"/organisation/delighted/{project.public_id}/"
    dutch = {"accept-language": "nl"}
    assert "Bewaar een eerste weergave" in alice.get(address, headers=dutch).text
    trend = view("Assen", {"attr:depot": "Assen"})
    shown = alice.get(address, headers=dutch).text
    assert trend in shown
    assert "Bewaar een eerste weergave" not in shown


@pytest.mark.django_db(transaction=True)
def test_the_python_client_asks_for_a_trend(live_server, key, call, view):
    client = delighted.Client(api_key=key, api_base_url=f"{live_server.url}/delighted/v1/")
    person = person_id(call)
    mine = respond(call, 10, person, person_properties={"depot": "Assen"})
    respond(call, 0, person)
    trend = view("Assen", {"attr:depot": "Assen"})
    found = delighted.SurveyResponse.all(trend=trend, client=client)
    assert [one.id for one in found] == [mine["id"]]
    assert delighted.Metrics.retrieve(trend=trend, client=client).nps == 100


def test_a_filter_on_an_attribute_survives_any_name(project):
    query = read_explored({'attr:it\'s "x" %s': "y"}, today=timezone.localdate())
    rows = Response.objects.filter(survey=project.survey)
    assert list(within_trend(rows, project, query)) == []
