"""Addresses of this room, and the few pages of allauth that we open.

`account_urlpatterns` stand beside ours because allauth finds its pages by names without a room.
Signing up, several addresses and social log-ins are not among them: they do not exist here.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import views as allauth_account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_http_methods

from gloed.base.policy import public_page, signed_in
from gloed.base.views import account, audit, join, keys, organisation, staff, teams

app_name = "base"
urlpatterns: list[URLPattern] = [
    path("organisation/", organisation.settings, name="settings"),
    path("organisation/switch/", organisation.switch_organisation, name="switch_organisation"),
    path("organisation/none/", organisation.no_organisation, name="no_organisation"),
    path(
        "organisation/second-step/",
        organisation.second_factor_needed,
        name="second_factor_needed",
    ),
    path("organisation/audit/", audit.audit_trail, name="audit"),
    path("organisation/keys/", keys.key_list, name="key_list"),
    path("organisation/keys/<uuid:key_id>/revoke/", keys.key_revoke, name="key_revoke"),
    path("organisation/teams/", teams.team_list, name="team_list"),
    path("organisation/teams/<uuid:team_id>/", teams.team_edit, name="team_edit"),
    path("organisation/teams/<uuid:team_id>/remove/", teams.team_remove, name="team_remove"),
    path("organisation/teams/<uuid:team_id>/restore/", teams.team_restore, name="team_restore"),
    path("organisation/colleagues/", staff.staff_list, name="staff_list"),
    path("organisation/colleagues/invite/", staff.staff_invite, name="staff_invite"),
    path("organisation/colleagues/<uuid:membership_id>/", staff.staff_edit, name="staff_edit"),
    path(
        "organisation/colleagues/<uuid:membership_id>/deactivate/",
        staff.staff_deactivate,
        name="staff_deactivate",
    ),
    path(
        "organisation/colleagues/<uuid:membership_id>/reactivate/",
        staff.staff_reactivate,
        name="staff_reactivate",
    ),
    path(
        "organisation/colleagues/<uuid:membership_id>/second-step/",
        staff.staff_remove_second_factor,
        name="staff_remove_second_factor",
    ),
    path(
        "organisation/invitations/<uuid:invitation_id>/resend/",
        staff.invitation_resend,
        name="invitation_resend",
    ),
    path(
        "organisation/invitations/<uuid:invitation_id>/withdraw/",
        staff.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path(
        "organisation/invitations/<uuid:invitation_id>/restore/",
        staff.invitation_restore,
        name="invitation_restore",
    ),
    path("account/", account.account, name="account"),
    path("account/email/", account.change_email, name="change_email"),
    path("account/email/<str:token>/", account.confirm_email, name="confirm_email"),
    path("join/<str:token>/", join.join, name="join"),
]

Page = Callable[..., HttpResponseBase]


def _open(view: Any, reason: str) -> Page:
    return require_http_methods(["GET", "POST"])(public_page(reason)(view))


def _own(view: Any) -> Page:
    return require_http_methods(["GET", "POST"])(signed_in(view))


def _nowhere(_request: HttpRequest) -> HttpResponseBase:
    """Signing up does not exist; allauth wants the address when it mails somebody unknown."""
    raise Http404


RESET = "who forgot the password is not logged in; the link in the mail is the key"
account_urlpatterns: list[URLPattern] = [
    path("login/", _open(allauth_account.login, "the way in"), name="account_login"),
    path("signup/", _open(_nowhere, "there is nothing here"), name="account_signup"),
    path("logout/", _open(allauth_account.logout, "the way out"), name="account_logout"),
    path(
        "inactive/",
        _open(allauth_account.account_inactive, "tells who may not come in that it is so"),
        name="account_inactive",
    ),
    path("again/", _own(allauth_account.reauthenticate), name="account_reauthenticate"),
    path("password/", _own(allauth_account.password_change), name="account_change_password"),
    path(
        "password/reset/",
        _open(allauth_account.password_reset, RESET),
        name="account_reset_password",
    ),
    path(
        "password/reset/sent/",
        _open(allauth_account.password_reset_done, RESET),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        _open(allauth_account.password_reset_from_key, RESET),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        _open(allauth_account.password_reset_from_key_done, RESET),
        name="account_reset_password_from_key_done",
    ),
    path("second-step/", _own(second_factor.index), name="mfa_index"),
    path(
        "second-step/code/",
        _open(second_factor.authenticate, "the second half of logging in"),
        name="mfa_authenticate",
    ),
    path("second-step/again/", _own(second_factor.reauthenticate), name="mfa_reauthenticate"),
    path("second-step/app/", _own(totp.activate_totp), name="mfa_activate_totp"),
    path("second-step/app/remove/", _own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(
        "second-step/recovery-codes/",
        _own(recovery_codes.view_recovery_codes),
        name="mfa_view_recovery_codes",
    ),
    path(
        "second-step/recovery-codes/new/",
        _own(recovery_codes.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "second-step/recovery-codes/file/",
        _own(recovery_codes.download_recovery_codes),
        name="mfa_download_recovery_codes",
    ),
]
