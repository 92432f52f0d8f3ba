"""Mail scanners leave no score; a person needs two touches. With the links of a real mail."""

import re
from html import unescape

import pytest
from axe_core_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from gloed.base.models import Organisation
from gloed.channels.email import operations
from gloed.channels.email.tasks import ROUND
from gloed.fieldwork.models import Invitation, Preference
from gloed.people.models import Suppression
from gloed.responses.models import Response
from tests.channels.email.post_office import open_survey


def html_of(office):
    [(_to, mail)] = office.mails
    return mail.get_body(("html",)).get_content()


def links_of(html):
    return [unescape(address) for address in re.findall(r'href="([^"]+)"', html)]


def nothing_happened():
    line = Invitation.objects.get()
    return (
        not Response.objects.exists()
        and not Preference.objects.exists()
        and not Suppression.objects.exists()
        and line.is_open
        and line.disposition == "sent"
    )


@pytest.fixture
def mail(office, ask, survey):
    """A mail that was sent just now, as it arrived."""
    now = timezone.now()
    ask("nia@example.org", name="Nia", about=survey, now=now)
    operations.send_due(now=timezone.now, within=ROUND)
    return html_of(office)


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_scanner_that_follows_every_link_leaves_nothing(mail, method):
    scanner = Client()
    links = links_of(mail)
    assert len(links) == 12
    for link in links * 2:
        answer = getattr(scanner, method)(link.removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 200
    assert not scanner.cookies
    assert nothing_happened()


class TestInChromium:
    pytestmark = pytest.mark.browser

    @pytest.fixture
    def arrived(self, transactional_db, live_server, settings, request):
        """A mail whose links lead to a server that runs."""
        settings.BASE_URL = live_server.url
        return request.getfixturevalue("mail")

    @pytest.fixture
    def survey(self, transactional_db):
        organisation = Organisation.objects.create(name="Noorderlicht", created_at=timezone.now())
        return open_survey(organisation, "nps")

    @pytest.fixture
    def organisation(self, survey):
        return survey.organisation

    @pytest.fixture
    def page(self, browser):
        context = browser.new_context(viewport={"width": 390, "height": 760}, locale="nl-NL")
        opened = context.new_page()
        opened.set_default_timeout(30_000)
        yield opened
        assert context.cookies() == []
        context.close()

    def test_a_scanner_that_runs_scripts_leaves_nothing(self, arrived, page):
        for link in links_of(arrived):
            assert page.goto(link).status == 200
            page.wait_for_timeout(150)
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
        page.goto("about:blank")
        page.wait_for_timeout(300)
        assert nothing_happened()

    @pytest.mark.parametrize("script", [True, False])
    def test_two_touches_from_the_mail_to_a_complete_answer(self, arrived, browser, script):
        context = browser.new_context(
            viewport={"width": 390, "height": 760}, locale="nl-NL", java_script_enabled=script
        )
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.set_content(arrived)
        page.get_by_role("link", name="9", exact=True).click()
        page.wait_for_url("**/?rating=9")
        assert not Response.objects.exists()
        page.get_by_role("button", name="Verstuur").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Dank je wel")
        response = Response.objects.get()
        assert response.answers.get(question__position=1).rating == 9
        assert response.status == "complete"
        assert Invitation.objects.get().disposition == "complete"
        assert context.cookies() == []
        context.close()

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("width", [320, 390, 900])
    def test_the_mail_can_be_read_and_hit(self, arrived, browser, width, scheme):
        page = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=scheme)
        page.set_content(arrived)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        steps = page.locator("a[href*='rating=']")
        boxes = [step.bounding_box() for step in steps.all()]
        assert min(min(box["width"], box["height"]) for box in boxes) >= 44
        assert len({round(box["y"]) for box in boxes}) <= 2
        assert [found["id"] for found in Axe().run(page)["violations"] if found["id"] not in (
            "region", "landmark-one-main")] == []  # fmt: skip
        page.close()

    def test_leaving_takes_a_choice_and_a_press(self, arrived, page):
        page.set_content(arrived)
        page.get_by_role("link", name="Afmelden").click()
        assert Axe().run(page)["violations"] == []
        assert nothing_happened()
        page.get_by_role("radio", name="Hooguit twee keer per jaar").check(force=True)
        page.get_by_role("button", name="Zo doen we het").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Dat is geregeld")
        assert Axe().run(page)["violations"] == []
        assert Preference.objects.get().rhythm_days == 182
