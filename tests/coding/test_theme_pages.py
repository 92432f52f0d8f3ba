"""The pages of themes as colleagues see them."""

import re
import subprocess
import sys
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gloed.base.models import Team
from gloed.coding.models import HumanCode, Mention
from gloed.coding.operations import codebook as books
from gloed.coding.operations.codebook import draft_of
from gloed.coding.operations.preview import preview_draft
from tests.coding.conftest import NOW

pytestmark = pytest.mark.django_db


def get(client, name, *args, query="", **headers):
    answer = client.get(
        reverse(f"coding:{name}", args=args) + query, headers={"accept-language": "en", **headers}
    )
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def answered(say, codebook, code):
    """Six promoters, of whom five find it expensive, and five detractors who praise the staff."""
    for place in range(5):
        say("Too expensive, mail me at a@example.org", 9, at=NOW - timedelta(days=40 * place))
        say("Friendly staff, Too Expensive", 2)
    say("Lovely", 10)
    code()


def test_an_empty_page_teaches_and_starts(alice, organisation):
    assert reverse("coding:start") in get(alice, "themes")
    answer = alice.post(reverse("coding:start"), {"packs": ["retail"], "languages": ["nl", "en"]})
    assert answer.url == reverse("coding:themes")
    text = get(alice, "themes")
    assert "Reading answers" in text
    assert "Nothing was read yet" in text
    organisation.codebook.refresh_from_db()
    assert organisation.codebook.packs == ["retail"]


def test_who_may_not_edit_is_told_whom_to_ask(client_of, organisation):
    text = get(client_of(organisation, "frontline"), "themes")
    assert "Ask an analyst" in text
    assert reverse("coding:start") not in text


def test_shares_stand_with_their_interval_and_their_base(alice, answered):
    text = get(alice, "themes")
    assert "Share of 11 answers in words" in text
    assert "91%" in text
    assert "(62% to 98%)" in text
    assert "What promoters criticise" in text


def test_each_group_is_counted_by_itself(alice, answered):
    promoters = get(alice, "themes", query="?who=promoters")
    assert "Share of 6 answers in words" in promoters
    assert "Staff and service" not in promoters
    assert "No answers in words" in get(alice, "themes", query="?who=passives")


def test_groups_that_are_too_small_are_not_told(alice, organisation, answered):
    organisation.minimum_group = 6
    organisation.save()
    text = get(alice, "themes")
    assert "Price and value" in text
    assert "Staff and service" not in text
    assert "are not shown" in text or "is not shown" in text
    detail = get(alice, "theme", "staff_attitude")
    assert "Too few answers name it here" in detail
    assert "Friendly" not in detail


def test_a_theme_quotes_what_was_said_masked_and_marked(alice, answered):
    text = get(alice, "theme", "price_value")
    assert "<mark>Too expensive</mark>, mail me at [e-mail]" in text
    assert "a@example.org" not in text
    assert reverse("coding:edit", args=["price_value"]) in text


def test_frontline_sees_the_own_teams_only(client_of, organisation, say, codebook, code):
    team = Team.objects.create(organisation=organisation, name="Zuid")
    for _ in range(5):
        say("Too expensive, ours", 2, team=team)
        other = say("Too expensive, theirs", 2)
    code()
    client = client_of(organisation, "frontline", teams=[team])
    assert "Share of 5 answers in words" in get(client, "themes")
    text = get(client, "theme", "price_value")
    assert "ours" in text
    assert "theirs" not in text
    assert client.get(reverse("coding:words", args=[other.response.public_id])).status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_the_table_asks_the_same_however_much_was_said(
    alice, say, codebook, code, django_assert_num_queries, rows
):
    for _ in range(4 + rows):
        say("Too expensive, friendly staff, slow website, long wait", 9)
    code()
    get(alice, "themes")
    with django_assert_num_queries(18):
        get(alice, "themes")


def test_words_of_an_answer_are_changed_by_hand(alice, say, codebook, code):
    answer = say("Too expensive", 2)
    code()
    identity = answer.response.public_id
    url = reverse("coding:change_words", args=[identity])
    assert "Price and value" in get(alice, "words", identity)
    fragment = alice.post(url, {"remove": "price_value"}, headers={"HX-Request": "true"})
    assert fragment.content.decode().lstrip().startswith("<div")
    alice.post(url, {"add": "website_app"})
    alice.post(url, {"add": "made_up"})  # gone meanwhile: nothing happens
    assert set(Mention.objects.values_list("theme__key", flat=True)) == {"website_app"}
    assert HumanCode.objects.filter(is_random=False).count() == 2
    code(responses=[answer.response_id])
    assert set(Mention.objects.values_list("theme__key", flat=True)) == {"website_app"}


def test_an_edit_shows_what_it_changes_and_is_published(alice, organisation, say, codebook, code):
    say("Lovely llamas", 9)
    code()
    url = reverse("coding:edit", args=["price_value"])
    assert "expensive" in get(alice, "edit", "price_value")
    unfit = alice.post(url, {"name_en": "Price", "seeds_en": "x*"})
    assert unfit.status_code == 422
    assert draft_of(codebook) is None
    assert alice.post(url, {"name_en": "Price", "seeds_en": "llamas\npric*"}).status_code == 302
    assert "Looking what it changes" in get(alice, "codebook")
    preview_draft(organisation)
    fragment = get(alice, "preview", **{"HX-Request": "true"})
    assert "1 gains it" in fragment
    alice.post(reverse("coding:publish"))
    page = get(alice, "codebook")
    assert "Version 2 counts from now on." in page
    assert reverse("coding:restore", args=[1]) in page
    code()
    assert Mention.objects.filter(theme__key="price_value").count() == 1


def test_the_editor_opens_one_language_and_whatever_has_a_problem(alice, codebook):
    """Ten fields at once are a wall; a problem never hides under a fold."""
    opened = '<details class="fold" open>'
    page = get(alice, "edit", "price_value")
    languages = re.findall(r'name="seeds_(\w+)"', page)
    assert len(languages) > 1
    assert page.count(opened) == 1
    assert "English: Price and value" in page
    assert "Nederlands: Prijs en waarde" in page
    sent = {f"name_{each}": "Price" for each in languages} | {f"seeds_{languages[-1]}": "x*"}
    refused = alice.post(reverse("coding:edit", args=["price_value"]), sent)
    assert refused.status_code == 422
    assert refused.content.decode().count(opened) == 2


def test_a_share_that_rounds_to_none_is_told_in_words(alice, answered, monkeypatch):
    assert "under 1%" not in get(alice, "themes")
    monkeypatch.setattr("gloed.coding.views.themes.RARE", 0.99)
    page = get(alice, "themes")
    assert "under 1%" in page
    assert "10 answers" in page


def test_examples_are_edited_one_a_line(alice, codebook):
    url = reverse("coding:edit", args=["price_value"])
    page = get(alice, "edit", "price_value")
    assert "Answers that name it" in page
    said = {
        "name_en": "Price",
        "seeds_en": "price",
        "examples_en": " Too  dear. \n\nToo dear.\nCheap",
    }
    alice.post(url, {**said, "counter_examples_en": "Priceless people"})
    theme = next(t for t in draft_of(codebook).content["theme"] if t["id"] == "price_value")
    assert theme["examples"]["en"] == ["Too dear.", "Cheap"]
    assert theme["counter_examples"]["en"] == ["Priceless people"]


def test_themes_are_added_merged_split_and_removed(alice, codebook):
    alice.post(reverse("coding:add"), {"name_en": "Llamas", "seeds_en": "llama*"})
    alice.post(reverse("coding:merge", args=["llamas"]), {"into": "price_value"})
    alice.post(
        reverse("coding:split", args=["price_value"]),
        {"name_en": "Animals", "seed": ["en prefixes llama"]},
    )
    alice.post(reverse("coding:remove", args=["competitor"]))
    alice.post(reverse("coding:add_pack"), {"pack": "care"})
    keys = {theme["id"] for theme in draft_of(codebook).content["theme"]}
    assert "animals" in keys
    assert not keys & {"llamas", "competitor"}
    for _ in range(5):
        alice.post(reverse("coding:undo"))
    assert draft_of(codebook) is None


def test_a_codebook_leaves_and_comes_in_as_the_same_file(alice, codebook):
    file = alice.get(reverse("coding:export")).content
    books.remove_theme(codebook, "competitor", now=NOW)
    url = reverse("coding:bring_in")
    alice.post(url, {"file": SimpleUploadedFile("c.toml", file)})
    assert draft_of(codebook).digest == codebook.published.digest
    for bad in (b"[[theme]]\nid = 3", b"\xff\xfe"):
        answer = alice.post(url, {"file": SimpleUploadedFile("c.toml", bad)})
        assert answer.status_code == 422
    assert draft_of(codebook).digest == codebook.published.digest


def test_the_web_process_loads_nothing_to_read_answers_with():
    script = (
        "import os, sys, tempfile, django; os.environ['GLOED_DATA'] = tempfile.mkdtemp();"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'gloed.project.settings'; django.setup();"
        "from django.urls import get_resolver; get_resolver().url_patterns;"
        "heavy = {'sklearn', 'simplemma', 'py3langid', 'gloed.text.features'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
