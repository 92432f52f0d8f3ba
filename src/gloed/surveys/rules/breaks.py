"""What a new version changed: a break in a trend, or not."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gloed.surveys.rules.content import Content, Further


class Change(StrEnum):
    """What differs between two versions, the weightiest first."""

    SCALE = "scale"  # the score before and after cannot be compared
    RATING_WORDS = "rating_words"  # the rating question reads differently: a break in the trend
    PRESENTATION = "presentation"  # numbers became faces, or the like: a break too
    LANGUAGES = "languages"
    OPEN_WORDS = "open_words"
    FURTHER = "further"  # other further questions, or other words in them
    THANKS = "thanks"


BREAKS = frozenset({Change.SCALE, Change.RATING_WORDS, Change.PRESENTATION})


@dataclass(frozen=True, slots=True)
class VersionChange:
    """A published version and what it changed of the one before it (nothing for the first)."""

    number: int
    published_at: datetime
    changes: tuple[Change, ...] = ()

    @property
    def is_break(self) -> bool:
        """Whether scores before and after it are not of the same question."""
        return bool(BREAKS & set(self.changes))


def changes_between(before: Content, after: Content) -> tuple[Change, ...]:
    """What a version changed; words are compared in the languages both are written in."""
    both = [language for language in before.rating if language in after.rating]
    differs = {
        Change.SCALE: before.scale != after.scale,
        Change.RATING_WORDS: any(before.rating[one] != after.rating[one] for one in both),
        Change.PRESENTATION: before.presentation != after.presentation,
        Change.LANGUAGES: set(before.rating) != set(after.rating),
        Change.OPEN_WORDS: any(before.open.get(one) != after.open.get(one) for one in both),
        Change.FURTHER: _asked(before, both) != _asked(after, both),
        Change.THANKS: any(before.thanks.get(one) != after.thanks.get(one) for one in both),
    }
    return tuple(change for change in Change if differs[change])


def _asked(content: Content, languages: list[str]) -> list[tuple[object, ...]]:
    return [
        (_form(one), [one.words.get(language) for language in languages]) for one in content.further
    ]


def _form(question: Further) -> tuple[object, ...]:
    return tuple(
        getattr(question, name) for name in question.__dataclass_fields__ if name != "words"
    )
