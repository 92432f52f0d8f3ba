"""What may come in, and what a second delivery changes: decisions on plain frozen values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

from gloed.fieldwork.rules import NO_WORDS, OwnWords
from gloed.people.rules import PersonData
from gloed.surveys.rules import (
    CHOICES,
    OTHER,
    YES,
    AskedQuestion,
    Kind,
    PublishedVersion,
    Situation,
    rating_situation,
    shown_further,
)

VERBATIM_LIMIT = 20_000
KEY_LIMIT = 160
GRACE = timedelta(hours=1)
UNDATED = "undated"


class Reason(StrEnum):
    """Why an answer is not taken."""

    UNKNOWN_SURVEY = "unknown_survey"
    NOT_PUBLISHED = "not_published"
    SURVEY_CLOSED = "survey_closed"
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_QUESTION = "unknown_question"
    ASKED_TWICE = "asked_twice"
    OUT_OF_SCALE = "out_of_scale"
    NOT_A_RATING = "not_a_rating"
    NOT_AN_OPTION = "not_an_option"
    TOO_MANY_CHOSEN = "too_many_chosen"
    NOT_ASKED_FOR = "not_asked_for"
    TOO_LONG = "too_long"
    NOTHING_ANSWERED = "nothing_answered"
    NO_KEY = "no_key"
    UNKNOWN_INVITATION = "unknown_invitation"
    INVITATION_EXPIRED = "invitation_expired"
    WITHDRAWN = "withdrawn"


class AnswerRefused(Exception):
    """An answer that was not taken; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


class Outcome(StrEnum):
    """What a delivery changed."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Signal(StrEnum):
    """What was seen of an answer or its invitation that a person would hardly do."""

    NO_SCRIPT = "no_script"  # the page's script did not run; many people's does not either
    FAST = "fast"  # sent sooner than the question can be read
    TRAP_FILLED = "trap_filled"  # a field that nobody sees was filled in
    HIDDEN_LINK = "hidden_link"  # a link that nobody sees was followed
    ALL_LINKS = "all_links"  # every rating link of the mail was followed


STRONG = frozenset({Signal.TRAP_FILLED})
MILD = frozenset({Signal.NO_SCRIPT, Signal.FAST})
NEAR = timedelta(minutes=5)
"""How close to an answer something must be seen to say anything about it."""
FAST_BELOW = timedelta(seconds=1.5)


@dataclass(frozen=True, slots=True)
class ContactData:
    """How somebody wants to be reached."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written."""
        return not (self.name or self.email or self.phone)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The answer to the question at `position` of the version (1 the rating, 2 the open question).

    Nothing in it means: there is no answer, and one given before is taken back. `raw` is what was
    written where it could not be read as a rating. `choices` are option keys, ("yes",) for a
    consent; the own words of "other" are the verbatim. `contact` answers a contact question.
    """

    position: int
    rating: int | None = None
    verbatim: str = ""
    raw: str = ""
    choices: tuple[str, ...] = ()
    contact: ContactData | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        has_contact = self.contact is not None and not self.contact.is_empty
        return self.rating is None and not (
            self.verbatim or self.raw or self.choices or has_contact
        )


@dataclass(frozen=True, slots=True)
class IncomingAnswer:
    """One person's answers at one moment, on their way in by whatever channel.

    Exactly one key: `token` (of an invitation), `client_key` (made by the page) or `source_id`
    (the id in the system it comes from; where that has none, a digest of the whole row).
    `version` is the number of the version that was answered, by default the present one. A lower
    `revision` than the one on record came too late and changes nothing. `responded_at` is aware;
    by default now at `receive_answer` and undated at `receive_many`. `written_zone` is the offset
    or zone as it was written. `touchpoint` and `team` are names; missing ones are made. `seconds`
    is how long it took from page seen to complete; `signals` is what was odd about it.
    """

    answers: tuple[GivenAnswer, ...]
    source: str
    token: str = ""
    client_key: str = ""
    source_id: str = ""
    version: int | None = None
    revision: int | None = None
    is_complete: bool = True
    responded_at: datetime | None = None
    precision: str = "second"
    written_zone: str = ""
    person: PersonData | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    touchpoint: str = ""
    team: str = ""
    language: str = ""
    channel: str = ""
    device: str = ""
    tags: tuple[str, ...] = ()
    row: int | None = None
    seconds: int | None = None
    signals: frozenset[Signal] = frozenset()


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one delivery."""

    response_id: str
    outcome: Outcome
    rating: int | None = None
    own_words: OwnWords = NO_WORDS  # of the ask it answers, for the page that follows

    @property
    def is_new(self) -> bool:
        """Whether it was the first delivery of this response."""
        return self.outcome is Outcome.NEW


def key_of(answer: IncomingAnswer, *, survey: int, invitation: int | None = None) -> str:
    """The key under which a delivery is stored once; refused when it brings none.

    The survey is part of it: the same number in two files of the same tool is not the same answer.
    """
    if invitation is not None:
        return f"invitation:{invitation}"
    if answer.client_key:
        prefix, own = "client", answer.client_key
    elif answer.source_id:
        prefix, own = answer.source, answer.source_id
    else:
        raise AnswerRefused(Reason.NO_KEY)
    if len(own) > KEY_LIMIT - len(prefix):
        own = "sha256-" + sha256(own.encode()).hexdigest()
    return f"{prefix}:{survey}:{own}"


def check_answers(answers: Iterable[GivenAnswer], version: PublishedVersion) -> None:
    """Refuse what the version did not ask: question, rating outside the scale, endless text."""
    seen = set()
    for answer in answers:
        question = version.by_position.get(answer.position)
        if question is None:
            raise AnswerRefused(Reason.UNKNOWN_QUESTION)
        if answer.position in seen:
            raise AnswerRefused(Reason.ASKED_TWICE)
        seen.add(answer.position)
        if answer.rating is not None:
            if question.scale is None:
                raise AnswerRefused(Reason.NOT_A_RATING)
            if isinstance(answer.rating, bool) or answer.rating not in question.scale:
                raise AnswerRefused(Reason.OUT_OF_SCALE)
        if len(answer.verbatim) > VERBATIM_LIMIT:
            raise AnswerRefused(Reason.TOO_LONG)
        if question.further is not None or answer.choices or answer.contact:
            _check_further(answer, question)


def _check_further(answer: GivenAnswer, question: AskedQuestion) -> None:
    """Refuse options that were not offered, more than may be chosen, and what was not asked for."""
    kind = question.kind
    offered = frozenset({YES}) if kind == Kind.CONSENT else question.option_keys
    if not offered.issuperset(answer.choices) or len(set(answer.choices)) < len(answer.choices):
        raise AnswerRefused(Reason.NOT_AN_OPTION)
    further = question.further
    most = 1 if kind == Kind.SINGLE or further is None else further.most
    if most and len(answer.choices) > most:
        raise AnswerRefused(Reason.TOO_MANY_CHOSEN)
    may_write = kind == Kind.OPEN or (kind in CHOICES and OTHER in answer.choices)
    if answer.verbatim and not may_write:
        raise AnswerRefused(Reason.NOT_ASKED_FOR)
    if answer.contact is not None and kind != Kind.CONTACT:
        raise AnswerRefused(Reason.NOT_ASKED_FOR)


def situation_of(
    version: PublishedVersion,
    answers: Mapping[int, GivenAnswer],
    attributes: Mapping[str, str],
) -> Situation:
    """What the rules of a version are judged by, from the answers by position."""
    rated = answers.get(version.rating.position)
    first = rating_situation(version, rated.rating if rated else None)
    found = dict(first.answers)
    for question in version.questions:
        given = answers.get(question.position)
        if given is not None and question is not version.rating and not given.is_empty:
            found[question.key] = _as_rules_see(given)
    return Situation(first.band, found, attributes)


def _as_rules_see(given: GivenAnswer) -> frozenset[str]:
    if given.rating is not None:
        return frozenset({str(given.rating)})
    return frozenset(given.choices) or frozenset({"*"})


def without_hidden(
    version: PublishedVersion,
    answers: Mapping[int, GivenAnswer],
    attributes: Mapping[str, str],
) -> dict[int, GivenAnswer]:
    """The answers as they are kept: one to a question that is not shown is taken back."""
    shown, _ = shown_further(version, situation_of(version, answers, attributes))
    standing = {question.position for question in shown}
    return {
        position: given
        if position in standing or version.by_position[position].further is None
        else GivenAnswer(position)
        for position, given in answers.items()
    }


def is_suspicious(signals: Iterable[Signal]) -> bool:
    """Whether an answer is set apart: the filled trap alone, or two signs that are not both mild.

    Somebody without scripts who knows what they think is quick too: those two are a person's.
    """
    seen = set(signals)
    return bool(seen & STRONG) or (len(seen) > 1 and not seen <= MILD)


def is_near(seen_at: datetime, answered_at: datetime) -> bool:
    """Whether something seen around an invitation says anything about an answer given then."""
    return abs(seen_at - answered_at) <= NEAR


def read_signals(stored: str) -> frozenset[Signal]:
    """Signals as they are stored with a response.

    >>> sorted(read_signals("fast no_script"))
    [<Signal.FAST: 'fast'>, <Signal.NO_SCRIPT: 'no_script'>]
    """
    return frozenset(Signal(one) for one in stored.split() if one in set(Signal))


def write_signals(signals: Iterable[Signal]) -> str:
    """Signals as they are stored with a response."""
    return " ".join(sorted(signal.value for signal in signals))


def reason_to_refuse(
    *, is_open: bool, closed_at: datetime | None, is_begun: bool, now: datetime
) -> Reason | None:
    """Whether a survey still takes an answer: while open, and what was begun an hour longer."""
    if is_open:
        return None
    if is_begun and closed_at is not None and now - closed_at <= GRACE:
        return None
    return Reason.SURVEY_CLOSED


def comes_too_late(stored: int | None, delivered: int | None) -> bool:
    """Whether a delivery was overtaken by a newer one of the same respondent."""
    return stored is not None and delivered is not None and delivered < stored


def month_of(moment: datetime | None) -> str:
    """The UTC month an answer is filed under, as the journal tells it.

    >>> month_of(datetime(2026, 3, 31, 23, 30, tzinfo=UTC)), month_of(None)
    ('2026-03', 'undated')
    """
    if moment is None:
        return UNDATED
    utc = moment.astimezone(UTC)
    return f"{utc.year:04d}-{utc.month:02d}"


def months_of(*moments: datetime | None) -> list[str]:
    """The months of several moments, each once, in order."""
    return sorted({month_of(moment) for moment in moments})
