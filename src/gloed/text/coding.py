"""From answers to mentions: language, clauses, themes, and how each sounds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from gloed.text.clauses import Clause, clauses_of
from gloed.text.discovery import Piece
from gloed.text.impact import score_class_of
from gloed.text.languages import identify, identify_all
from gloed.text.masking import mask
from gloed.text.matcher import Hit, Matcher
from gloed.text.models import CODEBOOK_PROBABILITY, ThemeModels
from gloed.text.polarity import Asked, label_of, sound_together, sounds_of, with_score
from gloed.text.quotes import sentence_around

AUTO = "auto"
CODEBOOK, MODEL = "codebook", "model"
_EVERY = 100
_AT_ONCE = 1_000
_LONG_SEED = 9
_SHORTEST_PIECE = 2
_MORE_SEEDS = 0.1


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer in words. `row` names it; `language` is what is known of it beforehand.

    `asked` is which side of things its question asks for (`asked_for`), None where it takes none.
    """

    row: int
    text: str
    score: float | None = None
    scale: tuple[int, int] = (0, 10)
    language: str | None = None
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A theme in a clause, from `start` to `end` of the answer's text.

    `text_value` is how it sounds by the text alone, `scored_value` with the score, both from -1 to
    1. `source` is `codebook` or `model`, `probability` how likely it is right.
    """

    row: int
    theme: str
    start: int
    end: int
    text_value: float
    scored_value: float
    probability: float
    source: str


@dataclass(slots=True)
class Coding:
    """What was found in answers: their languages, the mentions, and the clauses without a theme."""

    answers: Sequence[Answer]
    languages: list[str] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    uncoded: dict[str, list[Piece]] = field(default_factory=dict)


class _Whole(NamedTuple):
    """All clauses of an answer: where they stand, how they sound together, and in what language."""

    start: int
    end: int
    value: float
    language: str = ""


def code(
    answers: Sequence[Answer],
    matcher: Matcher,
    *,
    language: str = AUTO,
    models: Mapping[str, ThemeModels] | None = None,
    advance: Callable[[int], None] = lambda _count: None,
) -> Coding:
    """Find the themes of answers. `language` is one for all, or `auto` to look at each.

    `advance` hears how many more answers are done. An answer's mentions depend on its text alone,
    and with `auto` on which languages the answers are in, never on their order.
    """
    coding = Coding(answers, languages=_languages(answers, language))
    held: list[tuple[Answer, _Whole, list[Mention]]] = []  # those that a model decides about
    for place, (answer, spoken) in enumerate(zip(answers, coding.languages, strict=True), start=1):
        mentions, whole = _code_one(answer, spoken, matcher, coding.uncoded)
        if whole is not None and spoken in (models or {}):
            held.append((answer, whole._replace(language=spoken), mentions))
        else:
            coding.mentions += mentions
        if place % _EVERY == 0:
            advance(_EVERY)
    coding.mentions += _with_models(held, models or {})
    advance(len(answers) % _EVERY)
    return coding


def code_one(answer: Answer, language: str, matcher: Matcher) -> list[Mention]:
    """The mentions of one answer by the codebook alone.

    >>> from gloed.text.codebook import Codebook, Seeds, Theme
    >>> price = Theme("price", {"en": "Price"}, seeds={"en": Seeds(words=("price",))})
    >>> book = Matcher(Codebook("own", (price,)))
    >>> [m.theme for m in code_one(Answer(1, "Bad price, nice shop"), "en", book)]
    ['price']
    """
    return _code_one(answer, language, matcher, {})[0]


def _languages(answers: Sequence[Answer], language: str) -> list[str]:
    if language != AUTO:
        return [language] * len(answers)
    found = identify_all([answer.text for answer in answers if not answer.language])
    unknown = iter(found)
    return [
        identify(answer.text, {answer.language: 1.0}).language if answer.language else next(unknown)
        for answer in answers
    ]


def _code_one(
    answer: Answer,
    language: str,
    matcher: Matcher,
    uncoded: dict[str, list[Piece]],
) -> tuple[list[Mention], _Whole | None]:
    clauses = clauses_of(answer.text)
    if not clauses:
        return [], None
    values = sounds_of(answer.text, clauses, language, answer.asked)
    hits = [matcher.hits(clause.tokens, language) for clause in clauses]
    _note_uncoded(answer, clauses, values, hits, uncoded.setdefault(language, []))
    themes = matcher.codebook.themes
    mentions = []
    for clause, value, found in zip(clauses, values, hits, strict=True):
        scored = with_score(value, answer.score, answer.scale)
        for hit in found:
            likely = CODEBOOK_PROBABILITY + _MORE_SEEDS * (hit.end - hit.start > _LONG_SEED)
            mentions.append(
                Mention(answer.row, themes[hit.theme].id, clause.start, clause.end,
                        value, scored, likely, CODEBOOK)
            )  # fmt: skip
    return mentions, _Whole(clauses[0].start, clauses[-1].end, sound_together(values))


def _with_models(
    held: Sequence[tuple[Answer, "_Whole", list[Mention]]], models: Mapping[str, ThemeModels]
) -> list[Mention]:
    """Mentions as the models decide where their gates are open; many answers at a time."""
    kept: list[Mention] = []
    for language in sorted({whole.language for _answer, whole, _mentions in held}):
        own = [each for each in held if each[1].language == language]
        for start in range(0, len(own), _AT_ONCE):
            part = own[start : start + _AT_ONCE]
            found = [frozenset(m.theme for m in mentions) for _answer, _whole, mentions in part]
            decided = models[language].decide([answer.text for answer, *_rest in part], found)
            for (answer, whole, mentions), themes in zip(part, decided, strict=True):
                kept += _as_decided(answer, whole, mentions, themes)
    return kept


def _as_decided(
    answer: Answer,
    whole: "_Whole",
    mentions: Sequence[Mention],
    decided: Mapping[str, tuple[float, str]],
) -> list[Mention]:
    """What the codebook found and the model keeps; what the model adds is about all of it."""
    found = {mention.theme for mention in mentions}
    scored = with_score(whole.value, answer.score, answer.scale)
    return [
        *(mention for mention in mentions if mention.theme in decided),
        *(
            Mention(answer.row, theme, whole.start, whole.end, whole.value, scored, likely, source)
            for theme, (likely, source) in decided.items()
            if theme not in found
        ),
    ]


def _note_uncoded(
    answer: Answer,
    clauses: Sequence[Clause],
    values: Sequence[float],
    hits: Sequence[Sequence[Hit]],
    pieces: list[Piece],
) -> None:
    bare = [
        (clause, value)
        for clause, value, found in zip(clauses, values, hits, strict=True)
        if not found and len(clause.tokens) >= _SHORTEST_PIECE
    ]
    if bare:
        masked = mask(answer.text)
        score_class = score_class_of(answer.score, answer.scale)
        pieces += [
            Piece(answer.row, masked.cut(clause.start, clause.end), value, score_class)
            for clause, value in bare
        ]


def quoted(answer: Answer, mention: Mention, language: str) -> tuple[str, float]:
    """The masked sentence around a mention, and how it sounds.

    Where the sentence as a whole sounds otherwise than the mention, its clause is quoted alone.
    """
    clauses = clauses_of(answer.text)
    inside = next((c for c in clauses if c.start <= mention.start < c.end), None)
    masked = mask(answer.text)
    if inside is None:
        return masked.cut(mention.start, mention.end), mention.text_value
    values = sounds_of(answer.text, clauses, language, answer.asked)
    beside = [
        value
        for clause, value in zip(clauses, values, strict=True)
        if clause.sentence == inside.sentence
    ]
    value = sum(beside) / len(beside)
    if label_of(value) is not label_of(mention.text_value):
        return masked.cut(inside.start, inside.end), mention.text_value
    return sentence_around(masked, answer.text, clauses, inside), value
