"""Dutch is first class: no sentence without it, none left over, every placeholder kept."""

import gettext
import re
from collections import defaultdict
from pathlib import Path

import pytest
from django import conf
from django.utils import translation
from django.utils.dates import MONTHS, MONTHS_3, WEEKDAYS

from tests.translations.messages import SOURCE, catalogue_of, rooms, sentences_of

ROOMS = [pytest.param(room, id=str(room.relative_to(SOURCE))) for room in rooms()]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd%]|\{\w*\}")


def translated(room):
    """Message → its Dutch forms."""
    for message in catalogue_of(room, "nl"):
        if message.id and not message.fuzzy:
            singular = message.id if isinstance(message.id, str) else message.id[0]
            forms = (message.string,) if isinstance(message.string, str) else message.string
            if all(forms):
                yield singular, message.id, forms


@pytest.mark.parametrize("room", ROOMS)
def test_every_sentence_has_its_dutch(room):
    missing = sentences_of(room) - {singular for singular, _id, _forms in translated(room)}
    assert sorted(missing) == []


@pytest.mark.parametrize("room", ROOMS)
def test_no_translation_is_left_over(room):
    extra = {singular for singular, _id, _forms in translated(room)} - sentences_of(room)
    assert sorted(extra) == []


def test_a_sentence_has_the_same_dutch_in_every_room():
    """Of two translations one is shown everywhere; where the meaning differs, a context says so."""
    found = defaultdict(lambda: defaultdict(list))
    for room in rooms():
        for message in catalogue_of(room, "nl"):
            if message.id:
                found[message.context, message.id][message.string].append(room.name)
    assert {key: dict(forms) for key, forms in found.items() if len(forms) > 1} == {}


def test_no_word_of_ours_stands_in_for_a_month_or_a_day():
    """Django's dates look their names up in the same place: "May" was once what a key may do."""
    theirs = gettext.translation("django", Path(conf.__file__).parent / "locale", ["nl"]).gettext
    with translation.override(None):
        named = {str(name) for names in (MONTHS, MONTHS_3, WEEKDAYS) for name in names.values()}
    ours = [m for room in rooms() for m in catalogue_of(room, "nl") if m.id in named]
    assert {m.id: m.string for m in ours if not m.context and m.string != theirs(m.id)} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_placeholders_survive_translation(room):
    for singular, identity, forms in translated(room):
        plural = identity if isinstance(identity, str) else identity[1]
        asked = set(PLACEHOLDER.findall(singular)) | set(PLACEHOLDER.findall(plural))
        for form in forms:
            assert set(PLACEHOLDER.findall(form)) <= asked, (singular, form)
        assert set(PLACEHOLDER.findall(forms[-1])) == set(PLACEHOLDER.findall(plural)), singular
