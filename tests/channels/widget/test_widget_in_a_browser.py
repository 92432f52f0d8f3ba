"""The widget in a real browser, on a page of another origin with a strict content policy."""

from dataclasses import replace

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from gloed.base.models import Organisation
from gloed.channels.widget import operations, queries
from gloed.channels.widget.rules import sign_person
from gloed.fieldwork.models import Invitation
from gloed.responses.models import Response
from gloed.surveys import operations as surveys
from gloed.surveys.rules import Further, Kind, Option, Presentation, QuestionWords
from tests.channels.website import website
from tests.in_a_browser import findings, recorded, until

pytestmark = pytest.mark.browser


@pytest.fixture
def site(live_server):
    """Somebody's website, which lets our server in and nothing else."""
    with website(live_server.url) as running:
        yield running


@pytest.fixture
def make(transactional_db, live_server, site):
    """Make a widget for that site and a page that carries it: `make(place="tab")`."""

    def make_page(
        path="/", *, before="", tag="", language="nl", metric="nps", asked=None, **values
    ):
        organisation = Organisation.objects.create(name="Noorderlicht", created_at=timezone.now())
        content = replace(surveys.usual_content(organisation, metric), **(asked or {}))
        survey = surveys.create_survey(organisation, title="x", content=content, now=timezone.now())
        surveys.open_survey(survey, now=timezone.now())
        values = {"name": "x", "sites": [site.address], "seconds": 0, "survey": survey, **values}
        widget = operations.make_widget(organisation, values, by=None, now=timezone.now())
        script = f'<script src="{live_server.url}/w/v1/gloed.js" data-widget="{widget.key}"'
        address = site.put(path, f"{before}{script} {tag} async></script>", language=language)
        return widget, address

    return make_page


def card(page):
    return page.locator("gloed-widget section")


def settle(page):
    """Wait until the widget knows what to do, and has asked what it wanted to."""
    until(page, lambda: page.evaluate("window.gloed ? gloed.ready.then(() => true) : false"))
    page.wait_for_load_state("networkidle")


def focused(page):
    """What has the focus inside the widget."""
    return page.evaluate(
        """() => { const one = document.querySelector("gloed-widget")?.shadowRoot.activeElement;
           return one ? (one.id || one.className || one.tagName) : null }"""
    )


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_a_visitor_answers_and_nothing_of_the_page_is_broken(make, visit, width, scheme):
    widget, address = make()
    page = visit(address, width=width, scheme=scheme)
    expect(card(page)).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "BODY"  # nobody's focus is taken
    expect(page.locator("gloed-widget [role=status]").first).to_contain_text("Noorderlicht")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for step in page.locator("gloed-widget .step").all():
        box = step.bounding_box()
        assert box["width"] >= 44
        assert box["height"] >= 44
    page.locator("gloed-widget #r9").check(force=True)
    until(page, lambda: recorded() == [(9, "", "partial")])  # kept at once
    assert findings(page) == []
    page.locator("gloed-widget #why").fill("vlot geholpen")
    page.locator("gloed-widget .send").click()
    expect(card(page).locator("h2")).to_have_text("Dank je wel, je antwoord is binnen")
    assert findings(page) == []
    assert recorded() == [(9, "vlot geholpen", "complete")]
    assert Response.objects.get().attributes["page"] == address
    found = queries.counts_of([widget], until=timezone.localdate())[widget.pk]
    assert (found.seen, found.opened, found.answered) == (1, 1, 1)
    assert page.problems == []
    again = visit(address, context=page.context)
    settle(again)
    expect(card(again)).to_have_count(0)  # who was asked is left alone


def test_keyboard_alone_on_a_button_that_the_visitor_opens(make, visit):
    _widget, address = make(place="tab", before='<p><a href="#x">eerste</a></p>')
    page = visit(address)
    expect(page.locator("gloed-widget .tab")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert focused(page) == "tab"
    page.keyboard.press("Enter")
    expect(card(page)).to_be_visible()
    assert focused(page).startswith("card")
    page.keyboard.press("Escape")
    expect(card(page)).to_have_count(0)
    assert focused(page) == "tab"  # the focus goes back where it was
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    until(page, lambda: recorded() == [(8, "", "partial")])
    page.keyboard.press("Tab")
    assert focused(page) == "why"
    page.keyboard.type("goed")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(card(page).locator("h2")).to_contain_text("Dank je wel")
    assert recorded() == [(8, "goed", "complete")]
    assert page.problems == []


def test_a_network_that_drops_loses_nothing(make, visit):
    _widget, address = make()
    page = visit(address)
    expect(card(page)).to_be_visible()
    page.context.set_offline(True)
    page.locator("gloed-widget #r3").check(force=True)
    expect(page.locator("gloed-widget form [role=status]")).to_contain_text("offline")
    page.locator("gloed-widget #why").fill("te traag")
    page.locator("gloed-widget .send").click()
    assert recorded() == []
    page.context.set_offline(False)
    expect(card(page).locator("h2")).to_contain_text("Dank je wel")
    assert recorded() == [(3, "te traag", "complete")]


def test_leaving_the_page_sends_what_was_written(make, visit, site):
    _widget, address = make()
    page = visit(address)
    page.locator("gloed-widget #r7").check(force=True)
    page.locator("gloed-widget #why").fill("half af")
    page.goto(site.put("/next", "verder"))
    until(page, lambda: recorded() == [(7, "half af", "partial")])


def test_who_asks_not_to_be_followed_is_not_asked_and_not_remembered(make, visit, browser):
    _widget, address = make()
    context = browser.new_context(locale="nl-NL")
    context.add_init_script(
        "Object.defineProperty(navigator, 'globalPrivacyControl', { value: true })"
    )
    page = visit(address, context=context)
    settle(page)
    expect(card(page)).to_have_count(0)
    page.evaluate("gloed('ask', { opened: true, attributes: { plan: 'pro' } })")  # by hand it opens
    page.locator("gloed-widget #r9").check(force=True)
    until(page, lambda: recorded() == [(9, "", "partial")])
    assert Response.objects.get().attributes == {}
    assert page.evaluate("localStorage.length") == 0
    context.close()


def test_a_known_visitor_is_asked_once_wherever_they_come_from(make, visit, site, live_server):
    widget, address = make("/")
    person = sign_person({"id": "42"}, operations.secret_of(widget), now=timezone.now())
    tag = f'<script src="{live_server.url}/w/v1/gloed.js" data-widget="{widget.key}"'
    address = site.put("/own", f'{tag} data-person="{person}" async></script>')
    first = visit(address)
    first.locator("gloed-widget #r10").check(force=True)
    until(first, lambda: recorded() == [(10, "", "partial")])
    assert Response.objects.get().person.external_id == "42"
    second = visit(address)  # another browser
    settle(second)
    expect(card(second)).to_have_count(0)
    assert Invitation.objects.get().disposition == "partial"


def test_in_the_page_itself_on_scroll_on_leaving_and_by_code(make, visit, site):
    _widget, address = make("/inline", place="inline", before="<div data-gloed></div>")
    page = visit(address)
    expect(page.locator("[data-gloed] gloed-widget section")).to_be_visible()
    assert findings(page) == []
    assert page.problems == []

    _widget, address = make(
        "/long", when="scroll", percent=50, before="<p>x</p>" + "<br>" * 200, language="en"
    )
    page = visit(address)
    settle(page)
    expect(card(page)).to_have_count(0)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(card(page)).to_be_visible()
    expect(card(page)).to_contain_text("How likely")

    _widget, address = make("/exit", when="exit", pages=["/ex*"])
    page = visit(address)
    settle(page)
    page.evaluate(
        "document.documentElement.dispatchEvent(new MouseEvent('mouseleave', { clientY: -1 }))"
    )
    expect(card(page)).to_be_visible()

    _widget, address = make("/code", when="code", theme="dark", place="dialog")
    page = visit(address)
    settle(page)
    page.evaluate("gloed('ask', { attributes: { order: 'A1' } })")
    page.locator("gloed-widget #r4").check(force=True)
    until(page, lambda: recorded() == [(4, "", "partial")])
    assert Response.objects.get().attributes["order"] == "A1"
    page.evaluate("gloed('close')")
    expect(card(page)).to_have_count(0)


def test_other_pages_and_other_sites_see_nothing(make, visit, site, live_server):
    widget, address = make("/elsewhere", pages=["/thanks", "/help/*"])
    page = visit(address)
    settle(page)
    expect(card(page)).to_have_count(0)
    page.evaluate("history.pushState({}, '', '/help/me')")  # no new page is loaded
    expect(card(page)).to_be_visible()
    with website(live_server.url) as other:
        tag = f'<script src="{live_server.url}/w/v1/gloed.js" data-widget="{widget.key}"'
        page = visit(other.put("/thanks", f"{tag} async></script>"))
        settle(page)
        expect(card(page)).to_have_count(0)


def test_a_survey_with_more_questions_goes_on_in_a_frame(make, visit):
    words = QuestionWords("Waarover ging het?", options={"bill": "De rekening", "phone": "Bellen"})
    topic = Further(
        "topic",
        Kind.SINGLE,
        {"nl": words, "en": words},
        options=(Option("bill"), Option("phone")),
    )
    _widget, address = make(asked={"further": (topic,)})
    page = visit(address)
    page.locator("gloed-widget #r5").check(force=True)
    page.locator("gloed-widget #why").fill("duur")
    page.locator("gloed-widget .send").click()
    page.locator("gloed-widget .send", has_text="Nog een paar vragen").click()
    frame = page.frame_locator("gloed-widget iframe")
    expect(frame.locator("body")).to_contain_text("Waarover ging het?")
    assert recorded() == [(5, "duur", "partial")]
    frame.get_by_label("De rekening").check(force=True)
    frame.locator(".send").click()
    expect(frame.locator("h1")).to_contain_text("Dank je wel")
    assert recorded() == [(5, "duur", "complete")]
    assert Response.objects.get().answers.get(question__position=3).choices == "bill"
    assert page.problems == []


def test_faces_are_drawn_and_read_as_numbers(make, visit):
    _widget, address = make(metric="csat", asked={"presentation": Presentation.FACES})
    page = visit(address, width=390)
    expect(page.locator("gloed-widget .step svg")).to_have_count(5)
    assert findings(page) == []
    page.get_by_role("radio", name="4", exact=True).check(force=True)
    until(page, lambda: recorded() == [(4, "", "partial")])
    assert page.problems == []
