"""The file form of a codebook: what is read, what is refused, and that versions follow content."""

from pathlib import Path

import pytest

from gloed.text import (
    BadCodebook,
    Codebook,
    Matcher,
    Seeds,
    Theme,
    combine,
    read_codebook,
    shipped_codebook,
    shipped_names,
    write_codebook,
)

THREE = (Path(__file__).parent / "three_themes.toml").read_text(encoding="utf-8")


def test_a_file_is_read_whole() -> None:
    book = read_codebook(THREE)
    assert (book.id, [theme.id for theme in book.themes]) == (
        "three",
        ["price", "waiting", "phone_waiting"],
    )
    price = book.themes[0]
    assert price.name("de") == "Preis"
    assert price.name("fr") == "Price"
    assert price.seeds["nl"] == Seeds(
        words=("prijs", "duur", "goedkoop"),
        prefixes=("tarie", "prijsver"),
        phrases=("waar voor je geld",),
        excluded=("duur van het gesprek",),
    )
    assert book.themes[2].parent == "waiting"
    assert book.languages == ("de", "en", "nl")


def test_writing_and_reading_gives_the_same_version() -> None:
    book = read_codebook(THREE)
    assert read_codebook(write_codebook(book)) == book
    assert read_codebook(write_codebook(book)).version == book.version


@pytest.mark.parametrize("text", ['a "quote" \\ and \t tab', "emoji 🙂 and \x7f", "line\u2028end"])
def test_strange_texts_survive_writing(text: str) -> None:
    book = Codebook("own", (Theme("a", {"en": text}),))
    read = read_codebook(write_codebook(book))
    assert read.themes[0].names["en"] == " ".join(text.split())


def test_every_change_of_content_is_another_version() -> None:
    book = read_codebook(THREE)
    versions = {book.version}
    for old, new in (("duur", "prijzig"), ("Waiting time", "Queues"), ('"hold"]', '"holding"]')):
        versions.add(read_codebook(THREE.replace(old, new)).version)
    assert len(versions) == 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[theme", "not TOML"),
        ("theme = 3", "[[theme]]"),
        ("codebook = 3", "not a table"),
        ('[[theme]]\nid = "a"', "needs a name"),
        ('[[theme]]\nid = "A b"\nnames.en = "A"', "an id is"),
        ('[[theme]]\nid = "a"\nnames.en = "A"\nseed = 1', "seed is not a key"),
        ('[[theme]]\nid = "a"\nnames.en = "A"\nparent = "b"', "its parent b is not there"),
        ('[[theme]]\nid = "a"\nnames.en = "A"\n[[theme]]\nid = "a"\nnames.en = "A"', "twice"),
        ('[[theme]]\nid = "a"\nnames.en = "A"\nparent = "a"', "its own parent"),
        ('[[theme]]\nid = "a"\nnames.en = "A"\n[theme.seeds.en]\nwords = "x"', "list of texts"),
        ('[[theme]]\nid = "a"\nnames.en = "A"\n[theme.seeds.en]\nwords = ["x y"]', "not one word"),
        ('[[theme]]\nid = "a"\nnames.en = "A"\n[theme.seeds.en]\nprefixes = ["x"]', "too short"),
        ('[[theme]]\nid = "a"\nnames.en = "A"\n[theme.seeds.en]\nphrases = ["x"]', "2 to 8"),
        ('[[theme]]\nid = "a"\nnames.en = "A"\n[theme.seeds.en]\nnott = ["x"]', "kind of seed"),
        (
            '[[theme]]\nid = "a"\nnames.en = "A"\n[theme.seeds.en]\nwords = ["x"]\nnot = ["x"]',
            "at once",
        ),
        ('[[theme]]\nid = "a"\nnames = "A"', "goes by language"),
        ('[codebook]\ngeneral = "a"\n[[theme]]\nid = "a"\nnames.en = "A"', "list of ids"),
        ('[codebook]\ngeneral = ["b"]\n[[theme]]\nid = "a"\nnames.en = "A"', "b is not there"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(text: str, said: str) -> None:
    with pytest.raises(BadCodebook) as refused:
        read_codebook(text)
    assert said in str(refused.value)


def test_all_problems_are_named_at_once() -> None:
    text = '[[theme]]\nid = "a"\n[[theme]]\nid = "b"\nparent = "nobody"'
    with pytest.raises(BadCodebook) as refused:
        read_codebook(text)
    assert len(refused.value.problems) == 3


def test_a_pack_adds_seeds_to_a_known_theme_and_themes_at_the_end() -> None:
    core = read_codebook(THREE)
    text = (
        '[[theme]]\nid = "price"\nnames.en = "Fares"\n[theme.seeds.en]\nwords = ["fare"]\n'
        '[[theme]]\nid = "platform"\nparent = "waiting"\nnames.en = "Platform"'
    )
    with pytest.raises(BadCodebook):
        read_codebook(text)
    pack = read_codebook(text, name="rail", known=["waiting"])
    book = combine(core, pack)
    assert book.id == "three+rail"
    assert book.themes[0].names["en"] == "Price"
    assert book.themes[0].seeds["en"].words == ("price", "expensive", "cheap", "fare")
    assert book.themes[-1].id == "platform"
    assert read_codebook(write_codebook(book)).version == book.version


def test_what_comes_along_can_be_used() -> None:
    if "core" not in shipped_names():
        pytest.skip("the core codebook is not there yet")
    core = shipped_codebook()
    ids = [theme.id for theme in core.themes]
    for pack in shipped_names():
        book = shipped_codebook(pack)
        assert [theme.id for theme in book.themes][: len(ids)] == ids


def test_general_praise_and_blame_is_the_general_theme_of_the_core() -> None:
    general = [theme.id for theme in shipped_codebook().themes if theme.general]
    assert general == ["general_praise_blame"]


def test_a_general_theme_is_found_only_where_no_other_is() -> None:
    book = read_codebook(
        '[codebook]\ngeneral = ["all"]\n[[theme]]\nid = "all"\nnames.en = "All"\n[theme.seeds.en]\n'
        'words = ["great"]\n[[theme]]\nid = "price"\nnames.en = "Price"\n[theme.seeds.en]\n'
        'words = ["price"]'
    )
    assert read_codebook(write_codebook(book)) == book
    found = Matcher(book).find("Great. A great price.", "en")
    assert [[hit.theme for hit in hits] for _clause, hits in found] == [[0], [1]]


def test_an_unknown_pack_is_refused() -> None:
    with pytest.raises(BadCodebook, match="There is no pack nothing"):
        shipped_codebook("nothing")
