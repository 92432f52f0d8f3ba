"""The app of this part of the room."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ToldBackConfig(AppConfig):
    """Registers telling back with Django and its tasks with the worker."""

    name = "gloed.channels.told_back"
    label = "told_back"

    def ready(self) -> None:
        """Make the tasks known and name the deeds of this room."""
        # models can only be imported once every app is registered
        from gloed.base import audit, journal
        from gloed.channels.letters.ears import Ear, listen
        from gloed.channels.told_back import replies, tasks  # noqa: F401  # tasks register
        from gloed.loop.cases.sentences import name_line
        from gloed.responses import dossier
        from gloed.responses.operations import news

        listen(Ear(replies.owner_of, replies.take))
        journal.subscribe("told_back.forget", [news.PERSON_ERASED], replies.forget_people)
        dossier.add_chapter("told_back", replies.everything_about)
        name_line("told_back", _("Told that it was improved"), icon="megaphone")
        audit.name_actions(
            {
                "told_back.sent": _("told customers what was improved"),
                "told_back.paused": _("paused telling customers"),
                "told_back.resumed": _("let telling customers go on"),
                "told_back.stopped": _("stopped telling customers"),
                "told_back.page_changed": _("changed the public page of what was improved"),
                "told_back.published": _("put a change on the public page"),
                "told_back.withdrawn": _("took a change off the public page"),
            }
        )
