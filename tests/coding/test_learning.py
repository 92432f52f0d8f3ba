"""Models learned from the random sample: used where they are better, and honest about it."""

import pytest
from django.urls import reverse

from gloed.base.jobs import JobRun
from gloed.base.models import Job
from gloed.base.worker import run_until_idle
from gloed.coding import tasks
from gloed.coding.models import CodedVerbatim, Mention, ModelBlob
from gloed.coding.operations.coding import code_stale
from gloed.coding.operations.fitting import fit_organisation, learned_keys, reader_of
from gloed.coding.operations.review import next_answer, record_review
from gloed.coding.quality import checked_sample
from tests.coding.conftest import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(organisation, say, codebook, code):
    """90 answers of which a third speak of price in words that the codebook does not know."""
    for place in range(90):
        odd = f"The gizmotariff of box {place} was odd" if place % 3 == 0 else f"Box {place} sings"
        say(odd, place % 11)
    code()
    while (coded := next_answer(organisation)) is not None:
        is_price = "gizmotariff" in coded.answer.verbatim
        record_review(coded, {"price_value"} if is_price else set(), staff=None, now=NOW)
    return organisation


def test_a_theme_is_learned_and_all_history_is_read_again(reviewed, say):
    before = reader_of(reviewed)
    assert fit_organisation(reviewed, now=NOW)
    assert reader_of(reviewed) != before
    assert learned_keys(reviewed) == {"price_value"}
    say("That gizmotariff again", 2)
    code_stale(reviewed)
    found = Mention.objects.filter(theme__key="price_value", source="model")
    assert found.get().probability > 0.5
    assert not CodedVerbatim.objects.exclude(reader=reader_of(reviewed)).exists()
    sample = checked_sample(reviewed).samples["price_value"]
    assert (sample.right, sample.missed) >= (25, 0)  # by models that had not seen the answer


def test_what_an_earlier_edition_read_is_read_again_within_a_day(say, codebook, code, monkeypatch):
    say("Too expensive", 2)
    assert code() == 1
    every_day = Job(kind=tasks.DAILY)
    asked = Job.objects.filter(kind=tasks.RECODE)
    asked.delete()  # by the start of the codebook, and done above
    tasks.every_day(JobRun(every_day))
    assert not asked.exists()
    monkeypatch.setattr("gloed.coding.operations.fitting.EDITION", "another")
    tasks.every_day(JobRun(every_day))
    assert asked.count() == 1
    assert code() == 1
    assert code() == 0


def test_it_is_not_learned_again_without_more_codes(reviewed):
    assert fit_organisation(reviewed, now=NOW)
    digest = ModelBlob.objects.get().digest
    assert not fit_organisation(reviewed, now=NOW)
    assert ModelBlob.objects.get().digest == digest


def test_chance_is_not_learned(organisation, say, codebook, code):
    for place in range(80):
        say(f"Box number {place} sings", place % 11)
    code()
    for place in range(80):
        coded = next_answer(organisation)
        record_review(coded, {"price_value"} if place % 4 == 0 else set(), staff=None, now=NOW)
    fit_organisation(organisation, now=NOW)
    quality = checked_sample(organisation).samples["price_value"]
    code_stale(organisation)
    after = checked_sample(organisation).samples["price_value"]
    assert quality.right == 0
    assert after.right <= 20  # what it says of answers it learned from is not what it learned


def test_the_worker_does_it(alice, reviewed):
    alice.post(reverse("coding:look"))
    run_until_idle()
    assert ModelBlob.objects.get().codes == 90
    page = alice.get(reverse("coding:review")).content.decode()
    assert "learned from you" in page
