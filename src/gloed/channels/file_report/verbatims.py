"""Which comments tell most, and how they are shown: shortened and with contact details masked."""

import re

SHORTEST = 25
LONGEST = 420
_ENOUGH_WORDS = 55

_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_DATE = r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?!\d)"
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ ]?[A-Z0-9]{1,4})?\b")
_GAP = r"[ \u00a0./()-]{0,2}"
_NUMBER = re.compile(
    rf"(?<![\w.,-])(?!{_DATE})"
    rf"(?:\+{_GAP}\d(?:{_GAP}\d){{7,14}}"  # +31 6 1234 5678
    rf"|\(?0\d(?:{_GAP}\d){{6,13}}"  # 06-1234 5678, (020) 123 45 67, 0031...
    rf"|\(?\d{{3}}\)?[ .-]\d{{3}}[ .-]\d{{4}}"  # 555-123-4567
    rf"|\d{{7,}})(?!\w)"  # a number of a customer, a contract, an account
)
_WORD = re.compile(r"\w[\w'’-]+")
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")

MASKED_EMAIL = "[e-mail]"
MASKED_NUMBER = "[…]"


def how_telling(text: str) -> float:
    """How much a comment tells: its distinct words, up to what a page bears; 0 for too little.

    Shouting counts for less, and what is far too long for a page counts for less than what fits.

    >>> how_telling("Top!"), how_telling("The engineer came twice and it still does not work.") > 5
    (0.0, True)
    """
    if len(text.strip()) < SHORTEST:
        return 0.0
    words = {word.casefold() for word in _WORD.findall(text[: 2 * LONGEST])}
    weight = float(min(len(words), _ENOUGH_WORDS))
    letters = [letter for letter in text[:LONGEST] if letter.isalpha()]
    if not letters:
        return 0.0
    if sum(letter.isupper() for letter in letters) > 0.5 * len(letters):
        weight *= 0.6
    if "\ufffd" in text:  # letters were lost before the file came here
        weight *= 0.8
    return weight * (0.7 if len(text) > LONGEST else 1.0)


def masked(text: str) -> str:
    """A comment without e-mail addresses, telephone, account and customer numbers.

    >>> masked("Mail jan@voorbeeld.nl of bel 06-12345678, sinds 12-11-2017.")
    'Mail [e-mail] of bel […], sinds 12-11-2017.'
    """
    text = _EMAIL.sub(MASKED_EMAIL, text)
    text = _ACCOUNT.sub(MASKED_NUMBER, text)
    return _NUMBER.sub(MASKED_NUMBER, text)


def excerpt(text: str, *, longest: int = LONGEST) -> str:
    """A comment on one line, ended at a sentence or a word where it is too long for a page."""
    text = " ".join(text.split())
    if len(text) <= longest:
        return text
    kept = ""
    for sentence in _SENTENCE_END.split(text):
        if len(kept) + len(sentence) + 1 > longest:
            break
        kept = f"{kept} {sentence}".strip()
    if len(kept) >= longest // 2:
        return f"{kept} …"
    return f"{text[:longest].rsplit(' ', 1)[0].rstrip(' ,;:–-')} …"
