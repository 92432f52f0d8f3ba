"""The texts of the house, and those of an organisation that replace or join them."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from gloed.base.models import Organisation
from gloed.loop.cases.models import Case
from gloed.loop.cases.rules import Gesture
from gloed.loop.letters.models import LetterTemplate
from gloed.surveys.rules import filled, values_of

LANGUAGES = ("nl", "en")
WORD_LIMITS = {"title": 80, "subject": 200, "body": 5_000}


@dataclass(frozen=True, slots=True)
class Words:
    """A text in one language."""

    title: str = ""
    subject: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A text to begin a letter with. `key` is that of the house, or the public id of their own.

    `is_changed` where an organisation made it its own.
    """

    key: str
    gesture: str
    words: dict[str, Words]
    is_changed: bool = False
    is_removed: bool = False

    def in_language(self, language: str) -> Words:
        """The words in a language; in the other one where there are none."""
        for one in (language, *LANGUAGES):
            if one in self.words and self.words[one].body:
                return self.words[one]
        return Words()


@cache
def _house() -> dict[str, Any]:
    """The wordings as they stand in their file, read when they are first needed."""
    text = (Path(__file__).parent / "wordings.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def house_texts() -> dict[str, Text]:
    """The texts of the house by their key, in their order."""
    return {
        row["key"]: Text(row["key"], row.get("gesture", ""), _words(row))
        for row in _house()["text"]
    }


def texts_of(organisation: Organisation, *, with_removed: bool = False) -> list[Text]:
    """Every text an organisation can begin a letter with, gestures first."""
    found = house_texts()
    for row in LetterTemplate.objects.filter(organisation=organisation):
        key = row.usual or str(row.public_id)
        is_removed = row.removed_at is not None
        found[key] = Text(key, row.gesture, _words(row.words), True, is_removed)
    kept = [text for text in found.values() if with_removed or not text.is_removed]
    return sorted(kept, key=lambda text: not text.gesture)


def openings_for(case: Case, language: str) -> dict[Gesture, str]:
    """What the gestures begin with for the customer of a case, in this organisation's own words.

    A text that was taken away is not among them.
    """
    found: dict[Gesture, str] = {}
    values = values_for(case)
    for text in texts_of(case.organisation):
        if text.gesture and Gesture(text.gesture) not in found:
            found[Gesture(text.gesture)] = filled(text.in_language(language).body, values)
    return found


def find_text(organisation: Organisation, key: str) -> Text | None:
    """One text by its key, also a removed one."""
    every = texts_of(organisation, with_removed=True)
    return next((text for text in every if text.key == key), None)


def solved_words(case: Case, language: str) -> Words:
    """The question whether it is solved, written to the customer of a case."""
    own = _house()["solved"][language]
    values = values_for(case)
    return Words("", filled(own["subject"], values), filled(own["body"], values))


def usual_subject(case: Case, language: str) -> str:
    """The subject of a letter that has none yet."""
    return filled(_house()["usual_subject"][language], values_for(case))


def values_for(case: Case) -> dict[str, str]:
    """What can be put into a text about the customer of a case."""
    person = case.person
    return values_of(
        name=person.name if person else "",
        organisation=case.organisation.name,
        attributes=person.attributes if person else {},
    )


def _words(row: dict[str, Any]) -> dict[str, Words]:
    return {
        language: Words(
            own.get("title", "").strip(),
            own.get("subject", "").strip(),
            own.get("body", "").strip(),
        )
        for language in LANGUAGES
        if isinstance(own := row.get(language), dict)
    }


def keep_text(
    organisation: Organisation,
    key: str,
    words: dict[str, Words],
    *,
    gesture: str = "",
    now: datetime,
) -> LetterTemplate:
    """Keep a text: one of the house gets words of their own; an empty key makes a new one."""
    house = house_texts().get(key)
    content = {
        language: {"title": own.title, "subject": own.subject, "body": own.body}
        for language, own in words.items()
    }
    values = {"words": content, "changed_at": now, "removed_at": None}
    if house is not None:
        values["gesture"] = house.gesture
        row, _made = LetterTemplate.objects.update_or_create(
            organisation=organisation, usual=key, defaults=values
        )
        return row
    values["gesture"] = gesture
    if not key:
        return LetterTemplate.objects.create(organisation=organisation, **values)
    row = LetterTemplate.objects.get(organisation=organisation, public_id=key)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return row


def set_removed(organisation: Organisation, key: str, *, is_removed: bool, now: datetime) -> bool:
    """Take a text away, or have it back; False for a text nobody knows."""
    if find_text(organisation, key) is None:
        return False
    house = house_texts().get(key)
    removed_at = now if is_removed else None
    if house is None:
        rows = LetterTemplate.objects.filter(organisation=organisation, public_id=key)
        return bool(rows.update(removed_at=removed_at, changed_at=now))
    row = LetterTemplate.objects.filter(organisation=organisation, usual=key).first()
    if row is None:
        keep_text(organisation, key, house.words, now=now)
    rows = LetterTemplate.objects.filter(organisation=organisation, usual=key)
    return bool(rows.update(removed_at=removed_at, changed_at=now))


def reset_text(organisation: Organisation, key: str) -> bool:
    """Have a text of the house back in its own words."""
    return bool(LetterTemplate.objects.filter(organisation=organisation, usual=key).delete()[0])
