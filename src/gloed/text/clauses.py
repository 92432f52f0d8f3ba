"""Sentences and clauses with their places: the pieces that are about one thing each."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from gloed.text.tokens import WORD, Token, form_of
from gloed.text.wordlists import word_list

SHORTEST_LIST_PART = 2
SHORTEST_JOINED_PART = 3

_TURNS = word_list("turns")
_JOINTS = word_list("joints")
_NEGATORS = word_list("negators")
_REPLIES = word_list("replies")
_RESUMES = word_list("resumes")
_SHORTENED = word_list("shortened")
# an end of a sentence, a line, a bullet; or a mark inside; or a word
_PIECE = re.compile(
    rf"(?P<word>{WORD})"
    r"|(?P<end>[.!?…]+(?=[\s\"'”’)\]]|$|[^\W\d_])|[\n\r\u2028\u2029]+|[•·▪●])"
    r"|(?P<mark>[;:]|,(?!\d)|\s[-–—]+\s|[()\[\]])"
    r"|(?P<joint>&)"
)


class Clause(NamedTuple):
    """A piece of a text from `start` to `end`, its words, and the number of its sentence."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    sentence: int


def clauses_of(text: str) -> list[Clause]:
    """The clauses of a text, in order, without overlap; those without a word are left out.

    A sentence ends at its mark or its line. Inside it a clause ends before a word that turns
    (but, although), at a semicolon, a colon, a dash or a bracket, at a comma between pieces of two
    words or more, and before "and" between pieces of three words or more.

    >>> text = "Friendly staff, but the food was cold."
    >>> [text[clause.start : clause.end] for clause in clauses_of(text)]
    ['Friendly staff', 'but the food was cold']
    """
    found: list[Clause] = []
    pieces: list[list[Token]] = [[]]
    joined: list[bool] = [False]
    sentence = 0

    def close() -> None:
        nonlocal sentence
        clauses = _merged(pieces, joined)
        found.extend(
            Clause(tokens[0].start, tokens[-1].end, tuple(tokens), sentence) for tokens in clauses
        )
        sentence += bool(clauses)
        pieces[:] = [[]]
        joined[:] = [False]

    for match in _PIECE.finditer(text):
        kind = match.lastgroup
        if kind == "word":
            token = Token(form_of(match.group()), match.start(), match.end())
            if _begins_anew(pieces, token):
                pieces.append([])
                joined.append(False)
            elif pieces[-1] and token.form in _JOINTS:
                pieces.append([])
                joined.append(True)
            pieces[-1].append(token)
        elif kind == "end":
            if not _is_shortened(match.group(), pieces[-1], match.start()):
                close()
        elif kind == "mark" and pieces[-1]:
            is_reply = _is_reply(pieces)
            pieces.append([])
            joined.append(match.group() == "," and not is_reply)
    close()
    return found


def _belongs(before: Token, turn: Token) -> bool:
    """Whether a word that turns belongs to the one before it: "not only", "anything but"."""
    return before.form in _NEGATORS or f"{before.form}_{turn.form}" in _NEGATORS


def _begins_anew(pieces: Sequence[Sequence[Token]], token: Token) -> bool:
    """Whether a clause begins before a word: one that turns, or that resumes after a reply."""
    if token.form in _TURNS:
        return bool(pieces[-1]) and not _belongs(pieces[-1][-1], token)
    return token.form in _RESUMES and _is_reply(pieces)


def _is_reply(pieces: Sequence[Sequence[Token]]) -> bool:
    """Whether a sentence so far is a reply by itself: the first word of "nothing, all was well"."""
    return len(pieces) == 1 and len(pieces[0]) == 1 and pieces[0][0].form in _REPLIES


def _merged(pieces: list[list[Token]], joined: list[bool]) -> list[list[Token]]:
    """Pieces of a sentence; those after a comma or an "and" that are too short stay together."""
    clauses: list[list[Token]] = []
    for tokens, is_joined in zip(pieces, joined, strict=True):
        if not tokens:
            continue
        is_and = tokens[0].form in _JOINTS
        least = SHORTEST_JOINED_PART + 1 if is_and else SHORTEST_LIST_PART
        before = SHORTEST_JOINED_PART if is_and else SHORTEST_LIST_PART
        if is_joined and clauses and (len(tokens) < least or len(clauses[-1]) < before):
            clauses[-1] += tokens
        else:
            clauses.append(list(tokens))
    return clauses


def _is_shortened(mark: str, tokens: list[Token], at: int) -> bool:
    """Whether a full stop only shortens the word before it."""
    if mark != "." or not tokens or tokens[-1].end != at:
        return False
    form = tokens[-1].form
    return form in _SHORTENED or (len(form) == 1 and form.isalpha() and form not in "ui")
