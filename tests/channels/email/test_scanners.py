"""Mail scanners leave no score; a person needs two touches. With the links of a real mail."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from gloed.base.models import Organisation
from gloed.channels.email import operations
from gloed.channels.email.models import MailVisit
from gloed.channels.email.tasks import ROUND
from gloed.fieldwork.models import Invitation, Preference
from gloed.people.models import Suppression
from gloed.responses.models import InvitationSignal, Response
from tests.channels.email.post_office import open_survey
from tests.in_a_browser import findings


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
    assert len(links) == 13
    for link in links * 2:
        answer = getattr(scanner, method)(link.removeprefix("http://127.0.0.1:8000"))
        assert answer.status_code == 200
    assert not scanner.cookies
    assert nothing_happened()
    assert signals() == {"all_links", "hidden_link"}


def signals():
    return set(InvitationSignal.objects.values_list("signal", flat=True))


def path_of(link):
    return link.removeprefix("http://127.0.0.1:8000")


def answer(link, **more):
    """Answer as the page's own form does, touch and all."""
    path, _sign, rating = path_of(link).partition("?rating=")
    sent = {"step": "all", "rating": rating, "key": "k" * 24, "version": "1"}
    kind = "application/x-www-form-urlencoded"
    return Client().post(path, urlencode(sent | more), content_type=kind)


def test_one_link_opened_by_a_person_is_no_signal(mail):
    links = links_of(mail)
    for link in (links[9], links[9], links[8]):
        Client().get(path_of(link))
    assert answer(links[9]).status_code == 200
    assert signals() == set()
    assert not Response.objects.get().is_suspicious


def test_a_machine_that_goes_on_to_answer_is_set_apart_and_kept(mail):
    links = links_of(mail)
    for link in links:
        Client().get(path_of(link))
    answer(links[9])
    response = Response.objects.get()
    assert response.is_suspicious
    assert set(response.signals.split()) >= {"all_links", "hidden_link"}
    assert response.answers.get(question__position=1).rating == 9


def test_a_scanner_on_arrival_says_nothing_about_who_answers_later(mail):
    links = links_of(mail)
    for link in links:
        Client().get(path_of(link))
    earlier = timezone.now() - timedelta(hours=1)
    InvitationSignal.objects.update(seen_at=earlier)
    answer(links[9])
    assert not Response.objects.get().is_suspicious


def test_slow_curiosity_is_no_machine(mail):
    now = timezone.now()
    links = links_of(mail)
    for number, link in enumerate(links[:11]):
        Client().get(path_of(link))
        MailVisit.objects.filter(rating=number).update(at=now - timedelta(minutes=30 - number))
    assert signals() == set()


@pytest.mark.parametrize("rating", ["11", "-1", "x", "99", "１"])
def test_what_is_no_rating_leaves_no_visit(mail, rating):
    path = path_of(links_of(mail)[0]).partition("?")[0]
    assert Client().get(path, {"rating": rating}).status_code == 200
    assert not MailVisit.objects.exists()


def test_the_hidden_link_is_seen_by_nobody(mail, office):
    [hidden] = [link for link in links_of(mail) if "/m/" in link]
    [(_to, arrived)] = office.mails
    assert hidden not in arrived.get_body(("plain",)).get_content()
    assert Client().get("/m/made-up/").status_code == 404
    page = Client().get(path_of(hidden), headers={"accept-language": "nl"})
    assert "Hier valt niets te doen" in page.text


POKED = """
    scrollTo(0, document.body.scrollHeight);
    for (const one of document.querySelectorAll("input, label, button")) {
      for (const kind of ["pointerdown", "mousemove", "keydown", "change", "focus"]) {
        one.dispatchEvent(new Event(kind, { bubbles: true }));
      }
    }
"""
"""What a scanner's script does to a page; no hand has touched anything."""


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
            page.evaluate(POKED)
        page.goto("about:blank")
        page.wait_for_timeout(300)
        assert nothing_happened()
        assert "hidden_link" in signals()

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
        assert {rule for rule, _place in findings(page)} <= {"region", "landmark-one-main"}
        page.close()

    def test_the_way_out_opens_and_does_nothing_yet(self, arrived, page):
        page.set_content(arrived)
        page.get_by_role("link", name="Afmelden").click()
        page.wait_for_url("**/u/*/")
        assert nothing_happened()
