"""Comments as they are quoted: telling, shortened, and without contact details."""

import pytest

from gloed.channels.file_report.verbatims import LONGEST, excerpt, how_telling, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Mail me at jan.de-vries+x@voor-beeld.co.uk!", "Mail me at [e-mail]!"),
        ("call 06-12345678 please", "call […] please"),
        ("bel +31 6 1234 5678.", "bel […]."),
        ("bel 0031612345678", "bel […]"),
        ("(020) 123 45 67 is mijn nummer", "[…] is mijn nummer"),
        ("ring 555-123-4567", "ring […]"),
        ("klant 12345678, contract 998877665", "klant […], contract […]"),
        ("terug op NL91 ABNA 0417 1643 00 graag", "terug op […] graag"),
        ("since 12-11-2017 or 2017-12-11, 24/7", "since 12-11-2017 or 2017-12-11, 24/7"),
        ("01-02-2026 at 10:30 I paid 1.234,50", "01-02-2026 at 10:30 I paid 1.234,50"),
        ("rated 10 of 10 in 2026", "rated 10 of 10 in 2026"),
    ],
)
def test_contact_details_are_masked_and_other_numbers_are_not(text, shown):
    assert masked(text) == shown


def test_more_said_tells_more_until_a_page_is_full():
    short, more = "The engineer never came to us.", "The engineer never came, twice, and no call."
    assert how_telling("Great!") == 0 < how_telling(short) < how_telling(more)
    assert how_telling("THE ENGINEER NEVER CAME TO US.") < how_telling(short)
    assert how_telling("The engineer never came \ufffd to us.") < how_telling(short)
    assert how_telling("1234567890 " * 5) == 0


def test_an_excerpt_ends_at_a_sentence_or_a_word():
    assert excerpt("  Two\n lines ") == "Two lines"
    long = excerpt("This sentence is repeated. " * 40)
    assert len(long) <= LONGEST + 2
    assert long.endswith("repeated. …")
    words = excerpt("word " * 200)
    assert words.endswith("word …")
    assert len(words) <= LONGEST + 2
