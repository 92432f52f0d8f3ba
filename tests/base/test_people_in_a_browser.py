"""The people side in a real browser: axe, the keyboard alone, and no script at all."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from gloed.base import audit, links
from gloed.base.models import Membership, Organisation, Staff, StaffInvitation, Team
from tests.base.objects_for_views import OBJECTS
from tests.conftest import NOW
from tests.in_a_browser import findings

pytestmark = pytest.mark.browser
PASSWORD = "a long enough password"
STRANGERS_PAGES = ["account_login", "account_reset_password", "account_reset_password_done"]
OWN_PAGES = [
    "base:settings",
    "base:staff_list",
    "base:staff_invite",
    "base:team_list",
    "base:audit",
    "base:account",
    "mfa_index",
    "account_change_password",
    "account_logout",
    "account_reauthenticate",
]


@pytest.fixture
def owner(transactional_db):
    organisation = Organisation.objects.create(name="Noorderlicht Energie", created_at=NOW)
    staff = Staff.objects.create_user("alice@example.org", PASSWORD, name="Alice de Wit")
    Membership.objects.create(organisation=organisation, staff=staff, role="owner")
    Team.objects.create(organisation=organisation, name="Klantenservice Groningen en omstreken")
    for name in ("base:staff_edit", "base:invitation_resend"):
        OBJECTS[name](organisation)
    StaffInvitation.objects.update(expires_at=timezone.now() + timedelta(days=1))
    audit.record(staff, "team.added", "Zuid", organisation=organisation, at=NOW)
    return staff


@pytest.fixture
def visit(browser, live_server, settings):
    """A page of somebody with a device; `as_staff` is logged in."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    opened = []

    def make(*, width=390, scheme="light", script=True, as_staff=None):
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 844},
            color_scheme=scheme,
            java_script_enabled=script,
            bypass_csp=True,  # for axe, which is put into the page
            locale="en-GB",
        )
        opened.append(context)
        if as_staff is not None:
            client = Client()
            client.force_login(as_staff)
            cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
            context.add_cookies([cookie | {"url": live_server.url}])
        page = context.new_page()
        page.set_default_timeout(30_000)
        return page

    yield make
    for context in opened:
        context.close()


def is_wider_than_the_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (390, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_every_page_fits(visit, owner, width, scheme):
    invitation = StaffInvitation.objects.get()
    join = links.invitation_url(invitation).removeprefix("http://127.0.0.1:8000")
    stranger = visit(width=width, scheme=scheme)
    colleague = visit(width=width, scheme=scheme, as_staff=owner)
    edit = reverse("base:staff_edit", args=[Membership.objects.last().public_id])
    pages = [(stranger, reverse(name)) for name in STRANGERS_PAGES] + [(stranger, join)]
    pages += [(colleague, reverse(name)) for name in OWN_PAGES] + [(colleague, edit)]
    for page, address in pages:
        assert page.goto(address).status == 200, address
        assert findings(page) == [], address
        assert not is_wider_than_the_screen(page), address


def test_a_colleague_is_invited_by_keyboard_alone(visit, owner):
    page = visit()
    page.goto(f"{reverse('account_login')}?next={reverse('base:staff_invite')}")
    page.locator("[name=login]:focus").wait_for()  # autofocus comes after the load event
    page.keyboard.type("alice@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.locator("[name=email]:focus").wait_for()
    page.keyboard.type("kim@example.org")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowUp")  # from viewer to frontline
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "on its way to kim@example.org" in page.inner_text(".page__notes")
    assert StaffInvitation.objects.get(email="kim@example.org").role == "frontline"


def test_without_a_script_a_team_goes_and_comes_back(visit, owner):
    page = visit(script=False, as_staff=owner)
    page.goto(reverse("base:team_list"))
    page.click("tbody form button")
    assert Team.objects.get().removed_at is not None
    page.click(".undo button")
    assert Team.objects.get().removed_at is None
    assert "is back" in page.inner_text(".page__notes")


def test_a_filter_changes_the_address_and_the_way_back_works(visit, owner):
    page = visit(as_staff=owner)
    page.goto(reverse("base:audit"))
    page.select_option("[name=what]", "team.added")
    page.wait_for_url("**what=team.added**")
    assert page.locator("#trail").count() == 1
    page.go_back()
    page.wait_for_url("**/organisation/audit/")
