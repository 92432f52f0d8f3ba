"""A call sheet by keyboard alone: the number, the words, and on to the next person."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from gloed.people.models import Person
from gloed.responses.models import Answer, Response
from gloed.surveys import operations as surveys
from gloed.surveys.rules import Metric

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_whole_call_without_a_mouse(browser, live_server, organisation, caller, settings):
    from django.utils import timezone

    from gloed.fieldwork import operations
    from gloed.fieldwork.models import Wave

    now = timezone.now()
    content = surveys.usual_content(organisation, Metric.NPS)
    survey = surveys.create_survey(organisation, title="Relatie", content=content, now=now)
    survey = surveys.open_survey(survey, now=now)
    for number in range(2):
        Person.objects.create(
            organisation=organisation, name=f"P{number}", phone=f"061234567{number}", created_at=now
        )
    wave = Wave.objects.create(
        organisation=organisation, survey=survey, name="x", channel="phone", created_at=now
    )
    operations.start_wave(wave, now=now)
    operations.write_wave(wave.pk, now=now)
    client = Client()
    client.force_login(caller)
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="en-GB")
    context.set_default_timeout(30_000)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies(
        [{"name": name, "value": client.cookies[name].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/phone/?list={wave.public_id}")
    expect(page.locator("button:focus")).to_have_count(1)  # the next person is one Enter away
    page.keyboard.press("Enter")
    expect(page.locator("input[name=q1]:focus")).to_have_count(1)
    page.wait_for_load_state("load")  # the focus may come before the script that hears the keys
    page.keyboard.press("t")
    expect(page.locator("#q2:focus")).to_have_count(1)
    assert page.locator("input[name=q1][value='10']").is_checked()
    page.keyboard.type("7 of 10 would call again")  # digits are words here
    page.keyboard.press("Control+Enter")
    page.wait_for_url(f"**/phone/?list={wave.public_id}")
    assert Response.objects.count() == 1
    assert Answer.objects.get(rating=10).question.position == 1
    assert Answer.objects.get(rating=None).verbatim == "7 of 10 would call again"
    expect(page.locator("button:focus")).to_have_count(1)
    context.close()
