"""From the log-in page to a service on another site and back, in a real browser with its rules."""

from html import escape

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from gloed.base.sso import metadata, operations
from tests.base.sso.identity_provider import MAIL, IdentityProvider, question_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:datetime.datetime.utc:DeprecationWarning"),
]


def test_a_colleague_goes_to_the_service_and_comes_back_logged_in(
    live_server, browser, settings, organisation, make_staff
):
    settings.BASE_URL = live_server.url
    owner = make_staff(organisation, "owner", email="anna@example.org")
    idp = IdentityProvider()
    service = metadata.read(idp.metadata.encode())
    log_in = operations.make_log_in(
        organisation,
        kind="saml",
        name="Noord",
        issuer=service.entity_id,
        client_id="",
        secret="",
        domains=["example.org"],
        joins_as="",
        by=owner,
        now=timezone.now(),
        idp={"sign_in": service.sign_in, "certificates": list(service.certificates)},
    )

    def answer(route):
        """The page of the service: it knows who this is and sends them back."""
        question = question_in(route.request.url)
        encoded = idp.answer(question, {MAIL: "anna@example.org"})
        route.fulfill(
            content_type="text/html",
            body=f'<form method="post" action="{escape(question["answer_at"])}">'
            f'<input type="hidden" name="SAMLResponse" value="{encoded}">'
            "<button>Anna</button></form>",
        )

    page = browser.new_page()
    page.set_default_timeout(30_000)
    page.route("https://idp.example.org/**", answer)
    page.goto(f"{live_server.url}{reverse('account_login')}?next=/account/")
    page.get_by_role("button", name="Log in with Noord").click()
    page.wait_for_url("https://idp.example.org/**")
    page.get_by_role("button", name="Anna").click()
    page.wait_for_url(f"{live_server.url}/account/")
    expect(page.get_by_role("main")).to_contain_text("anna@example.org")
    assert log_in.seen.count() == 1
    page.close()
