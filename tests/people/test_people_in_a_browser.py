"""Persons in a real browser: what is loaded beside, and what works without a script."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from gloed.base.models import Membership, Organisation, Staff
from gloed.people.models import Person
from gloed.people.rules import PersonData
from gloed.responses.operations import receive_many
from gloed.responses.rules import GivenAnswer, IncomingAnswer
from gloed.surveys import operations

pytestmark = pytest.mark.browser
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def anna(transactional_db):
    organisation = Organisation.objects.create(name="Noorderlicht", created_at=NOW)
    staff = Staff.objects.create_user("owner@example.org", "a long enough password")
    Membership.objects.create(organisation=organisation, staff=staff, role="owner")
    content = operations.usual_content(organisation, "nps")
    survey = operations.create_survey(organisation, title="Klanten", content=content, now=NOW)
    operations.open_survey(survey, now=NOW)
    answer = IncomingAnswer(
        answers=(GivenAnswer(1, rating=4), GivenAnswer(2, verbatim="De factuur klopte niet")),
        source="import",
        source_id="1",
        responded_at=NOW,
        person=PersonData("K-1", "Anna de Vries", "anna@example.org"),
    )
    list(receive_many(survey, [answer], now=NOW))
    return Person.objects.get()


@pytest.fixture
def open_page(browser, live_server, anna):
    """The list of persons as the owner: `open_page(script=False)`."""
    client = Client()
    client.force_login(Staff.objects.get())
    opened = []

    def visit(*, script=True):
        context = browser.new_context(locale="nl-NL", java_script_enabled=script)
        opened.append(context)
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        page.goto(live_server.url + reverse("people:list"))
        return page

    yield visit
    for context in opened:
        context.close()


def test_counts_and_answers_come_by_themselves(open_page, anna):
    page = open_page()
    page.wait_for_function(
        "id => document.getElementById(id).textContent === '1'",
        arg=f"answers_of_{anna.public_id}",
    )
    page.fill("input[name=q]", "vries")
    page.press("input[name=q]", "Enter")
    page.wait_for_url("**/people/?*q=vries*")
    page.get_by_role("link", name="Anna de Vries").click()
    page.wait_for_selector("text=De factuur klopte niet")
    assert page.locator("main h1").count() == 1


def test_without_a_script_somebody_is_found_stopped_and_erased(open_page, anna):
    page = open_page(script=False)
    page.get_by_role("link", name="Anna de Vries").click()
    page.get_by_role("link", name="Bekijk wat deze persoon antwoordde").click()
    assert page.get_by_text("De factuur klopte niet").is_visible()
    page.go_back()
    page.select_option("select[name=how]", "staff:mail")
    page.get_by_role("button", name="Stuur geen vragenlijsten meer").click()
    assert page.get_by_text("per mail of brief").is_visible()
    page.get_by_role("button", name="Maak ongedaan").click()
    page.get_by_role("link", name="Wis deze persoon").click()
    page.get_by_label("Typ “Anna de Vries” om verder te gaan").fill("Anna de Vries")
    page.get_by_role("button", name="Wis deze persoon").click()
    assert page.get_by_text("Er bleef 1 cijfer staan, zonder naam.").is_visible()
    page.close()
    assert not Person.objects.exists()
