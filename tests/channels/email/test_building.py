"""Building a mail from blocks: without a script every button works, and nothing is kept unasked."""

import json
import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from gloed.channels.email import designs
from gloed.channels.email.models import MailDesign
from gloed.channels.email.rules import blocks as rules
from gloed.channels.email.rules.blocks import (
    USUAL,
    Block,
    BlockKind,
    Design,
    Trouble,
    as_json,
    from_json,
    troubles_of,
)
from gloed.channels.email.rules.marks import as_plain, paragraphs_of
from tests.channels.email.post_office import free_port, give_logo

FORM = re.compile(r'name="block" value="([^"]+)"')


def address(survey, name="words", **more):
    return reverse(f"email:{name}", kwargs={"survey_id": survey.public_id, **more})


def form_of(design, **more):
    """What the builder's form sends for a design."""
    sent = {"block": [f"{block.key}:{block.kind}" for block in design.blocks]}
    for block in design.blocks:
        sent |= {f"{block.key}-{code}": words for code, words in block.words.items()}
        sent |= {f"{block.key}-when": block.when.value, f"{block.key}-part": block.part}
        sent[f"{block.key}-detail"] = block.detail
    return sent | more


def order_of(page):
    return [entry.partition(":")[0] for entry in FORM.findall(page.text)]


def kept(survey):
    return designs.find(survey.pk, survey.organisation_id).design


USUAL_KEYS = ["logo", "opening", "reminder", "scale", "closing", "footer"]


def test_it_opens_with_the_usual_mail(alice, survey):
    page = alice.get(address(survey))
    assert order_of(page) == USUAL_KEYS
    assert "One question from Noorderlicht Energie" in page.text
    assert "Eén vraag van Noorderlicht Energie" in page.text


@pytest.mark.parametrize(
    ("deed", "order"),
    [
        ("up:scale", ["logo", "opening", "scale", "reminder", "closing", "footer"]),
        ("down:opening", ["logo", "reminder", "opening", "scale", "closing", "footer"]),
        ("up:logo", USUAL_KEYS),
        ("down:closing", USUAL_KEYS),
        ("up:footer", USUAL_KEYS),
        ("remove:footer", USUAL_KEYS),
        ("remove:reminder", ["logo", "opening", "scale", "closing", "footer"]),
        ("up:made-up", USUAL_KEYS),
    ],
)
def test_a_button_changes_the_page_and_keeps_nothing(alice, survey, deed, order):
    page = alice.post(address(survey), form_of(USUAL, do=deed, subject_nl="x"))
    assert (page.status_code, order_of(page)) == (200, order)
    assert not MailDesign.objects.exists()


def test_words_that_were_typed_are_still_there_after_a_move(alice, survey):
    sent = form_of(USUAL, do="up:scale") | {"opening-nl": "Getypt <maar> niet bewaard"}
    assert "Getypt &lt;maar&gt; niet bewaard" in alice.post(address(survey), sent).text


def test_what_was_taken_away_can_be_put_back(alice, survey):
    sent = form_of(USUAL, do="remove:closing") | {"closing-nl": "Groet"}
    page = alice.post(address(survey), sent)
    removed = page.context["removed"].as_text()
    rest = rules.without(USUAL, "closing")
    page = alice.post(address(survey), form_of(rest, do="put_back", removed=removed))
    assert order_of(page) == USUAL_KEYS
    assert "Groet" in page.text
    for nonsense in ("", "[]", "{", '{"place": "x"}'):
        again = alice.post(address(survey), form_of(rest, do="put_back", removed=nonsense))
        assert order_of(again) == [key for key in USUAL_KEYS if key != "closing"]


def test_a_block_is_added_above_the_footer(alice, survey):
    page = alice.post(address(survey), form_of(USUAL, do="add", new="button"))
    assert order_of(page) == [*USUAL_KEYS[:-1], "button1", "footer"]
    for refused in ("scale", "footer", "made-up"):
        page = alice.post(address(survey), form_of(USUAL, do="add", new=refused))
        assert order_of(page) == USUAL_KEYS


def test_keeping_undoing_and_going_back(alice, survey):
    sent = form_of(USUAL, do="keep") | {"opening-nl": "Van ons", "subject-en": "How was it?"}
    page = alice.post(address(survey), sent, follow=True)
    assert reverse("email:undo", args=[survey.public_id]) in page.text
    assert kept(survey).find("opening").words["nl"] == "Van ons"
    assert kept(survey).heads["subject"]["en"] == "How was it?"
    alice.post(address(survey, "undo"))
    assert kept(survey) == USUAL
    alice.post(address(survey, "undo"))
    assert kept(survey).find("opening").words["nl"] == "Van ons"
    alice.post(address(survey), form_of(USUAL, do="reset"))
    assert kept(survey) == USUAL
    alice.post(address(survey, "undo"))
    assert kept(survey).find("opening").words["nl"] == "Van ons"


def test_a_mail_for_all_surveys(alice, survey, organisation):
    sent = form_of(USUAL, do="keep_for_all") | {"opening-nl": "Voor alles"}
    alice.post(address(survey), sent)
    assert kept(survey).find("opening").words["nl"] == "Voor alles"
    assert MailDesign.objects.get().survey is None
    alice.post(address(survey), form_of(USUAL, do="keep") | {"opening-nl": "Alleen hier"})
    assert kept(survey).find("opening").words["nl"] == "Alleen hier"
    alice.post(address(survey), form_of(USUAL, do="reset"))
    assert kept(survey).find("opening").words["nl"] == "Voor alles"


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ({"reply_to": "nobody"}, "reply_to"),
        ({"sender": "me@elsewhere.example"}, "sender"),
        ({"opening-nl": "x" * 2001}, "opening"),
        ({"subject-nl": "x" * 151}, "subject"),
        ({"footer-detail": "x" * 301}, "footer"),
    ],
)
def test_what_cannot_be_kept_is_told_beside_its_field(alice, survey, sent, key):
    page = alice.post(address(survey), form_of(USUAL, do="keep") | sent)
    assert page.status_code == 422
    assert list(page.context["troubles"]) == [key]
    assert page.context["troubles"][key].replace("'", "&#x27;") in page.text
    assert not MailDesign.objects.exists()


def test_a_mail_that_nobody_can_answer_is_not_kept(alice, survey):
    dead = rules.without(USUAL, "scale")
    assert alice.post(address(survey), form_of(dead, do="keep")).status_code == 422
    button = rules.with_block(dead, Block("b", BlockKind.BUTTON, detail="javascript:alert(1)"), 1)
    assert dict(troubles_of(button, domain="a.nl")) == {"b": Trouble.NO_ADDRESS}


def test_the_preview_is_the_mail(alice, survey):
    page = alice.get(address(survey, "preview", language="nl"))
    assert "Dag Owner," in page.text
    assert page["X-Frame-Options"] == "SAMEORIGIN"
    text = alice.get(address(survey, "preview", language="nl") + "?text&reminder").text
    assert text.startswith("Dag Owner,")
    assert "nog eens" in text
    assert alice.get(address(survey, "preview", language="fr")).status_code == 404


def test_the_preview_shows_what_is_typed_and_keeps_nothing(alice, survey):
    give_logo(survey)
    sent = form_of(USUAL, language="en", view="dark", mail="first") | {"opening-en": "So **this**"}
    page = alice.post(address(survey, "preview", language="nl"), sent)
    assert "So <strong>this</strong>" in page.text
    assert ":root{color-scheme:only dark}" in page.text
    assert "data:image/png;base64," in page.text
    text = alice.post(address(survey, "preview", language="nl"), sent | {"view": "text"}).text
    assert "So this" in text
    assert not MailDesign.objects.exists()


def test_a_test_goes_to_oneself_alone(alice, office, survey):
    alice.post(address(survey, "test"), {"language": "nl"}, follow=True)
    alice.post(address(survey, "test"), {"language": "en", "mail": "reminder"}, follow=True)
    subjects = [mail["Subject"] for _to, mail in office.mails]
    assert subjects == [
        "[Test] Eén vraag van Noorderlicht Energie",
        "[Test] Still welcome: your answer to Noorderlicht Energie",
    ]
    assert set(office.addresses) == {f"owner-{survey.organisation_id}@example.org"}
    assert "/u/example/" in office.mails[0][1]["List-Unsubscribe"]


def test_a_test_that_cannot_leave_says_so(alice, office, survey, settings):
    settings.EMAIL_PORT = free_port()
    said = alice.post(address(survey, "test"), follow=True, headers={"accept-language": "nl"})
    assert "niets verloren" in said.text


words = st.dictionaries(st.sampled_from(["nl", "en"]), st.text(max_size=30), max_size=2)
blocks = st.lists(
    st.builds(
        Block,
        key=st.text("abc", min_size=1, max_size=2),
        kind=st.sampled_from(BlockKind),
        words=words,
        detail=st.text(max_size=10),
    ),
    max_size=30,
)


@given(blocks)
def test_every_design_has_one_footer_at_the_end_and_keys_once(made):
    tidy = rules.tidied(made)
    keys = rules.keys_in_order(tidy)
    assert [block.kind for block in tidy].count(BlockKind.FOOTER) == 1
    assert tidy[-1].kind is BlockKind.FOOTER
    assert len(tidy) <= rules.MOST_BLOCKS
    assert len(set(keys[:-1])) == len(keys[:-1])
    assert rules.tidied(tidy) == tidy


@given(blocks, words)
def test_a_design_is_kept_as_it_was(made, subject):
    design = Design(rules.tidied(made), {"subject": subject}, "a@b.nl", "c@d.nl")
    assert from_json(json.loads(json.dumps(as_json(design)))) == design


@given(st.text(max_size=200))
def test_no_text_loses_its_words(text):
    shown = as_plain(paragraphs_of(text))
    letters = [letter for letter in text if letter.isalnum()]
    assert [letter for letter in shown if letter.isalnum()] == letters


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//a.nl", 'https://a"b', "https://a b"]
)
def test_no_mark_makes_a_link_of_what_is_none(address):
    [[line]] = paragraphs_of(f"[x]({address})")
    assert [run.address for run in line if run.address] == []
