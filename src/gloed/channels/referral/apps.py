"""The app of this part of the room."""

from django.apps import AppConfig


class ReferralConfig(AppConfig):
    """Registers the pages of promoters and their friends, and the mails that lead there."""

    name = "gloed.channels.referral"
    label = "referral"

    def ready(self) -> None:
        """Make the task known, and offer a link in the thank-you where that is switched on."""
        # models can only be imported once every app is registered
        from gloed.channels.link import offers
        from gloed.channels.referral import tasks, thanks  # noqa: F401  # tasks register

        offers.register(thanks.offer_for)
