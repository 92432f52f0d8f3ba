"""What the page frame needs on every page, made only when a template asks for it."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from gloed.base.models import Membership, Organisation
from gloed.base.rules import Role, may
from gloed.web.navigation import OWN_MENU, VERBS, Entry, Link, open_links, open_tabs

THEMES = ("light", "dark")
THEME_COOKIE = "gloed_theme"


def frame(request: HttpRequest) -> dict[str, Any]:
    """The present organisation and membership, the chosen theme, and the ways around."""
    return {
        "organisation": getattr(request, "organisation", None),
        "membership": getattr(request, "membership", None),
        "theme": chosen_theme(request),
        "verbs": SimpleLazyObject(lambda: _links(request, VERBS)),
        "verb_tabs": SimpleLazyObject(lambda: _tabs(request)),
        "own_menu": SimpleLazyObject(lambda: _links(request, OWN_MENU)),
        "other_organisations": SimpleLazyObject(lambda: _other_organisations(request)),
    }


def chosen_theme(request: HttpRequest) -> str:
    """Either "light", "dark", or "" for whatever the reader's device says."""
    user = getattr(request, "user", None)
    theme = getattr(user, "theme", "") or request.COOKIES.get(THEME_COOKIE, "")
    return theme if theme in THEMES else ""


def _links(request: HttpRequest, entries: tuple[Entry, ...]) -> list[Link]:
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return []
    return open_links(entries, may=_rights(membership), view_name=_view_name(request))


def _tabs(request: HttpRequest) -> list[tuple[str, str, bool]]:
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return []
    return open_tabs(VERBS, may=_rights(membership), view_name=_view_name(request))


def _rights(membership: Membership) -> Callable[[str], bool]:
    return partial(may, Role(membership.role))


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _other_organisations(request: HttpRequest) -> list[Organisation]:
    membership: Membership | None = getattr(request, "membership", None)
    if membership is None:
        return []
    organisations = Organisation.objects.filter(memberships__staff=membership.staff_id)
    return list(organisations.exclude(pk=membership.organisation_id).order_by("name"))
