"""Whether two texts say the same in nearly the same words."""

from collections.abc import Collection

from gloed.text.tokens import words_of

ALIKE = 0.6
"""From so large a part of their words in common two texts are alike."""


def words_in(text: str) -> frozenset[str]:
    """The words of a text by which it is compared."""
    return frozenset(words_of(text))


def is_told(words: frozenset[str], told: Collection[frozenset[str]]) -> bool:
    """Whether a text says what one of those that were told says; one without words does not.

    >>> is_told(words_in("From 192 to 300!"), [words_in("from 201 to 300")])
    True
    >>> is_told(words_in("The bill was late"), [words_in("The bill was wrong twice")])
    False
    """
    return any(len(words & each) >= ALIKE * len(words | each) for each in told if words or each)
