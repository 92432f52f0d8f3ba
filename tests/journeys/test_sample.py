"""The sample organisation comes with one click and leaves with one click."""

import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.database]


def test_the_sample_is_loaded_looked_at_and_removed(served, visit):
    owner = visit(served)
    account = served.owner("Eigen Haard")
    page = owner.log_in(account)
    page.get_by_role("link", name="Load the sample").click()
    page.click("main form button.button--primary")
    page.wait_for_selector("text=The sample is ready", timeout=400_000)
    page.get_by_role("link", name="To Today").click()
    assert re.fullmatch(r"\d+ answers in the past week", page.inner_text("h1"))

    page.locator("#surveys tbody a", has_text="yearly bill").click()
    page.wait_for_selector(".score__value")
    page.wait_for_selector(".figure .is-drawn svg")
    assert "of those asked" in owner.text("#score_main")

    owner.go("/sample/")
    page.get_by_role("button", name="Remove the sample").click()
    page.wait_for_url(f"{served.url}/")
    assert "Here your Monday morning will stand" in page.inner_text("h1")
    assert account.organisation in page.inner_text("header.masthead")
    assert owner.complaints == []
