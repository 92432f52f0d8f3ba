"""Improvements as plain values: what kind, how far, and what stands out."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """By what means a cause is removed. Stored: never rename one."""

    LEAD_TIME = "lead_time"
    COMMUNICATION = "communication"
    TRAINING = "training"
    DIGITAL = "digital"
    PRODUCT = "product"
    POLICY = "policy"
    OTHER = "other"


class Board(StrEnum):
    """What hurts and is mended, or what does well and is kept up. Stored: never rename one."""

    FIX = "fix"
    KEEP = "keep"


class Status(StrEnum):
    """How far an improvement is. Stored: never rename one."""

    IDEA = "idea"
    PLANNED = "planned"
    STARTED = "started"
    FINISHED = "finished"
    DROPPED = "dropped"


class Origin(StrEnum):
    """From where an improvement was noted. Stored: never rename one."""

    BLANK = "blank"
    THEME = "theme"
    SEGMENT = "segment"
    CASE = "case"
    WORKSHOP = "workshop"
    ANSWER = "answer"


OPEN = (Status.IDEA, Status.PLANNED, Status.STARTED)
ON_THE_BOARD = (*OPEN, Status.FINISHED)


@dataclass(frozen=True, slots=True)
class Course:
    """What is planned of an improvement and how far it is."""

    status: Status
    has_owner: bool
    due_on: date | None = None
    next_step_on: date | None = None  # the earliest day of a step that is not done
    has_goal: bool = True


class Sign(StrEnum):
    """What stands out about an open improvement."""

    OVERDUE = "overdue"
    STEP_OVERDUE = "step_overdue"
    OWNERLESS = "ownerless"
    NO_DATE = "no_date"
    NO_GOAL = "no_goal"


def is_overdue(course: Course, *, today: date) -> bool:
    """Whether it should have been finished by now.

    >>> is_overdue(Course(Status.STARTED, True, date(2026, 3, 1)), today=date(2026, 3, 2))
    True
    """
    return course.status in OPEN and course.due_on is not None and course.due_on < today


def signs_of(course: Course, *, today: date) -> tuple[Sign, ...]:
    """What stands out, the gravest first; nothing does once it is over.

    An idea may do without an owner's date: nobody promised anything yet.
    """
    if course.status not in OPEN:
        return ()
    found = []
    if is_overdue(course, today=today):
        found.append(Sign.OVERDUE)
    if course.next_step_on is not None and course.next_step_on < today:
        found.append(Sign.STEP_OVERDUE)
    if not course.has_owner:
        found.append(Sign.OWNERLESS)
    if course.due_on is None and course.status is not Status.IDEA:
        found.append(Sign.NO_DATE)
    if not course.has_goal:
        found.append(Sign.NO_GOAL)
    return tuple(found)


def news_of(before: Status, after: Status) -> str:
    """The kind of news that a move is.

    >>> news_of(Status.FINISHED, Status.STARTED), news_of(Status.PLANNED, Status.STARTED)
    ('improvement.reopened', 'improvement.started')
    """
    if before in (Status.FINISHED, Status.DROPPED) and after in OPEN:
        return "improvement.reopened"
    return f"improvement.{after.value}" if after is not Status.IDEA else "improvement.changed"
