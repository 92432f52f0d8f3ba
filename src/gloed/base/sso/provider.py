"""A SAML service as allauth wants to see it; loaded when somebody logs in with one."""

from typing import Any

from allauth.socialaccount.providers import registry
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.http import HttpRequest

from gloed.base.sso.adapter import app_of
from gloed.base.sso.models import LogIn


class SamlLogIn(SAMLProvider):  # type: ignore[misc]  # allauth ships no types
    """Takes what we read from a believed answer: uid, email, name."""

    def extract_uid(self, data: dict[str, Any]) -> str:
        """What the account is known by."""
        return str(data["uid"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept of it: no more than who they are."""
        return {"email": data["email"], "name": data["name"]}

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        """What allauth fills a new account with, which we never let it make."""
        return {"email": data["email"]}


def of(request: HttpRequest, log_in: LogIn) -> SamlLogIn:
    """The provider of one service."""
    registry.register(SamlLogIn)
    return SamlLogIn(request, app=app_of(log_in))
