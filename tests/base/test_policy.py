"""Every view says who may see it, and it is so: tried from outside, for every address there is."""

import re
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from gloed.base.rules import OWN, PERMISSIONS, Role, may
from tests.base.objects_for_views import EMPTY, OBJECTS, PUBLIC

WRONG_METHOD = "DELETE"  # no page of ours answers it
ARGUMENT = re.compile(r"<|\(\?P")


@dataclass(frozen=True)
class View:
    """One address: the name it is reversed by, the pattern and the policy mark."""

    name: str
    pattern: str
    policy: object

    @property
    def has_argument(self):
        return bool(ARGUMENT.search(self.pattern))

    def __str__(self):
        return self.name


def every_view(resolver=None, prefix="", namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from every_view(pattern, prefix + str(pattern.pattern), inner)
        elif isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name}" if pattern.name else ""
            policy = getattr(pattern.callback, "policy", None)
            yield View(name, prefix + str(pattern.pattern), policy)


VIEWS = list(every_view())
MARKED = [view for view in VIEWS if view.policy is not None and view.name]
STAFF = [view for view in MARKED if view.policy.kind == "staff"]
WITH_ID = [view for view in MARKED if view.has_argument and view.policy.kind != "public"]
GUARDED = [view for view in MARKED if view.policy.kind != "public"]


def each(views):
    return pytest.mark.parametrize("view", views, ids=str)


@pytest.fixture(autouse=True)
def _nothing_leaves(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def open_view():
    """Send a request to a view the way it wants to be asked: GET, or POST where that is all."""

    def send(client, view, arguments):
        address = reverse(view.name, kwargs=arguments)
        allowed = client.generic(WRONG_METHOD, address).headers.get("Allow", "GET")
        return client.get(address) if "GET" in allowed else client.post(address)

    return send


def arguments_of(view, organisation):
    if not view.has_argument:
        return {}
    assert view.name in OBJECTS, (
        f"{view.name} has an id in its address: say in tests/base/objects_for_views.py "
        "how to make an object for it"
    )
    return OBJECTS[view.name](organisation)


def test_every_view_carries_a_policy_mark_and_a_name():
    unmarked = [view.pattern for view in VIEWS if view.policy is None or not view.name]
    assert unmarked == []


def test_every_public_page_says_why():
    silent = [view for view in MARKED if view.policy.kind == "public" and not view.policy.reason]
    assert silent == []


def test_the_table_of_objects_names_no_view_that_is_gone():
    assert set(OBJECTS) <= {view.name for view in WITH_ID}
    assert set(EMPTY) <= set(OBJECTS)
    assert set(PUBLIC) <= {view.name for view in MARKED if view.policy.kind == "public"}


@each(GUARDED)
def test_a_stranger_is_sent_to_the_log_in(view, organisation, open_view):
    response = open_view(Client(), view, arguments_of(view, organisation))
    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


@each(WITH_ID)
def test_an_object_of_another_organisation_does_not_exist(view, organisation, charlie, open_view):
    response = open_view(charlie, view, arguments_of(view, organisation))
    assert response.status_code == 404


@each(WITH_ID)
def test_an_object_that_never_was_does_not_exist(view, organisation, alice, open_view):
    arguments = arguments_of(view, organisation)
    if "uuid:" not in view.pattern:
        pytest.skip("the address holds no random id")
    made_up = {name: uuid4() for name in re.findall(r"<uuid:(\w+)>", view.pattern)}
    assert open_view(alice, view, arguments | made_up).status_code == 404


@each([view for view in WITH_ID if view.name not in EMPTY])
def test_the_owner_can_open_the_own_object(view, organisation, alice, open_view):
    response = open_view(alice, view, arguments_of(view, organisation))
    # an empty form may be refused, the object must be found
    fine = response.status_code < 400 or response.status_code in (400, 422)
    assert fine, response.status_code
    assert reverse("account_login") not in response.headers.get("Location", "")


@each([view for view in STAFF if not all(may(role, view.policy.permission) for role in Role)])
def test_a_role_without_the_permission_is_refused(view, organisation, client_of, open_view):
    arguments = arguments_of(view, organisation)
    for role in Role:
        if not may(role, view.policy.permission):
            response = open_view(client_of(organisation, role), view, arguments)
            assert response.status_code == 403, role


@each(MARKED)
def test_a_method_that_was_not_meant_is_refused(view, organisation, alice):
    if view.has_argument and view.policy.kind == "public":
        if not PUBLIC.get(view.name):
            pytest.skip("its address cannot be made up")
        arguments = PUBLIC[view.name]
    else:
        arguments = arguments_of(view, organisation)
    address = reverse(view.name, kwargs=arguments)
    assert alice.generic(WRONG_METHOD, address).status_code == 405


@each([view for view in MARKED if view.has_argument and view.policy.kind == "public"])
def test_a_made_up_public_address_does_not_exist(view, db):
    assert view.name in PUBLIC, (
        f"{view.name} is public and has an argument: say in tests/base/objects_for_views.py "
        "what a made-up one looks like"
    )
    if not PUBLIC[view.name]:
        pytest.skip("a library answers in its own way, told in the table")
    assert Client().get(reverse(view.name, kwargs=PUBLIC[view.name])).status_code == 404


def test_signing_up_and_social_log_in_do_not_exist(client):
    for address in ("signup/", "3rdparty/", "email/", "social/signup/", "login/code/"):
        assert client.get(f"/accounts/{address}").status_code == 404


def test_a_role_never_has_more_than_the_one_above_it():
    for higher, lower in zip(list(Role)[:-1], list(Role)[1:], strict=True):
        assert PERMISSIONS[lower] <= PERMISSIONS[higher]


def test_an_unknown_permission_is_refused():
    with pytest.raises(ValueError, match="unknown permission"):
        may(Role.OWNER, "base.fly")


def test_the_owner_may_everything():
    assert all(may(Role.OWNER, permission) for permission in OWN)
