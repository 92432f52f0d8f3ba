"""What a customer agrees to, in the words that are kept with the agreement."""

from django.utils import translation
from django.utils.translation import gettext as _

TEXT_VERSION = "1"
"""Count up whenever a sentence below changes its meaning."""


def consent_text(organisation: str, *, language: str) -> str:
    """The sentences above the places to tick, one to a line."""
    name = {"organisation": organisation}
    with translation.override(language):
        return "\n".join(
            (
                _(
                    "I agree that %(organisation)s shows these words, with the name as I chose it, "
                    "in the places I ticked, and nowhere else."
                )
                % name,
                _(
                    "I may take this back at any moment on this page, without giving a reason. It "
                    "then leaves the wall at once, and %(organisation)s uses it nowhere anew."
                )
                % name,
                _("The words are not changed without asking me again. I get nothing in return."),
            )
        )
