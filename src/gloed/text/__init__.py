"""What open answers say: pure functions on texts, without Django, a driver or a clock.

`code` finds the themes of answers, `summarise` says what they come to. Nothing here depends on the
order of answers or on chance.

A part is loaded when it is first asked for: who reads a codebook pays for no matrices.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gloed.text.clauses import Clause, clauses_of
    from gloed.text.codebook import Codebook, Seeds, Theme, combine
    from gloed.text.codebook_files import (
        BadCodebook,
        codebook_from,
        read_codebook,
        shipped_codebook,
        shipped_names,
        write_codebook,
    )
    from gloed.text.coding import Answer, Coding, Mention, code, code_one
    from gloed.text.discovery import Piece, Suggestion, discover
    from gloed.text.drift import NoBaseline, Week, binomial_cusum
    from gloed.text.impact import Checked, Impact, Named, impacts, score_class_of
    from gloed.text.languages import Guess, identify, identify_all, shares_of
    from gloed.text.masking import Masked, Span, mask
    from gloed.text.matcher import Hit, Matcher, Preview, preview
    from gloed.text.models import CodedText, Gate, ThemeModels, TooFewCodes, fit_models
    from gloed.text.polarity import (
        Asked,
        Polarity,
        asked_for,
        label_of,
        sound_of,
        sound_together,
        sounds_of,
        with_score,
    )
    from gloed.text.quotes import Candidate, Quote, choose
    from gloed.text.summary import suggestions_of, summarise
    from gloed.text.terms import TermShift, term_shifts, terms_of, without_parts
    from gloed.text.tokens import Token, tokens_of, words_of

_PARTS = {
    "clauses": "Clause clauses_of",
    "codebook": "Codebook Seeds Theme combine",
    "codebook_files": (
        "BadCodebook codebook_from read_codebook shipped_codebook shipped_names write_codebook"
    ),
    "coding": "Answer Coding Mention code code_one",
    "discovery": "Piece Suggestion discover",
    "drift": "NoBaseline Week binomial_cusum",
    "impact": "Checked Impact Named impacts score_class_of",
    "languages": "Guess identify identify_all shares_of",
    "masking": "Masked Span mask",
    "matcher": "Hit Matcher Preview preview",
    "models": "CodedText Gate ThemeModels TooFewCodes fit_models",
    "polarity": ("Asked Polarity asked_for label_of sound_of sound_together sounds_of with_score"),
    "quotes": "Candidate Quote choose",
    "summary": "suggestions_of summarise",
    "terms": "TermShift term_shifts terms_of without_parts",
    "tokens": "Token tokens_of words_of",
}
_HOME = {name: part for part, names in _PARTS.items() for name in names.split()}

__all__ = [
    "Answer",
    "Asked",
    "BadCodebook",
    "Candidate",
    "Checked",
    "Clause",
    "Codebook",
    "CodedText",
    "Coding",
    "Gate",
    "Guess",
    "Hit",
    "Impact",
    "Masked",
    "Matcher",
    "Mention",
    "Named",
    "NoBaseline",
    "Piece",
    "Polarity",
    "Preview",
    "Quote",
    "Seeds",
    "Span",
    "Suggestion",
    "TermShift",
    "Theme",
    "ThemeModels",
    "Token",
    "TooFewCodes",
    "Week",
    "asked_for",
    "binomial_cusum",
    "choose",
    "clauses_of",
    "code",
    "code_one",
    "codebook_from",
    "combine",
    "discover",
    "fit_models",
    "identify",
    "identify_all",
    "impacts",
    "label_of",
    "mask",
    "preview",
    "read_codebook",
    "score_class_of",
    "shares_of",
    "shipped_codebook",
    "shipped_names",
    "sound_of",
    "sound_together",
    "sounds_of",
    "suggestions_of",
    "summarise",
    "term_shifts",
    "terms_of",
    "tokens_of",
    "with_score",
    "without_parts",
    "words_of",
    "write_codebook",
]


def __getattr__(name: str) -> Any:
    part = _HOME.get(name)
    if part is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{part}"), name)
    globals()[name] = value
    return value
