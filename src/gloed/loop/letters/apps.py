"""The app of the conversation with customers."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    """Registers letters with Django, and hears what becomes of cases and people."""

    name = "gloed.loop.letters"
    label = "letters"

    def ready(self) -> None:
        """Make tasks and subscribers known; models are only there from here on."""
        from gloed.base import audit, journal
        from gloed.loop.cases import card, sentences
        from gloed.loop.cases import news as cases
        from gloed.loop.letters import (
            lines,
            operations,
            queries,
            tasks,  # noqa: F401  # tasks register
            usual,
        )
        from gloed.loop.letters.operations.following import cancel_questions
        from gloed.responses import dossier
        from gloed.responses.operations import news

        journal.subscribe("letters.follow", [cases.CLOSED], operations.hear_of_closings)
        journal.subscribe("letters.reopened", [cases.REOPENED], cancel_questions)
        journal.subscribe(
            "letters.forget", [news.PERSON_ERASED, news.REMOVED], operations.forget_people
        )
        dossier.add_chapter("letters", queries.everything_about)
        card.offer("letters:of_case", place="reply", label=_("Letters"))
        card.offer_openings(usual.openings_for)
        card.offer("letters:of_closed", place="after", label=_("Letters"))
        sentences.name_line("letter_sent", lines.sent, icon="send")
        sentences.name_line("letter_received", _("The customer wrote a letter"), icon="mail")
        sentences.name_line("letter_bounced", _("A letter did not arrive"), icon="mail-x")
        sentences.name_line("letter_solved", lines.solved, icon="message-circle-reply")
        audit.name_actions(
            {
                "letters.text_changed": _("changed a text for letters"),
                "letters.text_removed": _("took a text for letters away"),
                "letters.settings_changed": _("changed what follows a closed case"),
                "letters.stray_placed": _("put a mail into a case"),
            }
        )
