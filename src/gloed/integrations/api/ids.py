"""Ids as programs see them: opaque text whose beginning says what it is."""

from uuid import UUID

from gloed.integrations.api.problems import not_found

PERSON, ACCOUNT, EVENT = "per", "acc", "evt"
SURVEY, INVITATION, ANSWER = "srv", "inv", "ans"
CASE, IMPROVEMENT, GOAL, EXPORT = "cas", "imp", "goal", "exp"


def id_of(kind: str, public_id: UUID | str) -> str:
    """The id of a thing.

    >>> id_of(PERSON, UUID(int=7))
    'per_00000000000000000000000000000007'
    """
    return f"{kind}_{UUID(str(public_id)).hex}"


def read_id(kind: str, text: str) -> UUID:
    """What an id stands for. Raises the problem "not found" for what is no id of this kind."""
    prefix, _line, digits = text.partition("_")
    if prefix != kind or len(digits) != 32 or not digits.isascii() or not digits.isalnum():
        raise not_found()
    try:
        return UUID(hex=digits)
    except ValueError:
        raise not_found() from None
