"""The codebook: drafts, versions, undo, merging, splitting, packs, files, and what a draft does."""

import pytest

from gloed.base.models import AuditEntry, Job
from gloed.coding.models import Mention, Theme
from gloed.coding.operations import codebook as books
from gloed.coding.operations.codebook import ThemeWords, draft_of
from gloed.coding.operations.preview import find_terms, preview_draft
from gloed.coding.rules import editing
from gloed.coding.rules.editing import EditRefused, Refused
from gloed.text import BadCodebook, read_codebook, shipped_codebook, write_codebook
from tests.coding.conftest import NOW

pytestmark = pytest.mark.django_db


def keys_of(codebook):
    version = draft_of(codebook) or codebook.published
    return [theme["id"] for theme in version.content["theme"]]


def theme_in(codebook, key):
    return editing.theme_of((draft_of(codebook) or codebook.published).content, key)


def test_it_starts_with_the_core_and_the_chosen_packs(organisation):
    codebook = books.start(organisation, packs=["retail", "made-up"], now=NOW)
    assert codebook.published.number == 1
    assert codebook.packs == ["retail"]
    assert keys_of(codebook) == [theme.id for theme in shipped_codebook("retail").themes]
    assert codebook.published.digest == shipped_codebook("retail").version
    assert Theme.objects.filter(is_live=True).count() == len(keys_of(codebook))
    assert Job.objects.filter(kind="coding.recode").count() == 1
    assert books.start(organisation, now=NOW) == codebook  # a second time is harmless
    assert AuditEntry.objects.filter(action="coding.start").count() == 1


def test_languages_that_are_not_wanted_leave_their_seeds_behind(organisation):
    codebook = books.start(organisation, languages=["nl"], now=NOW)
    seeds = [set(theme.get("seeds", {})) for theme in codebook.published.content["theme"]]
    assert {frozenset(each) for each in seeds} == {frozenset({"nl"})}


def test_an_edit_makes_a_draft_and_the_published_version_codes_on(codebook):
    before = codebook.published.content
    books.edit_theme(codebook, "price_value", ThemeWords(names={"en": "Money"}), now=NOW)
    draft = draft_of(codebook)
    assert (draft.number, draft.published_at) == (2, None)
    assert theme_in(codebook, "price_value")["names"]["en"] == "Money"
    codebook.refresh_from_db()
    assert codebook.published.content == before
    assert Theme.objects.get(key="price_value").names["en"] != "Money"


def test_publishing_freezes_and_has_history_coded_anew(codebook):
    Job.objects.all().delete()
    books.edit_theme(codebook, "price_value", ThemeWords(names={"en": "Money"}), now=NOW)
    published = books.publish(codebook, now=NOW)
    codebook.refresh_from_db()
    assert codebook.published == published
    assert draft_of(codebook) is None
    assert Theme.objects.get(key="price_value").names["en"] == "Money"
    assert Job.objects.filter(kind="coding.recode").count() == 1
    assert books.publish(codebook, now=NOW) is None  # there is nothing more to publish


def test_every_edit_goes_back_one_by_one(codebook):
    before = codebook.published.content
    books.edit_theme(codebook, "price_value", ThemeWords(names={"en": "Money"}), now=NOW)
    books.remove_theme(codebook, "competitor", now=NOW)
    assert books.undo(codebook, now=NOW)
    assert "competitor" in keys_of(codebook)
    assert theme_in(codebook, "price_value")["names"]["en"] == "Money"
    assert books.undo(codebook, now=NOW)
    assert draft_of(codebook) is None  # as it was: no draft is left
    assert codebook.published.content == before
    assert not books.undo(codebook, now=NOW)


def test_saving_without_a_change_makes_no_draft(codebook):
    same = theme_in(codebook, "price_value")
    words = ThemeWords(names=same["names"], parent=same.get("parent", ""))
    books.edit_theme(codebook, "price_value", words, now=NOW)
    assert draft_of(codebook) is None


def test_merging_brings_the_seeds_along(codebook):
    gone = theme_in(codebook, "discounts")["seeds"]["en"]["words"]
    books.merge_theme(codebook, "discounts", "price_value", now=NOW)
    assert "discounts" not in keys_of(codebook)
    assert set(gone) <= set(theme_in(codebook, "price_value")["seeds"]["en"]["words"])
    with pytest.raises(EditRefused) as refused:
        books.merge_theme(codebook, "price_value", "price_value", now=NOW)
    assert refused.value.reason is Refused.SAME


def test_splitting_makes_a_theme_of_chosen_seeds(codebook):
    words = theme_in(codebook, "price_value")["seeds"]["en"]["words"]
    made = books.split_theme(
        codebook,
        "price_value",
        names={"en": "Too dear"},
        lines={f"en words {words[0]}", f"en words {words[1]}"},
        now=NOW,
    )
    assert made == "too_dear"
    assert theme_in(codebook, made)["seeds"] == {"en": {"words": words[:2]}}
    assert not set(words[:2]) & set(theme_in(codebook, "price_value")["seeds"]["en"]["words"])
    with pytest.raises(EditRefused) as refused:
        books.split_theme(codebook, "price_value", names={"en": "X"}, lines=set(), now=NOW)
    assert refused.value.reason is Refused.NO_SEEDS


def test_a_theme_cannot_become_its_own_ancestor(codebook):
    child = books.add_theme(
        codebook, ThemeWords(names={"en": "Fees"}, parent="price_value"), now=NOW
    )
    with pytest.raises(EditRefused) as refused:
        books.edit_theme(
            codebook, "price_value", ThemeWords(names={"en": "P"}, parent=child), now=NOW
        )
    assert refused.value.reason is Refused.OWN_PARENT
    books.remove_theme(codebook, "price_value", now=NOW)
    assert "parent" not in theme_in(codebook, child)


def test_a_bad_seed_is_refused_and_nothing_is_kept(codebook):
    words = ThemeWords(names={"en": "Short"}, seeds={"en": {"prefixes": ["x"]}})
    with pytest.raises(EditRefused) as refused:
        books.add_theme(codebook, words, now=NOW)
    assert refused.value.problems
    assert draft_of(codebook) is None


def test_a_key_is_never_given_twice(codebook):
    first = books.add_theme(codebook, ThemeWords(names={"en": "Café"}), now=NOW)
    books.publish(codebook, now=NOW)
    books.remove_theme(codebook, first, now=NOW)
    books.publish(codebook, now=NOW)
    assert books.add_theme(codebook, ThemeWords(names={"en": "Cafe"}), now=NOW) == "cafe_2"


def test_a_pack_comes_later_without_bringing_back_what_was_removed(codebook):
    books.remove_theme(codebook, "waiting_time", now=NOW)
    books.add_pack(codebook, "retail", now=NOW)
    assert "checkout_tills" in keys_of(codebook)
    assert "waiting_time" not in keys_of(codebook)
    assert "parent" not in theme_in(codebook, "checkout_tills")
    with pytest.raises(EditRefused):
        books.add_pack(codebook, "made-up", now=NOW)


def test_what_is_exported_comes_in_again_as_the_same(codebook):
    text = write_codebook(editing.as_codebook(codebook.published.content))
    books.remove_theme(codebook, "competitor", now=NOW)
    books.import_text(codebook, text, now=NOW)
    assert draft_of(codebook).digest == codebook.published.digest
    assert read_codebook(text).version == codebook.published.digest
    with pytest.raises(BadCodebook):
        books.import_text(codebook, "[[theme]]\nid = 3", now=NOW)


def test_an_earlier_version_comes_back_as_a_new_one(codebook):
    first = codebook.published.digest
    books.remove_theme(codebook, "competitor", now=NOW)
    books.publish(codebook, now=NOW)
    books.edit_theme(codebook, "price_value", ThemeWords(names={"en": "Money"}), now=NOW)
    restored = books.restore(codebook, 1, now=NOW)
    assert (restored.number, restored.digest) == (3, first)
    assert draft_of(codebook).number == 4  # what was being edited is still there
    assert Theme.objects.get(key="competitor").is_live
    with pytest.raises(EditRefused):
        books.restore(codebook, 99, now=NOW)


def test_a_preview_counts_who_gains_and_who_loses(organisation, say, codebook, code):
    for text in ("Too expensive", "Too expensive", "Lovely llamas"):
        say(text, 5)
    code()
    words = ThemeWords(names={"en": "Price"}, seeds={"en": {"words": ["llamas"], "prefixes": []}})
    books.edit_theme(codebook, "price_value", words, now=NOW)
    draft = preview_draft(organisation)
    draft.refresh_from_db()
    assert draft.preview["n"] == 3
    assert draft.preview["themes"]["price_value"] == [1, 2]
    assert draft.preview_digest == draft.digest
    assert Mention.objects.filter(theme__key="price_value").count() == 2  # nothing is changed yet


def test_terms_tell_a_theme_apart(organisation, say, codebook, code):
    for _ in range(25):
        say("Much too expensive subscription", 2)
        say("Friendly staff at the desk", 9)
    code()
    find_terms(organisation)
    terms = [term for term, _count in Theme.objects.get(key="price_value").terms]
    assert any("subscription" in term for term in terms)
    assert not any("staff" in term for term in terms)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Prix élevé!", "prix_eleve"),
        ("24 uur", "theme_24_uur"),
        ("☕", "theme"),
        ("Price", "price_2"),
    ],
)
def test_keys_are_made_of_names(name, key):
    assert editing.new_key({"theme": [{"id": "price"}]}, name) == key
