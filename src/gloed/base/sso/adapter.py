"""What allauth asks us when somebody comes with an account of a log-in service."""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp
from django.http import HttpRequest
from django.utils import timezone

from gloed.base.models import Staff
from gloed.base.rendering import render_page
from gloed.base.sealing import CannotOpen, unseal
from gloed.base.sso import operations
from gloed.base.sso.models import LogIn
from gloed.base.sso.rules import Kind, claims_of
from gloed.base.sso.wording import REFUSALS

OPEN_ID, SAML = "openid_connect", "saml"


class LogInAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Services come from our own sealed table; who comes in is our own decision."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The service that is meant, as allauth wants to see it; nothing of it is stored."""
        found = living()
        apps = [app_of(one) for one in found]
        return [
            one
            for one in apps
            if provider in (None, one.provider, one.provider_id)
            and client_id in (None, one.client_id)
        ]

    def get_requests_session(self) -> Any:
        """The guarded way out."""
        from gloed.base.sso import guarded  # noqa: PLC0415 - requests is heavy, only at a log-in

        return guarded.session()

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Let them in as the colleague they are, or show in words why not."""
        log_in = LogIn.objects.select_related("organisation").get(
            public_id=sociallogin.account.provider
        )
        told = sociallogin.account.extra_data
        if log_in.kind != Kind.SAML:
            told = {**told.get("id_token", {}), **(told.get("userinfo") or {})}
        linked = sociallogin.user if sociallogin.is_existing else None
        now = timezone.now()
        try:
            staff = operations.let_in(
                log_in,
                claims_of(Kind(log_in.kind), told),
                linked=linked if isinstance(linked, Staff) else None,
                now=now,
            )
        except operations.NotLetIn as refusal:
            context = {"words": REFUSALS[refusal.reason], "log_in": log_in}
            page = render_page(request, "sso/refused.html", context, status=403)
            raise ImmediateHttpResponse(page) from None
        if linked is None:
            sociallogin.connect(request, staff)
            operations.note_connected(log_in, staff, now=now)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody signs up by themselves; whoever may come in has come in already."""
        return False

    def send_notification_mail(self, *_arguments: Any, **_more: Any) -> None:
        """The audit trail tells it."""


def living() -> list[LogIn]:
    """The services that let somebody in."""
    found = LogIn.objects.filter(is_active=True, deleted_at=None)
    return list(found.select_related("organisation"))


def app_of(log_in: LogIn) -> SocialApp:
    """A service as allauth wants to see it."""
    if log_in.kind == Kind.SAML:
        return SocialApp(
            provider=SAML, provider_id=log_in.key, name=log_in.name, client_id=log_in.key
        )
    try:
        secret = unseal(log_in.secret)
    except CannotOpen:  # sealed by another installation: the service will refuse it
        secret = ""
    return SocialApp(
        provider=OPEN_ID,
        provider_id=log_in.key,
        name=log_in.name,
        client_id=log_in.client_id,
        secret=secret,
        settings={"server_url": log_in.issuer.rstrip("/"), "oauth_pkce_enabled": True},
    )
