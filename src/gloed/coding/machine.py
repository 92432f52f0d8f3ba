"""Reading answers by the text engine. Heavy (dictionaries, arrays): the worker imports it alone."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from gloed.coding.models import CodebookVersion
from gloed.coding.rules.counting import Found
from gloed.coding.rules.editing import as_codebook
from gloed.text.clauses import clauses_of
from gloed.text.coding import Answer, Mention, code
from gloed.text.languages import CANDIDATES
from gloed.text.matcher import Matcher
from gloed.text.models import ThemeModels
from gloed.text.polarity import Asked, asked_for, sound_together, sounds_of, with_score


@dataclass(frozen=True, slots=True)
class Said:
    """An answer in words as it is read. `language` is what is expected of it.

    `question` holds the words of the question, in any language; empty where they are not known.
    """

    answer: int
    text: str
    language: str
    score: float | None = None
    scale: tuple[int, int] = (0, 10)
    question: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """What the machine made of an answer: its language, its themes, and how it sounds as a whole.

    The last two are only worked out where they are asked for.
    """

    language: str
    themes: tuple[Found, ...]
    text_value: float = 0.0
    scored_value: float = 0.0


def matcher_of(version: CodebookVersion) -> Matcher:
    """The matcher of a version; kept for the next batch."""
    return _matcher(version.pk, version.digest)


def read(
    said: Sequence[Said],
    matcher: Matcher,
    *,
    whole: frozenset[int],
    models: Mapping[str, ThemeModels] | None = None,
) -> list[Read]:
    """Read answers by a codebook, and by models where they know better.

    What is found in one depends on it alone. `whole` are the answers of which the sound as a whole
    is wanted.
    """
    answers = [
        Answer(
            row,
            each.text,
            each.score,
            each.scale,
            known_language(each.language),
            _asked(each.question),
        )
        for row, each in enumerate(said)
    ]
    coding = code(answers, matcher, models=models)
    by_row: dict[int, dict[str, list[Mention]]] = defaultdict(lambda: defaultdict(list))
    for mention in coding.mentions:
        by_row[mention.row][mention.theme].append(mention)
    found = []
    for row, each in enumerate(said):
        language = coding.languages[row]
        themes = tuple(_found(key, mentions) for key, mentions in sorted(by_row[row].items()))
        value = _sound(answers[row], language) if each.answer in whole else 0.0
        found.append(Read(language, themes, value, with_score(value, each.score, each.scale)))
    return found


def known_language(language: str, otherwise: str = "en") -> str:
    """A language as the engine knows it; what is expected always is one."""
    short = language.lower().replace("_", "-").split("-")[0]
    return short if short in CANDIDATES else otherwise


def _found(key: str, mentions: Sequence[Mention]) -> Found:
    best = max(mentions, key=lambda mention: (mention.probability, -mention.start))
    return Found(
        theme=key,
        text_value=_mean([mention.text_value for mention in mentions]),
        scored_value=_mean([mention.scored_value for mention in mentions]),
        probability=best.probability,
        source=best.source,
        spans=tuple((m.start, m.end, round(m.text_value, 3)) for m in mentions),
    )


def _sound(answer: Answer, language: str) -> float:
    clauses = clauses_of(answer.text)
    return sound_together(sounds_of(answer.text, clauses, language, answer.asked))


@lru_cache(maxsize=1_000)
def _asked(question: str) -> Asked | None:
    return asked_for(question)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)


@lru_cache(maxsize=4)
def _matcher(version: int, _digest: str) -> Matcher:
    return Matcher(as_codebook(CodebookVersion.objects.get(pk=version).content))
