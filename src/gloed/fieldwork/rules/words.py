"""Words that belong to one ask: put into its mail and its page instead of the survey's own.

They are given by whoever may ask (a key, never an address or an event), kept with the invitation,
and are plain text: whoever shows them escapes them. A link is https or it is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from gloed.surveys.rules import LABEL_LIMIT, THANKS_LIMIT, Band, ThanksWords, is_safe_link

SUBJECT_LIMIT: Final = 150
INTRO_LIMIT: Final = 300
ASKER_LIMIT: Final = 150
EVERYBODY: Final = ""
_JOINER = "\u200d"  # holds an emoji together


@dataclass(frozen=True, slots=True)
class OwnWords:
    """What is said to one person. Empty: as the survey says it.

    `asker` stands for the organisation's name in the main question; `thanks` are by band, under
    `EVERYBODY` for all.
    """

    subject: str = ""
    intro: str = ""
    asker: str = ""
    thanks: Mapping[str, ThanksWords] = field(default_factory=dict)

    def thanks_for(self, band: Band | None) -> ThanksWords:
        """The text and the link at the end, each the band's own or else that of everybody."""
        everybody = self.thanks.get(EVERYBODY, ThanksWords(""))
        own = self.thanks.get(band.value, everybody) if band else everybody
        linked = own if own.link else everybody
        return ThanksWords(own.text or everybody.text, linked.link, linked.link_label)


NO_WORDS: Final = OwnWords()


def cleaned(words: OwnWords) -> OwnWords:
    """The same in bounds: too long is cut, a link that is not https or has no words goes.

    >>> cleaned(OwnWords(subject="One\\nquestion ")).subject
    'One question'
    """
    thanks = {key: _thanks(one) for key, one in words.thanks.items() if key in _KEYS}
    return OwnWords(
        subject=_line(words.subject, SUBJECT_LIMIT),
        intro=_text(words.intro, INTRO_LIMIT),
        asker=_line(words.asker, ASKER_LIMIT),
        thanks={key: one for key, one in thanks.items() if one != ThanksWords("")},
    )


def stored_words(words: OwnWords) -> dict[str, Any] | None:
    """As it is stored; None where nothing is said."""
    words = cleaned(words)
    if words == NO_WORDS:
        return None
    thanks = {
        key: {"text": one.text, "link": one.link, "label": one.link_label}
        for key, one in words.thanks.items()
    }
    found = {"subject": words.subject, "intro": words.intro, "asker": words.asker}
    return {name: value for name, value in found.items() if value} | {"thanks": thanks}


def read_words(stored: Any) -> OwnWords:
    """From what is stored; what is not of its shape is as if it were not there."""
    if not isinstance(stored, Mapping):
        return NO_WORDS
    subject, intro, asker = (str(stored.get(name) or "") for name in ("subject", "intro", "asker"))
    told = stored.get("thanks")
    by_band = told.items() if isinstance(told, Mapping) else ()
    thanks = {str(band): _read_thanks(one) for band, one in by_band if isinstance(one, Mapping)}
    return cleaned(OwnWords(subject, intro, asker, thanks))


def folded(name: str) -> str:
    """The name of a property as special ones are recognised: without case, blanks, underscores."""
    return re.sub(r"[\s_]+", "", name).lower()


def own_words_in(properties: Mapping[str, Any]) -> OwnWords:
    """What the special properties of a request say in place of the survey's own words.

    >>> own_words_in({"Question Product Name": "Zon Plus"}).asker
    'Zon Plus'
    """
    told = {folded(name): str(value) for name, value in properties.items()}
    thanks = {
        band: ThanksWords(
            told.get(f"thankyoumessage{group}", ""),
            told.get(f"thankyoulinkurl{group}", ""),
            told.get(f"thankyoulinktext{group}", ""),
        )
        for group, band in _THANKS_GROUPS.items()
    }
    return OwnWords(
        subject=told.get("delightedemailsubject", ""),
        intro=told.get("delightedintromessage", ""),
        asker=told.get("questionproductname", ""),
        thanks=thanks,
    )


def language_of(locale: str) -> str:
    """The language of a locale: a region or a set of words of its own has no counterpart.

    >>> language_of("pt-BR"), language_of("nl_BE"), language_of("en-dialogue-2"), language_of("?")
    ('pt', 'nl', 'en', '')
    """
    code = re.split("[-_]", locale.strip().lower())[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


_THANKS_GROUPS = {"": EVERYBODY, **{f"if{band.value}": band.value for band in Band}}
# what stands behind the name of a thank-you property, and the band it is for
_KEYS = frozenset({EVERYBODY, *(band.value for band in Band)})


def _read_thanks(one: Mapping[str, Any]) -> ThanksWords:
    text, link, label = (str(one.get(name) or "") for name in ("text", "link", "label"))
    return ThanksWords(text, link, label)


def _thanks(words: ThanksWords) -> ThanksWords:
    label, link = _line(words.link_label, LABEL_LIMIT), words.link.strip()
    is_whole = bool(label) and is_safe_link(link)
    return ThanksWords(
        _text(words.text, THANKS_LIMIT), link if is_whole else "", label if is_whole else ""
    )


def _line(text: str, most: int) -> str:
    return " ".join(_text(text, most * 4).split())[:most].strip()


def _text(text: str, most: int) -> str:
    """Without what is no letter, and without what our own templates would take for a mark."""
    plain = re.sub("@{2,}", "@", re.sub("\r\n?", "\n", text))
    kept = "".join(s if s in ("\n", _JOINER) or s.isprintable() else " " for s in plain)
    return kept.strip()[:most].strip()
