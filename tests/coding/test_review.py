"""The random sample: who is asked for, what is kept, and what it tells of the machine."""

from collections import Counter

import pytest
from django.urls import reverse

from gloed.coding.models import CodedVerbatim, HumanCode, Mention, Review
from gloed.coding.operations.by_hand import set_theme
from gloed.coding.operations.review import next_answer, record_review
from gloed.coding.quality import qualities
from tests.coding.conftest import NOW

pytestmark = pytest.mark.django_db


def test_every_group_keeps_its_share_of_the_sample(organisation, say, codebook, code):
    for place in range(40):
        say("Too expensive", 9 if place < 20 else 2, language="nl" if place % 4 == 0 else "en")
    code()
    groups = Counter()
    for _ in range(20):
        coded = next_answer(organisation)
        groups[coded.score_class, coded.language] += 1
        record_review(coded, set(), staff=None, now=NOW)
    assert set(groups.values()) <= {2, 3, 7, 8}
    assert groups.total() == Review.objects.count() == 20


def test_nothing_is_left_when_all_are_reviewed(organisation, say, codebook, code):
    assert next_answer(organisation) is None
    say("Too expensive", 9)
    code()
    record_review(next_answer(organisation), {"price_value"}, staff=None, now=NOW)
    assert next_answer(organisation) is None


def test_what_is_kept_counts_and_stays_apart_from_other_edits(organisation, say, codebook, code):
    answer = say("Too expensive", 9)
    code()
    set_theme(answer, "website_app", is_present=True, staff=None, now=NOW)
    coded = next_answer(organisation)
    record_review(coded, {"food"}, staff=None, now=NOW)
    record_review(coded, {"food"}, staff=None, now=NOW)  # twice is harmless
    decided = set(HumanCode.objects.values_list("theme__key", "is_present", "is_random"))
    assert decided == {
        ("website_app", True, False),
        ("food", True, True),
        ("price_value", False, True),
    }
    assert set(Mention.objects.values_list("theme__key", flat=True)) == {"website_app", "food"}


def test_fifty_reviews_tell_how_often_it_is_right(organisation, alice, say, codebook, code):
    for place in range(50):
        say("Too expensive" if place < 40 else "Blah blah blah", 5)
    code()
    assert qualities(organisation) == []
    seen = 0
    while (coded := next_answer(organisation)) is not None:
        is_right = "price_value" in coded.machine and seen < 20
        seen += is_right
        record_review(coded, {"price_value"} if is_right else set(), staff=None, now=NOW)
    (price,) = [one for one in qualities(organisation) if one.theme.key == "price_value"]
    assert price.precision.value == 0.5
    assert (round(price.precision.low, 3), round(price.precision.high, 3)) == (0.352, 0.648)
    assert price.recall.value == 1
    assert price.is_rough
    page = alice.get(reverse("coding:review"), headers={"accept-language": "en"})
    assert "rough" in page.content.decode()


def test_the_page_asks_without_telling_what_was_found(alice, say, codebook, code):
    say("Too expensive, a@example.org", 9)
    code()
    page = alice.get(reverse("coding:review"), headers={"accept-language": "en"}).content.decode()
    assert "Too expensive, [e-mail]" in page
    assert "checked" not in page
    coded = CodedVerbatim.objects.get()
    alice.post(
        reverse("coding:keep", args=[coded.public_id]), {"theme": ["price_value", "made_up"]}
    )
    assert HumanCode.objects.filter(is_random=True, is_present=True).count() == 1
