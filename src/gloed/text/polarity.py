"""How an answer sounds, piece by piece: from the text alone, and from text and score together.

The two are kept apart. A score tells much about a remark, and hides criticism by happy customers
and praise by unhappy ones; what is measured against the score may only use the text.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from gloed.text.clauses import Clause
from gloed.text.lexicon import Lexicon, Sound, lexicon_of
from gloed.text.tokens import Token, words_of
from gloed.text.wordlists import word_list

NEUTRAL = 0.1
"""A piece between minus and plus this is neutral."""

_REACH = 4
_BACK = 3
_TURNED_GOOD, _TURNED_BAD = -0.7, -0.5
_EXCESS, _NO_EXCESS = -0.5, 0.2
_BARE_NEGATION = -0.2
_WISHED = -0.4
_REQUEST = -0.35
_OPENERS = word_list("turns") | word_list("joints")
_ONLY = frozenset(["alleen", "only", "just", "nur", "seulement"])
_SENTENCE, _ANSWER = 0.8, 0.5
_REPLIES, _NOTHING = word_list("replies"), word_list("nothing")
_REPLIED = 0.35
_POST_NEGATING = ("nl", "de")
_SIGN_VALUE = 0.6
_SMILES = re.compile(
    "[\U0001f600-\U0001f60d\U0001f618\U0001f642\U0001f917\U0001f929\U0001f970\U0001f44c\U0001f44d"
    "\U0001f44f\U0001f389\U0001f4aa\U0001f64f\u2764\U0001f495-\U0001f49f\u2b50\U0001f31f\u2705\u263a]"
    r"|[:;]-?[)D](?!\w)|<3"
)
_FROWNS = re.compile(
    "[\U0001f61e-\U0001f62d\U0001f620-\U0001f624\U0001f612-\U0001f616\U0001f641\u2639\U0001f44e"
    "\U0001f4a9\U0001f926\U0001f92c\U0001f92e\U0001f922\U0001f644\U0001f621\U0001f494\u274c]"
    r"|:-?[(/](?![\w/])"
)
_NPS_POINTS = ((0.0, -1.0), (0.6, -0.5), (0.7, -0.05), (0.8, 0.25), (0.9, 0.8), (1.0, 1.0))
_OTHER_POINTS = ((0.0, -1.0), (0.25, -0.7), (0.5, -0.2), (0.75, 0.5), (1.0, 1.0))
_TEXT_WEIGHT, _SCORE_WEIGHT = 1.0, 0.4


class Polarity(StrEnum):
    """How something sounds."""

    NEGATIVE = "neg"
    NEUTRAL = "neu"
    POSITIVE = "pos"


class Asked(StrEnum):
    """Which side of things an open question asks for."""

    GOOD = "good"
    BETTER = "better"


def label_of(value: float) -> Polarity:
    """The label of a value between -1 and 1."""
    if abs(value) < NEUTRAL:
        return Polarity.NEUTRAL
    return Polarity.POSITIVE if value > 0 else Polarity.NEGATIVE


def sound_of(tokens: Sequence[Token], language: str, asked: Asked | None = None) -> float | None:
    """What the words of a clause sound like, between -1 and 1; None where nothing sounds.

    In reply to what should be better, what is told to do is a request.

    >>> from gloed.text.tokens import tokens_of
    >>> round(sound_of(tokens_of("niet vriendelijk"), "nl"), 2)
    -0.51
    """
    feelings = _feelings(tokens, lexicon_of(language), asked)
    return math.tanh(sum(feelings)) if feelings else None


def asked_for(question: str) -> Asked | None:
    """What an open question asks for by its words; None where it takes no side.

    >>> asked_for("What could we do better?"), asked_for("Why did you give this score?")
    (<Asked.BETTER: 'better'>, None)
    """
    words = set(words_of(question))
    if "would" in words:  # "would you like to add something" asks for no side
        words -= {"like", "love"}
    is_better = not words.isdisjoint(word_list("asks_better"))
    if is_better is not words.isdisjoint(word_list("asks_good")):
        return None
    return Asked.BETTER if is_better else Asked.GOOD


def sounds_of(
    text: str, clauses: Sequence[Clause], language: str, asked: Asked | None = None
) -> list[float]:
    """How each clause sounds; a silent one takes it from its sentence, else from the answer.

    Where all are silent, the question speaks: what stands in reply to `asked` is that, and
    "nothing" is the opposite. Signs such as 🙂 count for the clause that they follow.
    """
    own = [
        _with_signs(
            None if _is_reply(clause) else sound_of(clause.tokens, language, asked),
            text[clause.start : clauses[place + 1].start if place + 1 < len(clauses) else None],
        )
        for place, clause in enumerate(clauses)
    ]
    heard = [value for value in own if value is not None]
    if len(heard) == len(own):
        return heard
    overall = _ANSWER * sum(heard) / len(heard) if heard else _replied(clauses, asked)
    by_sentence: dict[int, list[float]] = {}
    for clause, value in zip(clauses, own, strict=True):
        if value is not None:
            by_sentence.setdefault(clause.sentence, []).append(value)
    found = []
    for clause, value in zip(clauses, own, strict=True):
        beside = by_sentence.get(clause.sentence)
        if value is not None:
            found.append(value)
        else:
            found.append(_SENTENCE * sum(beside) / len(beside) if beside else overall)
    return found


def sound_together(values: Sequence[float]) -> float:
    """How several clauses sound together, from -1 to 1: each adds to what is known of the whole.

    Clauses that agree are surer together than each is, so their sum is divided by the root of how
    many they are, as independent evidence is added up (Stouffer and others 1949).

    >>> sound_together([0.2, 0.2, 0.2, 0.2]), sound_together([0.5, -0.5]), sound_together([])
    (0.4, 0.0, 0.0)
    """
    if not values:
        return 0.0
    return max(-1.0, min(1.0, sum(values) / math.sqrt(len(values))))


def with_score(value: float, score: float | None, scale: tuple[int, int] = (0, 10)) -> float:
    """A text's value with the answer's score; where the text is clear it goes before the score.

    >>> with_score(0.0, 2) < 0, with_score(-0.8, 10) < 0, with_score(0.7, None)
    (True, True, 0.7)
    """
    if score is None:
        return value
    low, high = scale
    points = _NPS_POINTS if scale == (0, 10) else _OTHER_POINTS
    at, leanings = zip(*points, strict=True)
    leaning = float(np.interp((score - low) / (high - low), np.array(at), np.array(leanings)))
    clear = max(-1.0, min(1.0, 1.5 * value))
    total = _TEXT_WEIGHT * clear + _SCORE_WEIGHT * leaning
    return max(-1.0, min(1.0, total))


def _is_reply(clause: Clause) -> bool:
    """Whether a clause is a yes or a no by itself, which is about the question alone."""
    return len(clause.tokens) == 1 and clause.tokens[0].form in _REPLIES


def _replied(clauses: Sequence[Clause], asked: Asked | None) -> float:
    """How silent words sound as the reply to a question."""
    if asked is None or not clauses:
        return 0.0
    side = _REPLIED if asked is Asked.GOOD else -_REPLIED
    forms = [token.form for token in clauses[0].tokens]
    if _is_reply(clauses[0]) and forms[0] in word_list("assents"):
        return 0.0
    is_nothing = _is_reply(clauses[0]) or not _NOTHING.isdisjoint(forms[:3])
    return -side if is_nothing or forms == ["n", "a"] else side


def _with_signs(value: float | None, text: str) -> float | None:
    if text.isascii() and ":" not in text and ";" not in text and "<" not in text:
        return value
    signs = len(_SMILES.findall(text)) - len(_FROWNS.findall(text))
    if not signs:
        return value
    return math.tanh(math.atanh(max(-0.999, min(0.999, value or 0.0))) + _SIGN_VALUE * signs)


def _feelings(tokens: Sequence[Token], lexicon: Lexicon, asked: Asked | None = None) -> list[float]:
    """The values of all words and phrases that sound, steered by the small words around them."""
    sounds = [lexicon.sound(token.form) for token in tokens]
    heard = _Heard()
    place = 0
    while place < len(tokens):
        value, width = _value_at(place, tokens, sounds)
        sound = sounds[place]
        if width == 1 and (wish := _longest(sound.wishes, tokens, place)):
            heard.wished_at, heard.negated_at, width = place, None, wish
        elif width == 1 and not value and (steered := _longest(sound.negators, tokens, place)):
            following = tokens[place + 1].form if place + 1 < len(tokens) else ""
            if following not in _ONLY:
                heard.negated_at = place + steered - 1
            width = steered
        if sound.wished and heard.negated_at is None:
            heard.values = [_WISHED * value if value > 0 else value for value in heard.values]
        if value:
            heard.add(value, place, is_kept=sound.kept)
        place += width
    if heard.negated_at is not None:
        _settle_negation(
            heard.values, heard.places, heard.negated_at, len(tokens), lexicon.language
        )
    if _is_request(tokens, lexicon.language, asked):
        return [*(min(value, 0.0) for value in heard.values), _REQUEST]
    return heard.values


@dataclass(slots=True)
class _Heard:
    """What was heard so far in a clause, and the negation or wish that waits for its word."""

    values: list[float] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    negated_at: int | None = None
    wished_at: int | None = None

    def add(self, value: float, place: int, *, is_kept: bool) -> None:
        """Hear a value; a negation turns it, and after a wish what is good was not there."""
        if self.negated_at is not None and place - self.negated_at <= _REACH:
            value *= _TURNED_GOOD if value > 0 else _TURNED_BAD
            self.negated_at = None
        elif self.wished_at is not None and value > 0 and place - self.wished_at <= _REACH:
            value *= 1.0 if is_kept else _WISHED
        self.values.append(value)
        self.places.append(place)


def _settle_negation(
    values: list[float], places: list[int], at: int, length: int, language: str
) -> None:
    """A negation that turned nothing after it: it turns what stands before, or sounds itself."""
    if places and places[-1] < at and at - places[-1] <= _BACK and language in _POST_NEGATING:
        if values[-1] > 0:
            values[-1] *= _TURNED_GOOD
    elif length > 2 and not (places and places[-1] > at):
        values.append(_BARE_NEGATION)


def _longest(phrases: Sequence[Sequence[str]], tokens: Sequence[Token], place: int) -> int:
    """How many words the longest of the phrases that stand at a place has; 0 for none."""
    for rest in phrases:
        if _follows(rest, tokens, place):
            return 1 + len(rest)
    return 0


def _is_request(tokens: Sequence[Token], language: str, asked: Asked | None) -> bool:
    """Whether a clause asks for something: "more staff", "and please call back".

    Where it was asked what should be better, so does "give us more time", and "staff more often".
    """
    forms = [token.form for token in tokens]
    start = 0
    while start < len(forms) and forms[start] in _OPENERS:
        start += 1
    wanted = word_list("requests", language)
    if start == len(forms) or word_list("compared", language).intersection(forms):
        return False
    tells = not word_list("tells", language).isdisjoint(forms)
    if forms[start] in wanted:
        return not (start and tells)
    if asked is not Asked.BETTER or tells:
        return False
    return forms[start] in word_list("told_to", language) or not wanted.isdisjoint(forms)


def _value_at(place: int, tokens: Sequence[Token], sounds: Sequence[Sound]) -> tuple[float, int]:
    """The value of the phrase or word at a place, and of how many words it is."""
    sound = sounds[place]
    for phrase in sound.phrases:
        if _follows(phrase.rest, tokens, place):
            return phrase.value, 1 + len(phrase.rest)
    if sound.exceeds and place + 1 < len(tokens) and sounds[place + 1].measures:
        return _EXCESS, 2
    if not sound.value:
        return 0.0, 1
    force = sounds[place - 1].force if place else 1.0
    return sound.value * force, 1


def _follows(rest: Sequence[str], tokens: Sequence[Token], place: int) -> bool:
    if place + len(rest) >= len(tokens):
        return False
    for offset, part in enumerate(rest, start=1):
        form = tokens[place + offset].form
        if form != part and not (part.endswith("*") and form.startswith(part[:-1])):
            return False
    return True
