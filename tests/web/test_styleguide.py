"""The style guide shows every part, to colleagues, under the real content policy."""

import pytest
import vl_convert

from tests.in_a_browser import findings

LOCAL = {"host": "localhost"}


@pytest.mark.django_db
def test_a_stranger_is_asked_to_log_in(client):
    answer = client.get("/styleguide", headers=LOCAL)
    assert (answer.status_code, answer["location"]) == (302, "/accounts/login/?next=/styleguide")


def test_a_viewer_sees_every_part(client_of, organisation):
    page = client_of(organisation, "viewer").get("/styleguide", headers=LOCAL).content.decode()
    for part in (
        "score",
        "figure",
        "filters",
        "table",
        "answer",
        "form",
        "notice",
        "empty",
        "undo",
    ):
        assert f'class="{part}' in page, part


def test_a_page_that_is_not_there_says_so_kindly(client, db):
    answer = client.get("/no-such-page", headers={**LOCAL, "accept-language": "nl"})
    assert answer.status_code == 404
    assert "Op dit adres staat niets" in answer.content.decode()


@pytest.fixture
def open_page(live_server, browser, alice):
    """Open an address as Alice: `open_page("/styleguide", width=390, scheme="dark")`."""
    contexts = []

    def open_at(path: str, *, width: int, scheme: str, **options):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, **options
        )
        contexts.append(context)
        cookie = {"name": "sessionid", "value": alice.cookies["sessionid"].value}
        context.add_cookies([{**cookie, "url": live_server.url}])
        bundle = vl_convert.javascript_bundle()
        page = context.new_page()
        page.route(
            "**/static-figures/vega.js",
            lambda route: route.fulfill(body=bundle, content_type="text/javascript"),
        )
        page.complaints = []
        page.on("pageerror", lambda problem: page.complaints.append(str(problem)))
        page.on(
            "console",
            lambda line: page.complaints.append(line.text) if line.type == "error" else None,
        )
        page.goto(live_server.url + path)
        return page

    yield open_at
    for context in contexts:
        context.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_and_figures_are_drawn(open_page, width: int, scheme: str):
    page = open_page("/styleguide", width=width, scheme=scheme)
    page.wait_for_selector("#trend .is-drawn svg")
    page.wait_for_selector("#distribution .is-drawn svg")
    assert findings(page) == []
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_figure_follows_the_theme_without_a_new_drawing(open_page):
    page = open_page("/styleguide", width=1280, scheme="light")
    page.wait_for_selector("#trend .is-drawn svg")
    line = "getComputedStyle(document.querySelector('#trend .mark-line path')).stroke"
    assert page.evaluate(line) == "rgb(29, 27, 24)"
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(line) == "rgb(239, 235, 228)"
    page.emulate_media(color_scheme="dark", media="print")
    assert page.evaluate(line) == "rgb(29, 27, 24)"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_menu_definition_and_figures_work_without_a_script(open_page):
    page = open_page("/styleguide", width=390, scheme="light", java_script_enabled=False)
    page.click(".masthead__me summary")
    assert page.locator(".menu__sheet").last.is_visible()
    page.click(".masthead__me summary")
    page.click("#score_sure .hint-button")
    assert page.locator("#score_sure_definition").is_visible()
    page.keyboard.press("Escape")
    page.click("#trend summary")
    assert page.locator("#trend table").is_visible()
