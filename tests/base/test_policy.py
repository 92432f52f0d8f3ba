"""Every view says who may see it."""

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from gloed.base.rules import OWN, PERMISSIONS, Role, may

# pages of libraries: who may see them is theirs to guard, and told here
LIBRARY_VIEWS = {
    "allauth.account": "public: log-in and password reset guard themselves",
    "allauth.mfa": "the second factor asks for a log-in itself",
}


def every_view(resolver=None, prefix=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from every_view(pattern, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            yield prefix + str(pattern.pattern), pattern.callback


def test_every_view_carries_a_policy_mark():
    unmarked = [
        address
        for address, view in every_view()
        if not hasattr(view, "policy")
        and not getattr(view, "__module__", "").startswith(tuple(LIBRARY_VIEWS))
    ]
    assert unmarked == []


def test_a_role_never_has_more_than_the_one_above_it():
    for higher, lower in zip(list(Role)[:-1], list(Role)[1:], strict=True):
        assert PERMISSIONS[lower] <= PERMISSIONS[higher]


def test_an_unknown_permission_is_refused():
    with pytest.raises(ValueError, match="unknown permission"):
        may(Role.OWNER, "base.fly")


def test_the_owner_may_everything():
    assert all(may(Role.OWNER, permission) for permission in OWN)
