"""The words of cases that are stored: never rename one."""

from enum import IntEnum, StrEnum


class Status(StrEnum):
    """How far a case is."""

    OPEN = "open"
    CONTACTED = "contacted"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    SOLVED = "solved"
    PARTLY = "partly"
    NOT_SOLVED = "not_solved"
    NOT_REACHED = "not_reached"
    NOTHING_TO_DO = "nothing_to_do"


class Priority(IntEnum):
    """How soon; higher goes first."""

    NORMAL = 0
    HIGH = 1
    URGENT = 2


class Way(StrEnum):
    """How one of several colleagues is chosen."""

    LOAD = "load"
    TURN = "turn"
    NOBODY = "nobody"


class Gesture(StrEnum):
    """The five gestures of customer delight, as openings of what is said."""

    ACKNOWLEDGE = "acknowledge"
    RECOGNISE = "recognise"
    COMPLIMENT = "compliment"
    THANK = "thank"
    TRUST = "trust"


class Because(StrEnum):
    """Why a case opened, or goes before others."""

    BAND = "band"
    RATING = "rating"
    CONSENT = "consent"
    WORDS = "words"
    THEME = "theme"
    ATTRIBUTE = "attribute"
    WORTH = "worth"
    SILENCE = "silence"
    RULE = "rule"
    AGAIN = "again"
    BY_HAND = "by_hand"


class Happened(StrEnum):
    """What a line of a case's story tells."""

    OPENED = "opened"
    JOINED = "joined"
    ASSIGNED = "assigned"
    CONTACTED = "contacted"
    NOTE = "note"
    CALL = "call"
    GESTURE = "gesture"
    NO_ROOM = "no_room"
    TASK = "task"
    TASK_DONE = "task_done"
    EDITED = "edited"
    REMINDED = "reminded"
    ESCALATED = "escalated"
    CLOSED = "closed"
    REOPENED = "reopened"
