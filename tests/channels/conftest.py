"""Somebody with a device of their own, in front of what we show to whoever comes."""

import pytest


@pytest.fixture
def visit(browser):
    """Open an address as a stranger: `visit(address, width=390)`; nobody leaves with a cookie.

    What the page complains of is kept in `page.problems`. With `context` a page opens beside
    another one, in the same browser.
    """
    opened = []

    def open_page(
        address,
        *,
        width=1280,
        height=800,
        scheme="light",
        script=True,
        headers=None,
        context=None,
    ):
        if context is None:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme=scheme,
                java_script_enabled=script,
                locale="nl-NL",
                extra_http_headers=headers or {},
            )
            opened.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.problems = []
        page.on("console", lambda line: page.problems.append(line.text))
        page.on("pageerror", lambda problem: page.problems.append(str(problem)))
        page.goto(address)
        return page

    yield open_page
    for context in opened:
        assert context.cookies() == []
        context.close()
