"""The verbatims: many different sentences, in the right language, about the right thing."""

import re
from collections import Counter
from datetime import date
from random import Random
from typing import get_args

import pytest

from gloed.channels.sample.corpus import Sentence, sentences, slips
from gloed.channels.sample.details import Details
from gloed.channels.sample.handwriting import Hand
from gloed.channels.sample.values import Language, Response, SampleOrganisation

LANGUAGES: tuple[Language, ...] = get_args(Language)
PARTS = (
    "relationship",
    "switching",
    "welcome",
    "bill",
    "phone",
    "installation",
    "outage",
    "renewal",
)
KNOWN_TAGS = {
    "dip",
    "calm",
    "recovery",
    "heatpump",
    "solar",
    "charger",
    "variable",
    "dynamic",
    "fixed",
    "business",
    "home",
    "winter",
    "longstanding",
    "long_wait",
    "short_wait",
    "low",
    "high",
} | {f"score{rating}" for rating in range(11)}
DUTCH = re.compile(r"\b(de|het|een|niet|ik|van|jullie|maar|voor|dat|wel|mijn|geen|is|op|en|te)\b")
ENGLISH = re.compile(r"\b(the|and|not|was|my|you|for|of|with|no|it|is|they|to|this|in|that|i)\b")


def _details(language: Language, seed: int = 1) -> Details:
    return Details(Random(seed), language, day=date(2026, 3, 4), years=6, wait_minutes=25)


def _long(sample: SampleOrganisation) -> list[Response]:
    return [item for item in sample.responses if len(item.verbatim) >= 40]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", [*PARTS, "common"])
def test_every_sentence_can_be_said(language: Language, part: str) -> None:
    for sentence in sentences(language, part):
        for seed in range(6):
            text = sentence.expand(Random(seed), _details(language, seed))
            assert text
            assert not re.search(r"[\[\]{}|@=]|  | ,", text), sentence.key
        for need in sentence.needs:
            assert set(need.split("|")) <= KNOWN_TAGS, sentence.key


def test_corpus_is_large_enough_not_to_show() -> None:
    dutch = sum(len(sentences("nl", part)) for part in PARTS)
    english = sum(len(sentences("en", part)) for part in PARTS)
    assert dutch >= 700
    assert english >= 400
    for language in LANGUAGES:
        for part in PARTS:
            signs = Counter(sentence.polarity for sentence in sentences(language, part))
            assert min(signs[sign] for sign in ("pos", "neg", "mid")) >= 2


def test_no_sentence_stands_twice_in_a_file() -> None:
    for language in LANGUAGES:
        for part in PARTS:
            twice = Counter(sentence.template for sentence in sentences(language, part))
            assert [text for text, times in twice.items() if times > 1] == []


def test_a_choice_may_be_nested_and_a_detail_stays_the_same_within_one_text() -> None:
    sentence = Sentence("x", "[a [b|b]|a b] {large} {large}", "t", "neg", frozenset())
    first, letter, *amounts = sentence.expand(Random(1), _details("nl")).split(" ", 2)
    assert (first, letter) == ("a", "b")
    half = len(amounts[0]) // 2
    assert amounts[0][:half].strip() == amounts[0][half:].strip()


def test_an_unknown_detail_is_told() -> None:
    with pytest.raises(KeyError, match="colour"):
        _details("en")("colour")


def test_a_condition_with_two_ways_needs_one_of_them() -> None:
    sentence = Sentence("x", "x", "t", "mid", frozenset({"home", "score7|score8"}))
    assert sentence.may_be_said(frozenset({"home", "score8"}))
    assert not sentence.may_be_said(frozenset({"home", "score9"}))
    assert not sentence.may_be_said(frozenset({"score7"}))


def test_few_long_verbatims_are_exact_duplicates(sample: SampleOrganisation) -> None:
    texts = [item.verbatim.lower() for item in _long(sample)]
    assert len(texts) > 2_000
    assert 1 - len(set(texts)) / len(texts) < 0.03


def test_no_beginning_is_worn_out(sample: SampleOrganisation) -> None:
    """No first thirty letters of long verbatims come by more than a few times."""
    beginnings = Counter(item.verbatim[:30].lower() for item in _long(sample))
    assert max(beginnings.values()) <= 15


def test_no_verbatim_shows_how_it_was_made(sample: SampleOrganisation) -> None:
    for item in sample.responses:
        assert not re.search(r"[\[\]{}|@=]", item.verbatim)
        assert "nan" not in item.verbatim.lower().split()
        assert item.verbatim == item.verbatim.strip()


def test_no_verbatim_holds_an_address_or_a_number_one_could_call(
    sample: SampleOrganisation,
) -> None:
    for item in sample.responses:
        assert not re.search(r"https?:|www\.|\w@\w|(?:\d[ -]?){9,}", item.verbatim)


def test_verbatims_are_in_the_language_of_the_person(sample: SampleOrganisation) -> None:
    languages = {person.public_id: person.language for person in sample.persons}
    wrong = 0
    for item in _long(sample):
        assert item.language == languages[item.person_id]
        text = item.verbatim.lower()
        dutch, english = len(DUTCH.findall(text)), len(ENGLISH.findall(text))
        wrong += (dutch > english) != (item.language == "nl") and dutch != english
    assert wrong / len(_long(sample)) < 0.02


def test_verbatims_speak_of_their_own_touchpoint(sample: SampleOrganisation) -> None:
    for item in sample.responses:
        themes = {s.theme for s in sentences(item.language, item.survey)} | {"general"}
        assert {mention.theme for mention in item.mentions} <= themes
        assert bool(item.mentions) == bool(item.verbatim)
        product = dict(item.attributes)["product"]
        if re.search(r"\b(warmtepomp|heat pump)\b", item.verbatim.lower()):
            assert product == "Warmtepomp"
        if re.search(r"\bzonnepanelen\b", item.verbatim.lower()) and item.survey == "installation":
            assert product == "Zonnepanelen"


def test_talk_of_long_waits_fits_the_wait(sample: SampleOrganisation) -> None:
    for item in sample.responses:
        if item.survey == "phone" and any(
            mention.theme == "waiting" and mention.polarity == "neg" for mention in item.mentions
        ):
            assert int(dict(item.attributes)["wait_minutes"]) >= 12


def test_lengths_and_hands_vary(sample: SampleOrganisation) -> None:
    texts = [item.verbatim for item in sample.responses if item.verbatim]
    lengths = sorted(map(len, texts))
    assert lengths[len(lengths) // 10] < 15
    assert lengths[9 * len(lengths) // 10] > 120
    lower = sum(text == text.lower() for text in texts) / len(texts)
    assert 0.15 < lower < 0.45
    assert any(text.isupper() and len(text) > 30 for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_careful_hand_makes_no_slips_and_a_careless_one_does(language: Language) -> None:
    careful = Hand(False, ".", ". ", 1.0, False, 1.0)
    careless = Hand(False, ".", ". ", 0.0, False, 1.0)
    meant = slips(language)[0][0]
    text = f"Xx {meant} xx verbruiksmeter xx"
    assert careful.write(Random(4), text, language, "desktop") == text
    assert any(careless.write(Random(seed), text, language, "desktop") != text for seed in range(9))


def test_a_hand_belongs_to_a_person() -> None:
    assert Hand.of(5, 17) == Hand.of(5, 17)
    assert len({Hand.of(5, number) for number in range(30)}) > 20
