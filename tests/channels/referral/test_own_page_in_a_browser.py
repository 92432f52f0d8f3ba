"""A promoter's own page in a real browser: axe, the keyboard, and a telephone, also at night."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from gloed.loop.promoters.models import Ask, Reference, Trial
from gloed.loop.promoters.operations import asking, referring, trying
from gloed.loop.promoters.operations.asking import Words
from gloed.loop.promoters.rules import AskKind, How
from tests.in_a_browser import findings
from tests.record import put_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOKS = [(390, "light", "nl"), (1280, "dark", "en")]


@pytest.fixture
def anna(organisation):
    return put_person(organisation, "anna@example.org", name="Anna Bos", now=timezone.now())


def is_fine(page):
    """Axe finds nothing, and nothing sticks out."""
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "scheme", "language"), LOOKS)
def test_everything_somebody_may_be_asked(
    visit, live_server, anna, organisation, width, scheme, language
):
    now, own_words = timezone.now(), Words(language="nl")
    words = {"nl": {"friend": "Een maand gratis", "giver": "Een taart"}}
    values = {"is_on": True, "address": "https://example.org/join", "words": words}
    referring.keep_programme(organisation, values, staff=None, now=now)

    def look(address):
        return visit(f"{live_server.url}{address}?l={language}", width=width, scheme=scheme)

    def open_own(kind):
        ask = Ask.objects.filter(kind=kind).latest("pk")
        address = reverse("referral:own", args=[ask.token])
        return look(address)

    def press(page, value):
        """By the keyboard alone."""
        page.locator(f"button[value={value}]").focus()
        page.keyboard.press("Enter")

    # a link to pass on: first made, then there
    asking.note_ask(anna, AskKind.REFERRAL, how=How.PHONE, staff=None, words=own_words, now=now)
    page = open_own(AskKind.REFERRAL)
    is_fine(page)
    press(page, "yes")
    expect(page.locator("#address")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", language)  # as they chose
    is_fine(page)
    Ask.objects.all().delete()

    # a reference: the words, agreed, stopped
    asking.note_ask(anna, AskKind.REFERENCE, how=How.PHONE, staff=None, words=own_words, now=now)
    page = open_own(AskKind.REFERENCE)
    is_fine(page)
    press(page, "yes")
    expect(page.locator("button[value=stop]")).to_be_visible()
    is_fine(page)
    assert Reference.objects.get().withdrawn_at is None
    press(page, "stop")
    expect(page.locator("button[value=yes]")).to_be_visible()
    is_fine(page)
    Ask.objects.all().delete()

    # something to try: invited, taking part, stopped
    early = trying.keep_list(
        organisation, {"title": "De app", "text": "Twee weken", "places": 2}, staff=None, now=now
    )
    trying.invite(early, anna, how=How.PHONE, staff=None, now=now, words=own_words)
    page = open_own(AskKind.EARLY_ACCESS)
    is_fine(page)
    press(page, "yes")
    expect(page.locator("#text")).to_be_visible()
    page.locator("#text").fill("Traag op mijn telefoon")
    press(page, "say")
    expect(page.locator("blockquote")).to_contain_text("Traag op mijn telefoon")
    is_fine(page)
    press(page, "stop")
    expect(page.locator("button[value=stop]")).to_have_count(0)
    is_fine(page)
    assert Trial.objects.get().status == "left"

    # and what is gone
    referring.keep_programme(organisation, {"is_on": False}, staff=None, now=now)
    page = look(reverse("referral:own", args=["made-up"]))
    is_fine(page)
