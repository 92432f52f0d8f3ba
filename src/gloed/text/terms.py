"""Terms that one group of answers uses more than another: log-odds with an informative prior.

Source: Monroe, Colaresi and Quinn (2008), "Fightin' Words", Political Analysis 16, equations 15, 20
and 22. An answer counts a term once, however often it repeats it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log, sqrt

from gloed.text.lemmas import lemma_of
from gloed.text.tokens import tokens_of
from gloed.text.wordlists import word_list

FEWEST = 5
"""A term that fewer answers use, both groups together, is not shown."""

PRIOR = 500.0
"""How many mentions the prior is worth."""


@dataclass(frozen=True, slots=True)
class TermShift:
    """A term with its shift: above 0 the first group uses it more.

    `z` is the log-odds ratio over its error, `log_odds` the ratio shrunk by the prior; `first` and
    `second` are the answers that use it.
    """

    term: str
    z: float
    log_odds: float
    first: int
    second: int


def terms_of(text: str, language: str) -> frozenset[str]:
    """Words by their base form, and pairs of neighbours, without words that carry nothing.

    >>> sorted(terms_of("The long waiting times", "en"))
    ['long', 'long wait', 'time', 'wait', 'wait time']
    """
    stop = word_list("stop", language)
    found: set[str] = set()
    before: str | None = None
    end = 0
    for token in tokens_of(text):
        is_said = token.form in stop or len(token.form) < 2 or token.form.isdigit()
        lemma = None if is_said else lemma_of(token.form, language)
        lemma = None if lemma in stop else lemma
        if lemma is not None:
            found.add(lemma)
            if before is not None and text[end : token.start].isspace():
                found.add(f"{before} {lemma}")
        before, end = lemma, token.end
    return frozenset(found)


def term_shifts(
    first: Iterable[frozenset[str]],
    second: Iterable[frozenset[str]],
    *,
    background: Iterable[frozenset[str]] = (),
    fewest: int = FEWEST,
) -> list[TermShift]:
    """Terms of two groups by their z, the strongest of the first group at the front.

    `background` adds answers of neither group to the prior, for instance the passives.

    >>> shifts = term_shifts([frozenset(["wait"])] * 9, [frozenset(["friendly"])] * 9)
    >>> [(shift.term, shift.z > 0) for shift in shifts]
    [('wait', True), ('friendly', False)]
    """
    ones, others, rest = _counted(first), _counted(second), _counted(background)
    both = ones + others
    everything = both + rest
    total = everything.total()
    if not total:
        return []
    n_ones, n_others = ones.total(), others.total()
    shifts = []
    for term in sorted(both):
        if both[term] < fewest:
            continue
        prior = PRIOR * everything[term] / total
        y, w = ones[term] + prior, others[term] + prior
        ratio = log(y / (n_ones + PRIOR - y)) - log(w / (n_others + PRIOR - w))
        shifts.append(TermShift(term, ratio / sqrt(1 / y + 1 / w), ratio, ones[term], others[term]))
    return sorted(shifts, key=lambda shift: (-shift.z, shift.term))


def without_parts(shifts: Sequence[TermShift], most: int) -> list[TermShift]:
    """The first of a list, leaving out words that a stronger pair already says, and the reverse."""
    kept: list[TermShift] = []
    for shift in shifts:
        words = set(shift.term.split())
        if not any(words <= set(k.term.split()) or set(k.term.split()) <= words for k in kept):
            kept.append(shift)
        if len(kept) == most:
            break
    return kept


def _counted(answers: Iterable[frozenset[str]]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for terms in answers:
        counts.update(terms)
    return counts
