"""Masking: what is found, what is left alone, and that places stay known."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gloed.text import mask
from tests.text.strategies import answers


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Mail jan.jansen@voorbeeld.nl!", "Mail [e-mail]!"),
        ("mail jan(at)voorbeeld.nl", "mail [e-mail]"),
        ("Zie https://www.voorbeeld.nl/a?b=1.", "Zie [link]"),
        ("kijk op voorbeeld.nl voor meer", "kijk op [link] voor meer"),
        ("Bel 06-12345678 of +31 (0)20 123 45 67", "Bel [phone] of [phone]"),
        ("call 020 7946 0958 now", "call [phone] now"),
        ("klantnummer 123456789", "klantnummer [number]"),
        ("NL91 ABNA 0417 1643 00 graag", "[iban] graag"),
        ("Ik woon op 1234 AB 12a", "Ik woon op [address]"),
        ("I live at SW1A 1AA", "I live at [address]"),
        ("Kerkstraat 5 in Ede", "[address] in Ede"),
        ("12 Church Road is mine", "[address] is mine"),
        ("mevrouw de Vries hielp", "mevrouw [name] hielp"),
        ("Thanks to Mr O'Neil", "Thanks to Mr [name]"),
        ("Met vriendelijke groet, Jan van der Berg", "Met vriendelijke groet, [name]"),
        ("My name is John Smith and I", "My name is [name] and I"),
        ("Beste Karin, dank", "Beste [name], dank"),
    ],
)
def test_what_points_at_a_person_is_masked(text: str, masked: str) -> None:
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "text",
    [
        "op 21-09-2021 om 10:30",
        "2021-09-21 was fine",
        "1000 euro voor 12 maanden",
        "Beste klantenservice, dank",
        "Hi Team, thanks",
        "It works 24/7 for 9.99",
        "NL12 is geen rekening",
        "score 10/10!",
        "",
        "👍",
    ],
)
def test_what_does_not_is_left_alone(text: str) -> None:
    assert mask(text).text == text


@settings(deadline=None)
@given(answers)
def test_places_in_both_texts_belong_together(text: str) -> None:
    masked = mask(text)
    lengths = sum(len(span.kind) + 2 - (span.end - span.start) for span in masked.spans)
    assert len(masked.text) == len(text) + lengths
    places = [masked.place(at) for at in range(len(text) + 1)]
    assert places == sorted(places)
    assert places[0] == 0
    assert places[-1] == len(masked.text)
    inside = {at for span in masked.spans for at in range(span.start, span.end)}
    for at, character in enumerate(text):
        if at not in inside:
            assert masked.text[places[at]] == character


@settings(deadline=None)
@given(answers, st.integers(0, 200), st.integers(0, 200))
def test_a_cut_never_shows_a_part_of_what_is_masked(text: str, one: int, two: int) -> None:
    start, end = sorted((min(one, len(text)), min(two, len(text))))
    masked = mask(text)
    piece = masked.cut(start, end)
    assert piece in masked.text
    for span in masked.spans:
        if span.start < end and span.end > start:
            assert f"[{span.kind}]" in piece


@settings(deadline=None)
@given(answers)
def test_masking_twice_masks_nothing_more_of_the_same_kind(text: str) -> None:
    once = mask(text)
    assert all(span.kind not in {"e-mail", "iban"} for span in mask(once.text).spans)


def test_twenty_thousand_digits_do_not_take_forever() -> None:
    assert mask("1 " * 10_000).text
    assert mask("a.b" * 7_000).text
    assert mask("A" * 20_000).text
    assert mask("@" * 20_000).text == "@" * 20_000
