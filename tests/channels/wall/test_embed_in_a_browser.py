"""The wall on a website of somebody else, and the page of consent, in a real browser."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from gloed.loop.testimonials import operations
from gloed.loop.testimonials.models import Agreement
from gloed.loop.testimonials.rules import Place, Shown
from tests.channels.wall.conftest import LATER
from tests.channels.website import website
from tests.in_a_browser import findings

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def site(live_server):
    """Somebody's website, which lets our server in and nothing else."""
    with website(live_server.url) as running:
        yield running


def test_the_snippet_shows_it_on_another_site_and_follows_a_withdrawal(
    live_server, site, visit, quote, wall
):
    one = quote("Snel <b>geholpen</b>", on_wall=True)
    quote("Very quick", name="Bea", language="en", on_wall=True)
    snippet = (
        f'<div data-gloed-wall="{wall.slug}"></div>'
        f'<script src="{live_server.url}/customers-say/embed.js" async></script>'
    )
    page = visit(site.put("/", snippet), width=390)
    quotes = page.locator("gloed-wall li")
    expect(quotes).to_have_count(2)
    expect(quotes.nth(1).locator("blockquote")).to_have_text("Snel <b>geholpen</b>")
    expect(quotes.nth(1).locator("footer")).to_have_text("Anna de Vries")
    expect(quotes.nth(0)).to_have_attribute("lang", "en")
    expect(page.locator("gloed-wall section")).to_contain_text(
        "vonden het goed geciteerd te worden"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert findings(page) == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert page.problems == []
    operations.withdraw(one, now=LATER)
    page.reload()
    expect(quotes).to_have_count(1)
    expect(quotes).to_contain_text("Very quick")

    more = snippet.replace("data-gloed-wall", 'data-theme="dark" data-only="nl" data-gloed-wall')
    empty = visit(site.put("/none", more))
    expect(empty.locator("[data-gloed-drawn]")).to_have_count(1)
    expect(empty.locator("gloed-wall")).to_have_count(0)  # nothing to show, nothing drawn

    inside = f"{live_server.url}/customers-say/{wall.slug}/frame/"
    framed = visit(site.put("/framed", f'<iframe title="x" src="{inside}"></iframe>'))
    expect(framed.frame_locator("iframe").locator("blockquote")).to_have_text("Very quick")


@pytest.mark.parametrize("script", [True, False])
def test_a_customer_reads_ticks_signs_and_takes_it_back(live_server, visit, quote, script):
    one = quote("Snel geholpen door [name]", original="Snel geholpen door Jan")
    there = f"{live_server.url}/your-words/{one.token}/"
    page = visit(there, width=390, script=script)
    if script:
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        by_night = visit(f"{there}?l=en", scheme="dark")
        expect(by_night.get_by_role("button", name="I agree")).to_be_visible()
        assert findings(by_night) == []
    page.get_by_role("button", name="Ik vind het goed").click()
    expect(page.get_by_role("alert")).to_contain_text("Kruis minstens één plek aan")
    page.get_by_label("De woorden. Wijzig wat je wilt").fill("Snel geholpen")
    page.get_by_label("De citatenmuur").check()
    page.get_by_label("Typ je naam om het goed te vinden").fill("Anna de Vries")
    page.get_by_role("button", name="Ik vind het goed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Wat je goedvond")
    assert Agreement.objects.get().words == "Snel geholpen"
    if script:
        assert findings(page) == []
    page.get_by_role("button", name="Trek het in").click()
    expect(page.get_by_role("status")).to_contain_text("Je trok het in")
    assert Agreement.objects.get().ended_because == "customer"
    assert [line for line in page.problems if "422" not in line] == []


def test_a_colleague_asks_and_puts_it_on_the_wall(live_server, browser, alice, quote, wall):
    one = quote(asked=False)
    context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 800})
    context.add_cookies(
        [{"name": "sessionid", "value": alice.cookies["sessionid"].value, "url": live_server.url}]
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.goto(live_server.url + reverse("testimonials:one", args=[one.public_id]))
    page.get_by_role("button", name="Only make their page").click()
    expect(page.get_by_label("Address")).to_have_value(
        f"{settings.BASE_URL}/your-words/{one.token}/"
    )
    one.refresh_from_db()
    operations.agree(
        one,
        version=1,
        words=one.words,
        shown=Shown(one.shown),
        places=[Place.WALL],
        signed_name="A",
        language="nl",
        now=LATER,
    )
    page.reload()
    page.get_by_role("button", name="Put it on the wall").click()
    expect(page.get_by_text("it stands on the wall")).to_be_visible()
    page.get_by_role("button", name="Take it off the wall").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("it stands on the wall")).to_be_visible()
    page.get_by_role("button", name="Take away").click()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="What was agreed")).to_be_visible()
    context.close()
