"""The way through the pages: what was told so far, what comes next, and what comes before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from gloed.channels.link.rules import WHY_LIMIT, plain_words
from gloed.responses.rules import ContactData, GivenAnswer, situation_of, without_hidden
from gloed.surveys.rules import (
    CHOICES,
    OPEN_POSITION,
    OTHER,
    RATING_POSITION,
    YES,
    About,
    AskedQuestion,
    ContactField,
    Kind,
    Page,
    PublishedVersion,
    QuestionWords,
    pages_of,
    shown_further,
)

CONTACT_LIMITS = {ContactField.NAME: 200, ContactField.EMAIL: 254, ContactField.PHONE: 40}
Read = Callable[[str], Sequence[str]]
"""The values of a form's field."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a respondent told so far, and which further questions stood on which page.

    `answers` are by position, the first two among them. `seen` stood on the first page, `path` on
    the pages after it, `on` on the page that was sent just now.
    """

    answers: Mapping[int, GivenAnswer] = field(default_factory=dict)
    seen: frozenset[int] = frozenset()
    path: tuple[Page, ...] = ()
    on: Page = ()

    @property
    def rating(self) -> int | None:
        """The score."""
        given = self.answers.get(RATING_POSITION)
        return given.rating if given else None

    @property
    def been(self) -> frozenset[int]:
        """Every further question that was on a page."""
        return self.seen | {position for page in self.path for position in page} | set(self.on)


def read_told(
    version: PublishedVersion, read: Read, *, rating: int | None, why: str | None, at: str
) -> Told:
    """What a sent form tells; what does not fit the version counts as not sent."""
    answers: dict[int, GivenAnswer] = {}
    if rating is not None:
        answers[RATING_POSITION] = GivenAnswer(RATING_POSITION, rating=rating)
    if why is not None:
        answers[OPEN_POSITION] = GivenAnswer(OPEN_POSITION, verbatim=why)
    if not version.further:
        return Told(answers)
    known = {question.position for question in version.further}
    on = tuple(position for position in sorted(known) if read(f"s{position}"))
    seen = frozenset(_positions(_one(read, "seen"))) & known
    path = tuple(
        page
        for part in _one(read, "path").split("-")
        if (page := tuple(one for one in _positions(part) if one in known))
    )
    if at != "ask":
        seen, on = seen | set(on), ()
    told = Told(answers, seen, path, on)
    for question in version.further:
        given = _given(question, read)
        if not given.is_empty or question.position in told.been:
            answers[question.position] = given
    return told


def _one(read: Read, name: str) -> str:
    return next(iter(read(name)), "")


def _positions(text: str) -> list[int]:
    return [int(one) for one in text.split(".") if one.isdecimal() and len(one) < 4][:100]


def _given(question: AskedQuestion, read: Read) -> GivenAnswer:
    name, position = f"q{question.position}", question.position
    sent = list(read(name))
    if question.kind == Kind.RATING:
        first = sent[0] if sent else ""
        rating = int(first) if first.isdecimal() and len(first) < 3 else None
        scale = question.scale
        return GivenAnswer(position, rating=rating if scale and rating in scale else None)
    if question.kind in CHOICES:
        return _chosen(question, sent, _one(read, f"{name}o"))
    if question.kind == Kind.CONSENT:
        return GivenAnswer(position, choices=(YES,) if YES in sent else ())
    if question.kind == Kind.CONTACT and question.further is not None:
        told = {one.value: _line(read, name, one) for one in question.further.fields}
        return GivenAnswer(position, contact=ContactData(**told))
    return GivenAnswer(position, verbatim=plain_words(sent[0]) if sent else "")


def _line(read: Read, name: str, part: ContactField) -> str:
    return " ".join(_one(read, f"{name}{part}").split())[: CONTACT_LIMITS[part]]


def _chosen(question: AskedQuestion, sent: Sequence[str], other: str) -> GivenAnswer:
    """The options chosen; whoever wrote words of their own chose "other"."""
    keys = [key for key in dict.fromkeys(sent) if key in question.option_keys]
    own = plain_words(other)[:WHY_LIMIT] if OTHER in question.option_keys else ""
    if own and OTHER not in keys and (question.kind == Kind.MULTIPLE or not keys):
        keys.append(OTHER)
    if question.kind == Kind.SINGLE:
        keys = keys[:1]
    return GivenAnswer(
        question.position, verbatim=own if OTHER in keys else "", choices=tuple(keys)
    )


@lru_cache(maxsize=256)
def _pages(version: "Kept") -> tuple[Page, ...]:
    return pages_of(version.version)


class Kept:
    """A version as a key in memory: the very same object, which never changes."""

    def __init__(self, version: PublishedVersion) -> None:
        self.version = version

    def __hash__(self) -> int:
        return hash(self.version.id)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept) and self.version is other.version


def all_pages(version: PublishedVersion) -> tuple[Page, ...]:
    """The pages of a version, worked out once."""
    return _pages(Kept(version))


@lru_cache(maxsize=256)
def _asks(version: "Kept") -> bool:
    asked = version.version
    words = [text for one in asked.words.values() for text in _texts(one)]
    for thanks in asked.thanks.values():
        told = [*([thanks.everybody] if thanks.everybody else []), *thanks.by_band.values()]
        words += [text for one in told for text in (one.text, one.link_label)]
    rules = [one.further.show_if for one in asked.further if one.further is not None]
    looks_at = {one.about for rule in rules if rule is not None for one in rule.conditions}
    return About.ATTRIBUTE in looks_at or any("{" in text for text in words)


def _texts(words: QuestionWords) -> list[str]:
    ends = [words.low_label, words.high_label, words.hint, words.other]
    return [words.text, *ends, *words.options.values()]


def asks_for_person(version: PublishedVersion) -> bool:
    """Whether the words or the rules of a version ask who is asked."""
    return _asks(Kept(version))


def first_further(version: PublishedVersion) -> Page:
    """The further questions that stand on the first page."""
    return all_pages(version)[0][2:] if version.further else ()


def shown_positions(
    version: PublishedVersion, told: Told, attributes: Mapping[str, str]
) -> frozenset[int]:
    """The further questions that are shown, by what was told so far."""
    if not version.further:
        return frozenset()
    shown, _ = shown_further(version, situation_of(version, told.answers, attributes))
    return frozenset(question.position for question in shown)


def standing(version: PublishedVersion, told: Told, attributes: Mapping[str, str]) -> Told:
    """What was told, without the answers to questions that are not shown any more."""
    if not version.further:
        return told
    kept = without_hidden(version, told.answers, attributes)
    return replace(
        told,
        answers={
            position: given
            for position, given in kept.items()
            if position <= OPEN_POSITION or not given.is_empty
        },
    )


def page_to_ask(version: PublishedVersion, told: Told, position: int) -> Page:
    """What of a question's page is not behind the respondent yet."""
    page = next(page for page in all_pages(version) if position in page)
    behind = told.seen | {one for earlier in told.path for one in earlier}
    return tuple(one for one in page if one > OPEN_POSITION and one not in behind)


def next_page(
    version: PublishedVersion, told: Told, attributes: Mapping[str, str]
) -> tuple[Page, Told] | None:
    """The page that comes next, with what was told so far; None at the end."""
    if not version.further:
        return None
    ahead = sorted(shown_positions(version, told, attributes) - told.been)
    if not ahead:
        return None
    path = (*told.path, told.on) if told.on else told.path
    moved = replace(told, path=path, on=())
    return page_to_ask(version, moved, ahead[0]), moved


def page_before(version: PublishedVersion, told: Told) -> tuple[Page, Told] | None:
    """The further page before the one in hand; None where that is the first page."""
    if not told.path:
        return None
    *path, last = told.path
    moved = replace(told, path=tuple(path), on=())
    return page_to_ask(version, moved, last[0]), moved


def progress(
    version: PublishedVersion, told: Told, page: Page, attributes: Mapping[str, str]
) -> tuple[int, int]:
    """Which page this is, and of how many as far as can be told now."""
    number = 2 + len(told.path)
    left = shown_positions(version, told, attributes) - told.been - set(page)
    further = [one for one in all_pages(version) if left & set(one)]
    return number, number + len(further)


def write_path(path: Sequence[Page]) -> str:
    """The pages behind the respondent, as the form carries them."""
    return "-".join(".".join(map(str, page)) for page in path)
