"""A calendar reads waves and deadlines at a secret address, and nothing of customers."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from gloed.base.models import Membership, Team
from gloed.fieldwork.models import Wave
from gloed.integrations.calendar.models import Feed
from gloed.loop.improvements.operations import add_step, create_improvement
from tests.conftest import NOW

HOME = reverse("calendars:home")


@pytest.fixture
def plans(organisation, open_survey):
    soon = timezone.now() + timedelta(days=3)
    common = {"organisation": organisation, "survey": open_survey, "channel": "email"}
    Wave.objects.create(
        **common, name="Voorjaar", starts_at=soon, state="scheduled", created_at=NOW
    )
    Wave.objects.create(**common, name="Schets", starts_at=soon, created_at=NOW)
    values = {"title": "Bellen vooraf", "due_on": date(2026, 12, 24)}
    made = create_improvement(organisation, values, by=None, now=NOW)
    add_step(made, "Lijst maken", due_on=date(2026, 12, 1), now=NOW)
    return made


def address_for(client):
    client.post(HOME)
    return client.get(HOME).context["address"]


def titles(answer):
    calendar = Calendar.from_ical(answer.content)
    return sorted(str(event["summary"]) for event in calendar.walk("VEVENT"))


def test_waves_and_deadlines_stand_in_the_calendar(alice, plans, organisation):
    assert "does not know it yet" in alice.get(HOME).text
    organisation.language = "en"
    organisation.save()
    answer = Client().get(address_for(alice))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert titles(answer) == [
        "Due: Bellen vooraf",
        "Goes out: Voorjaar (After a visit)",
        "Lijst maken (Bellen vooraf)",
    ]
    calendar = Calendar.from_ical(answer.content)
    assert len(calendar.walk("VTIMEZONE")) == 1
    due = next(e for e in calendar.walk("VEVENT") if "Due" in e["summary"])
    assert (due.decoded("dtstart"), due.decoded("dtend")) == (
        date(2026, 12, 24),
        date(2026, 12, 25),
    )
    assert all(event["uid"] and event["dtstamp"] for event in calendar.walk("VEVENT"))
    assert all(len(line) <= 75 for line in answer.content.split(b"\r\n"))
    assert Feed.objects.get().read_at is not None
    again = Client().get(address_for(alice))
    unchanged = Client().get(
        alice.get(HOME).context["address"], headers={"If-None-Match": again["ETag"]}
    )
    assert unchanged.status_code == 304


def test_a_frontline_colleague_sees_only_what_the_own_team_does(
    client_of, organisation, plans, make_staff
):
    north = Team.objects.create(organisation=organisation, name="Noord")
    plans.team = Team.objects.create(organisation=organisation, name="Zuid")
    plans.save()
    client = client_of(organisation, "frontline", teams=[north])
    shown = " ".join(titles(Client().get(address_for(client))))
    assert "Voorjaar" in shown
    assert "Bellen" not in shown


def test_only_the_present_address_of_a_colleague_shows_anything(alice, organisation, plans):
    first = address_for(alice)
    second = address_for(alice)
    read = Client().get
    assert read(first).status_code == 404
    assert read(second).status_code == 200
    Membership.objects.filter(organisation=organisation).update(deactivated_at=NOW)
    assert read(second).status_code == 404
    Membership.objects.filter(organisation=organisation).update(deactivated_at=None)
    alice.post(HOME, {"act": "end"})
    assert read(second).status_code == 404
