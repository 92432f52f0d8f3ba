"""The words a message begins with; people change them before anything is sent."""

from collections.abc import Callable

from django.utils import translation
from django.utils.translation import gettext as _

from gloed.channels.told_back.rules import Group
from gloed.loop.improvements.models import Improvement
from gloed.loop.improvements.rules import Board

LANGUAGES = ("en", "nl")
SUBJECT_LIMIT, BODY_LIMIT = 160, 4000


def draft(improvement: Improvement, *, group: Group, language: str) -> tuple[str, str]:
    """Subject and body in a language. Marks such as {first_name|customer} are filled in later."""
    with translation.override(language):
        first = _first_line(group, is_praise=improvement.board == Board.KEEP)
        parts = [
            _("Dear {first_name|customer},"),
            first,
            improvement.outcome.strip() or improvement.title,
            _("Thank you for telling us. We hope you notice it."),
            _("Kind regards,\n{organisation}"),
        ]
        return _("You told us, and this is what we did"), "\n\n".join(parts)


def _first_line(group: Group, *, is_praise: bool) -> str:
    lines: dict[Group, Callable[[], str]] = {
        Group.CASE: lambda: _(
            "Not long ago we were in touch because something had gone wrong. We did not leave it "
            "at that: what caused it, we changed for everybody."
        ),
        Group.WORDS: lambda: _(
            "Not long ago you told us in your own words what could be better. Your answer was one "
            "of those that made us change something."
        ),
        Group.THEME: lambda: _(
            "Not long ago you answered our questions, and so did others who wrote about the same. "
            "Together you made us change something."
        ),
    }
    if is_praise:
        return _(
            "Not long ago you told us what we do well. That is worth keeping, so we made sure that "
            "it stays."
        )
    return lines[group]()
