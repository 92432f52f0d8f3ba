"""The audit trail: what is written, how it reads, and how it is searched."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import RequestFactory
from django.utils import translation

import gloed
from gloed.base import audit
from gloed.base.models import AuditEntry, Membership, Staff
from tests.conftest import NOW


@pytest.fixture
def owner(make_staff, organisation):
    return make_staff(organisation, "owner")


def test_a_deed_is_recorded_from_a_request_a_colleague_or_the_server(owner, organisation):
    request = RequestFactory().post("/")
    request.user, request.organisation = owner, organisation
    audit.record(request, "team.added", "Zuid")
    audit.record(owner, "team.added", "Noord", organisation=organisation)
    audit.record(None, "team.added", "Oost", organisation=organisation)
    assert list(AuditEntry.objects.order_by("pk").values_list("staff", "subject")) == [
        (owner.pk, "Zuid"),
        (owner.pk, "Noord"),
        (None, "Oost"),
    ]


def test_a_deed_without_an_organisation_is_refused(owner):
    with pytest.raises(ValueError, match="belongs to an organisation"):
        audit.record(owner, "team.added", "Zuid")


def test_what_happens_to_an_account_stands_in_every_organisation(
    owner, organisation, other_organisation
):
    Membership.objects.create(organisation=other_organisation, staff=owner, role="viewer")
    audit.record_everywhere(owner, "account.password_changed")
    assert set(AuditEntry.objects.values_list("organisation", flat=True)) == {
        organisation.pk,
        other_organisation.pk,
    }


def test_details_read_as_words():
    detail = {"role": ["viewer", "manager"], "rows": 12, "require_second_factor": [False, True]}
    with translation.override("en"):
        assert audit.detail_words(detail) == [
            ("role", "Viewer → Manager"),
            ("rows", "12"),
            ("second step required", "no → yes"),
        ]
    with translation.override("nl"):
        assert audit.detail_words(detail)[2] == ("tweede stap verplicht", "nee → ja")


def test_a_room_names_its_own_details_and_their_values():
    audit.name_details({"kettle": "kettle"}, values={"kettle": {"hot": "very hot"}})
    detail = {"kettle": ["cold", "hot"], "fields": "temperature"}
    assert audit.detail_words(detail) == [("kettle", "cold → very hot")]


def test_every_detail_in_the_code_is_called_something_on_the_page():
    source = Path(gloed.__file__).parent
    found = {
        key.value
        for path in source.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text()))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.record"
        for given in (*call.args[3:], *(one.value for one in call.keywords))
        if isinstance(given, ast.Dict)
        for key in given.keys
    }
    assert len(found) > 15
    assert sorted(name for name in found if not audit.has_name(name)) == []


def test_a_room_names_its_own_actions():
    assert audit.action_name("kettle.boiled") == "kettle.boiled"
    audit.name_actions({"kettle.boiled": "boiled the kettle"})
    assert audit.action_name("kettle.boiled") == "boiled the kettle"


@pytest.fixture
def trail(owner, organisation, other_organisation, make_staff):
    bob = make_staff(organisation, "manager", email="bob@example.org")
    for days in range(60):
        audit.record(
            owner if days % 2 else bob,
            "team.added" if days % 3 else "team.removed",
            f"Team {days}",
            organisation=organisation,
            at=NOW - timedelta(days=days),
        )
    audit.record(None, "team.added", "Elders", organisation=other_organisation, at=NOW)
    return bob


def test_the_page_shows_fifty_and_nothing_of_others(alice_of, trail):
    page = alice_of.get("/organisation/audit/").context["page"]
    assert (len(page), page.paginator.count) == (50, 60)
    assert alice_of.get("/organisation/audit/?page=2").context["page"].start_index() == 51
    assert b"Elders" not in alice_of.get("/organisation/audit/").content


@pytest.fixture
def alice_of(client, owner):
    client.force_login(owner)
    return client


def test_filters_stand_in_the_address(alice_of, trail):
    bob = Membership.objects.get(staff=trail)
    address = f"/organisation/audit/?who={bob.public_id}&what=team.removed&since=2026-02-01"
    response = alice_of.get(address)
    subjects = [entry.subject for entry in response.context["page"]]
    assert subjects == [f"Team {days}" for days in (0, 6, 12, 18, 24)]
    assert [label for label, _url in response.context["active"]] == [
        "Manager",
        "removed a team",
        "from Feb. 1, 2026",
    ]


def test_days_begin_by_the_clock_of_the_organisation(alice_of, owner, organisation):
    before_midnight = NOW.replace(day=1, hour=22, minute=59)  # 23:59 in Amsterdam
    for minutes, subject in ((0, "Sunday"), (2, "Monday")):
        at = before_midnight + timedelta(minutes=minutes)
        audit.record(owner, "team.added", subject, organisation=organisation, at=at)
    found = alice_of.get("/organisation/audit/?since=2026-03-02").context["page"]
    assert [entry.subject for entry in found] == ["Monday"]
    found = alice_of.get("/organisation/audit/?until=2026-03-01").context["page"]
    assert [entry.subject for entry in found] == ["Sunday"]


def test_a_filter_that_cannot_be_read_says_so_and_is_left_out(alice_of, trail):
    response = alice_of.get("/organisation/audit/?since=soon&who=nobody&page=x")
    assert response.context["page"].paginator.count == 60
    assert set(response.context["form"].errors) == {"since", "who"}


def test_htmx_gets_the_region_only(alice_of, trail):
    headers = {"HX-Request": "true", "HX-Target": "trail"}
    region = alice_of.get("/organisation/audit/", headers=headers)
    assert b"<html" not in region.content
    assert b'id="trail"' in region.content
    assert "HX-Target" in region.headers["Vary"]


def test_an_entry_outlives_nothing_but_names_its_colleague(alice_of, owner, organisation):
    Staff.objects.filter(pk=owner.pk).update(name="Alice de Wit")
    audit.record(owner, "team.added", "<b>Zuid</b>", organisation=organisation)
    content = alice_of.get("/organisation/audit/").content.decode()
    assert "Alice de Wit" in content
    assert "<b>Zuid" not in content
