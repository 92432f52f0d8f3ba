"""What every test may lean on: a data folder of its own, and Alice, Bob and Charlie.

Alice owns the organisation, Bob works in it with a lesser role, Charlie belongs elsewhere and must
see nothing of it.
"""

import os
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import django
import pytest
from hypothesis import HealthCheck, settings

os.environ["DJANGO_SETTINGS_MODULE"] = "gloed.project.settings"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright's loop runs in the test's thread
os.environ["GLOED_DATA"] = tempfile.mkdtemp(prefix="gloed-test-")
django.setup()
# a password is hashed for every colleague that a test makes; in use it is meant to be slow
django.conf.settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# no law is about time: a busy machine must not fail one, and a run tells the same twice;
# new examples are looked for with --hypothesis-profile=explore
settings.register_profile("explore", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("gloed", settings.get_profile("explore"), derandomize=True, database=None)
settings.load_profile("gloed")

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def pytest_addoption(parser):
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run what asks a database: for a second engine, when all ran on the first",
    )


def pytest_collection_modifyitems(config, items):
    """Leave out what says the same on every database."""
    if config.getoption("--only-database"):
        asking = [item for item in items if _asks_a_database(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(asking)])
        items[:] = asking


def _asks_a_database(item):
    """Through Django, or in an installation of its own and marked so; not of the first engine."""
    if hasattr(item, "callspec") and "sqlite" in item.callspec.params.values():
        return False
    marks = ("django_db", "database")
    fixtures = {"db", "transactional_db"} & set(item.fixturenames)
    return bool(fixtures) or any(item.get_closest_marker(mark) for mark in marks)


@pytest.fixture(autouse=True)
def _english():
    """Every test begins in English, whatever language the request before it asked for."""
    from django.utils import translation

    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _no_guests_of_before():
    """Nobody is too fast for what another test asked in the same minute."""
    from gloed.base.guests import GUESTS

    GUESTS.forget()


@pytest.fixture(scope="session", autouse=True)
def _compiled_translations() -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for po in (ROOT / "src").rglob("LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parent.parent.name)
        fresh = mo.with_suffix(f".{os.getpid()}")
        with fresh.open("wb") as target:
            write_mo(target, catalog)
        fresh.replace(mo)


@pytest.fixture
def organisation(db):
    """The organisation that Alice owns."""
    from gloed.base.models import Organisation

    return Organisation.objects.create(name="Noorderlicht Energie", created_at=NOW)


@pytest.fixture
def other_organisation(db):
    """Charlie's organisation: a stranger here."""
    from gloed.base.models import Organisation

    return Organisation.objects.create(name="Zuiderzon", created_at=NOW)


@pytest.fixture
def make_staff(db) -> Callable:
    """Make a colleague with a role: `make_staff(organisation, "viewer")`."""
    from gloed.base.models import Membership, Staff

    def make(organisation, role, *, email=None, teams=()):
        email = email or f"{role}-{organisation.pk}@example.org"
        staff = Staff.objects.create_user(email, "a long enough password", name=role.title())
        membership = Membership.objects.create(organisation=organisation, staff=staff, role=role)
        membership.teams.set(teams)
        return staff

    return make


@pytest.fixture
def client_of(make_staff) -> Callable:
    """A logged-in test client: `client_of(organisation, "manager")`."""
    from django.test import Client

    def make(organisation, role="owner", **kwargs):
        client = Client()
        client.force_login(make_staff(organisation, role, **kwargs))
        return client

    return make


@pytest.fixture
def alice(client_of, organisation):
    """A client logged in as the owner."""
    return client_of(organisation, "owner")


@pytest.fixture
def charlie(client_of, other_organisation):
    """A client logged in as the owner of another organisation."""
    return client_of(other_organisation, "owner")


@pytest.fixture(scope="session")
def browser():
    """A real headless Chromium; make a page of your own with `browser.new_page(...)`."""
    from playwright.sync_api import sync_playwright

    from tests.environment import chromium

    path = chromium.find()
    assert path, "no Chromium: run `python tests/environment/chromium.py`"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=list(chromium.FLAGS))
        yield launched
        launched.close()
