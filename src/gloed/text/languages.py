"""Which language an answer is in; what is expected beforehand decides where the text does not."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

CANDIDATES = ("da", "de", "en", "es", "fr", "it", "nl", "no", "pl", "pt", "sv", "tr")
UNKNOWN = "und"

_FLOOR = 0.01
_TELLING = 25
_LONGEST = 1_000
_DOUBT = 0.5
_LEAST = 0.2
_UNASKED = {"nl": 4, "en": 4, "de": 3, "fr": 2}  # where nothing is expected: whom we speak for
_UNASKED_TOTAL = len(CANDIDATES) + 9


class Guess(NamedTuple):
    """The likeliest language, and how likely it is."""

    language: str
    probability: float


def identify(text: str, prior: Mapping[str, float] | None = None) -> Guess:
    """The language of a text, weighed with a prior: what share of answers each language has.

    A survey's own language is a prior, `{"nl": 1.0}`. Others stay possible at a small share.
    A text without letters takes the prior's first, or `und` where there is none.

    >>> identify("De monteur kwam keurig op tijd").language
    'nl'
    >>> identify("Top!", {"nl": 0.9, "en": 0.1}).language, identify("👍").language
    ('nl', 'und')
    """
    shares = _shares(prior)
    scores = _scores(text[:_LONGEST])
    if scores is None:
        if not prior:
            return Guess(UNKNOWN, 0.0)
        best = max(shares, key=lambda language: (shares[language], language))
        return Guess(best, shares[best])
    weighed = {each: scores[each] + math.log(shares[each]) for each in CANDIDATES}
    best = max(CANDIDATES, key=lambda language: weighed[language])
    total = sum(math.exp(score - weighed[best]) for score in weighed.values())
    likely = 1 / total
    return Guess(best if likely >= _LEAST else UNKNOWN, likely)


def identify_all(texts: Sequence[str], prior: Mapping[str, float] | None = None) -> list[str]:
    """The language of each of many texts. Without a prior the telling texts among them make one.

    The result for a text depends on which texts are there, never on their order.
    """
    known = prior or _expected(texts)
    remembered: dict[str, str] = {}
    for text in texts:
        if text not in remembered:
            remembered[text] = identify(text, known).language
    return [remembered[text] for text in texts]


def _expected(texts: Sequence[str]) -> dict[str, float] | None:
    """What the telling texts say; where none is, what the short ones say all together."""
    telling = [identify(text).language for text in texts if len(text) >= _TELLING]
    if telling:
        return shares_of(telling)
    return shares_of([identify("\n".join(sorted(set(texts)))).language])


def shares_of(languages: Iterable[str]) -> dict[str, float] | None:
    """What share each language has, as a prior; None where none is known."""
    counts = Counter(language for language in languages if language != UNKNOWN)
    total = counts.total()
    return {each: counts[each] / total for each in sorted(counts)} if total else None


def _shares(prior: Mapping[str, float] | None) -> dict[str, float]:
    if not prior:
        return {each: _UNASKED.get(each, 1) / _UNASKED_TOTAL for each in CANDIDATES}
    given = {each: max(0.0, float(prior.get(each, 0.0))) for each in CANDIDATES}
    total = sum(given.values()) or 1.0
    return {each: (share / total + _FLOOR) / (1 + 12 * _FLOOR) for each, share in given.items()}


def _scores(text: str) -> dict[str, float] | None:
    """Log likelihoods, tempered: neighbouring letters are no independent witnesses."""
    if not any(character.isalpha() for character in text):
        return None
    tempered = _DOUBT * math.sqrt(len(text) or 1)
    ranked = _identifier().rank(text.lower())
    highest = ranked[0][1]
    return {language: (score - highest) / tempered for language, score in ranked}


@lru_cache(maxsize=1)
def _identifier() -> Any:
    # a model of 5 MB that takes half a second to read: only when a text is looked at
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(CANDIDATES)
    return identifier
