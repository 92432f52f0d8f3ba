"""Words to begin with, in the language of the customer: for a mail, and for a consent."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from gloed.base.models import Organisation
from gloed.loop.promoters.rules import AskKind
from gloed.people.models import Person

LANGUAGES = ("en", "nl")
SUBJECT_LIMIT, BODY_LIMIT = 160, 4_000


@cache
def _wordings() -> Mapping[str, Any]:
    """The words as they stand in the file beside this one."""
    with (Path(__file__).parent / "wordings.toml").open("rb") as file:
        return tomllib.load(file)


def language_for(person: Person) -> str:
    """The language somebody is written to: their own where we have words, else the usual one."""
    for wanted in (person.language, person.organisation.language):
        short = wanted.lower().partition("-")[0]
        if short in LANGUAGES:
            return short
    return LANGUAGES[0]


def mail_for(kind: AskKind, person: Person, *, sender: str) -> tuple[str, str]:
    """Subject and body of a mail to begin with, in the person's language."""
    language = language_for(person)
    words = _wordings()["mail"][kind.value][language]
    usual = {"en": "customer", "nl": "klant"}[language]
    name = f"{{first_name|{usual}}}"  # filled in by the mail, like in every other one
    body = words["body"].replace("{name}", name).replace("{sender}", sender)
    return words["subject"], body


def consent_for(organisation: Organisation, language: str, *, cap: int) -> str:
    """What somebody agrees to who may be called by prospects."""
    every = _wordings()["consent"]
    words: str = every.get(language, every["en"])
    return words.format(organisation=organisation.name, cap=cap)
