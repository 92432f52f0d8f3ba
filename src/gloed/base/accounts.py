"""How colleagues log in: allauth does it, in our words, with our mails."""

from typing import Any

from allauth.account import signals as account_signals
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa import signals as second_factor_signals
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from gloed.base import audit, links, mails
from gloed.base.models import Staff


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """Accounts are made by an owner's invitation or on the command line."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed."),
        "email_password_mismatch": _("This address and this password do not belong together."),
        "enter_current_password": _("This is not the password you have now."),
        "incorrect_code": _(
            "This code does not fit. Codes change every half minute; try the next."
        ),
        "incorrect_password": _("This is not your password."),
        "invalid_password_reset": _("This link does not work any more."),
        "too_many_login_attempts": _(
            "Too many tries in a row. Wait five minutes, or ask for a new password."
        ),
        "rate_limited": _("Too many tries in a row. Wait a few minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send in the reader's language; a mail server that does not answer is told in words.

        That tells nothing about who has an account: for unknown addresses a mail is sent as well.
        """
        with translation.override(mails.language_of(email)):
            message: EmailMessage = self.render_mail(template_prefix, email, context)
        if not mails.deliver(message):
            words = _(
                "The mail could not be sent just now. "
                "Nothing was changed by that; try again in a few minutes."
            )
            messages.warning(self.request, str(words))

    def format_email_subject(self, subject: str) -> str:
        """The subject as it is written, without a prefix."""
        return str(subject)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail: it begins where people reach Gloed, whatever host asked for it."""
        uid, _dash, secret = key.partition("-")
        return links.absolute_url("account_reset_password_from_key", uid, secret)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to the own account, where a sentence says that it is done."""
        return reverse("base:account")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """The second step, in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": StaffAdapter.error_messages["incorrect_code"],
        "cannot_generate_recovery_codes": _("Set up the app first; recovery codes come with it."),
    }


def record_account_changes() -> None:
    """Have allauth's news about own accounts written in the audit trail."""
    _record_on(account_signals.password_changed, "account.password_changed")
    _record_on(account_signals.password_reset, "account.password_reset")
    _record_on(second_factor_signals.authenticator_added, "account.second_factor_added")
    _record_on(second_factor_signals.authenticator_removed, "account.second_factor_removed")
    _record_on(second_factor_signals.authenticator_reset, "account.recovery_codes_made")


def _record_on(signal: Any, action: str) -> None:
    """Recovery codes come and go with the app; only codes made anew are worth a line."""

    def write(user: Staff, **news: Any) -> None:
        codes = Authenticator.Type.RECOVERY_CODES
        is_codes = "authenticator" in news and news["authenticator"].type == codes
        if is_codes == (action == "account.recovery_codes_made"):
            audit.record_everywhere(user, action, at=timezone.now())

    signal.connect(write, weak=False)
