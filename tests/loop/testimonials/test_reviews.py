"""Review sites are shown to everybody who answers, alike: no score can decide who sees them."""

import inspect
import re
from dataclasses import replace

import pytest
from django.urls import reverse

from gloed.channels.link import filled
from gloed.channels.link import reviews as block
from gloed.loop.testimonials import reviews
from gloed.loop.testimonials.models import ReviewLinks
from gloed.loop.testimonials.rules import ReviewLink
from gloed.surveys import operations as surveys
from gloed.surveys.rules import Band, Metric, Thanks, ThanksWords
from tests.channels.link.conftest import Respondent
from tests.loop.testimonials.conftest import NOW

pytestmark = pytest.mark.django_db
GOOGLE = ReviewLink("Google", "https://g.page/r/abc/review")
KIYOH = ReviewLink("Kiyoh & co", "https://www.kiyoh.com/add?id=1&x=2")
BLOCK = re.compile(r'<section aria-labelledby="reviews">.*?</section>', re.DOTALL)


@pytest.fixture(autouse=True)
def _fresh():
    filled._reviews.cache_clear()
    yield
    filled._reviews.cache_clear()


@pytest.fixture
def shown(organisation):
    """Keep these links for all surveys, and let every page know."""

    def keep(*links, survey=None, is_on=True):
        reviews.keep_links(organisation, survey, links, is_on=is_on, by=None, now=NOW)
        filled._reviews.cache_clear()

    return keep


def thank_you(survey, rating, language="nl") -> str:
    """The whole last page of somebody who gave this rating."""
    somebody = Respondent(f"/s/{survey.slug}/?l={language}")
    somebody.get()
    somebody.send(rating=rating)
    return somebody.send(why="zo").text


def test_a_zero_and_a_ten_get_the_same_block_to_the_letter(survey, shown):
    shown(GOOGLE, KIYOH)
    blocks = [BLOCK.findall(thank_you(survey, rating)) for rating in range(11)]
    assert blocks == [blocks[0]] * 11
    [found] = blocks[0]
    assert found.count("<a ") == 2
    assert 'href="https://g.page/r/abc/review"' in found
    assert "https://www.kiyoh.com/add?id=1&amp;x=2" in found
    assert "Iedereen die antwoord geeft ziet dit" in found


def test_no_score_can_enter_what_chooses_the_links():
    for function in (reviews.shown_links, block.reviews_block, filled.shown_reviews):
        names = set(inspect.signature(function).parameters)
        assert names <= {"survey_id", "organisation_id", "links", "language", "survey", "now"}
    columns = {field.name for field in ReviewLinks._meta.get_fields()}
    assert columns == {"id", "organisation", "survey", "is_on", "links", "changed_at"}


def test_without_links_nothing_is_added(survey, shown):
    assert BLOCK.findall(thank_you(survey, 9)) == []
    shown(GOOGLE, is_on=False)
    assert BLOCK.findall(thank_you(survey, 9)) == []


def test_a_survey_may_have_its_own_or_none(survey, shown, organisation):
    shown(GOOGLE)
    shown(KIYOH, survey=survey)
    assert reviews.shown_links(survey.pk, organisation.pk) == (KIYOH,)
    shown(survey=survey, is_on=False)
    assert reviews.shown_links(survey.pk, organisation.pk) == ()
    reviews.forget_own(organisation, survey, by=None, now=NOW)
    assert reviews.shown_links(survey.pk, organisation.pk) == (GOOGLE,)


def test_own_staff_are_no_customers(organisation, shown):
    content = surveys.usual_content(organisation, Metric.ENPS)
    pulse = surveys.create_survey(organisation, title="Pulse", content=content, now=NOW)
    shown(GOOGLE)
    assert reviews.shown_links(pulse.pk, organisation.pk) == ()


def test_another_organisation_shows_nothing_of_it(other_organisation, shown):
    shown(GOOGLE)
    assert reviews.shown_links(0, other_organisation.pk) == ()


def test_the_preview_shows_what_respondents_get(alice, survey, shown):
    shown(GOOGLE)
    there = reverse("link:preview", args=[survey.public_id])
    sent = {"key": "preview", "rating": "3", "go": "all", "why": "zo", "at": "all"}
    assert BLOCK.search(alice.post(there, sent).text)


def test_a_thank_you_that_singles_a_group_out_is_named(alice, organisation, shown):
    content = surveys.usual_content(organisation, Metric.NPS)
    lured = ThanksWords("Top!", "https://g.page/r/abc/review", "Google")
    said = Thanks(ThanksWords("Dank"), {Band.PROMOTER: lured})
    content = replace(content, thanks={"nl": said, "en": said})
    gated = surveys.create_survey(organisation, title="Gated", content=content, now=NOW)
    surveys.open_survey(gated, now=NOW)
    shown(GOOGLE)
    assert [(one.survey.title, one.site) for one in reviews.singled_out(organisation)] == [
        ("Gated", "g.page")
    ]
    text = alice.get(reverse("testimonials:reviews"), headers={"accept-language": "en"}).text
    assert "leads one group alone to g.page" in text


class TestPage:
    def test_the_reason_stands_on_the_page(self, alice):
        text = alice.get(reverse("testimonials:reviews"), headers={"accept-language": "nl"}).text
        assert "Wie een 0 gaf ziet dezelfde links als wie een 10 gaf" in text

    def test_links_are_kept_and_shown(self, alice, survey, organisation):
        sent = {"is_on": "on", "name_0": "Google", "address_0": GOOGLE.address}
        assert alice.post(reverse("testimonials:reviews"), sent).status_code == 302
        assert reviews.shown_links(survey.pk, organisation.pk) == (GOOGLE,)
        text = alice.get(reverse("testimonials:reviews")).text
        assert GOOGLE.address in text

    @pytest.mark.parametrize(
        "sent",
        [
            {"name_0": "Google", "address_0": "http://g.page/"},
            {"name_0": "Google"},
            {"address_0": GOOGLE.address},
            {"is_on": "on"},
        ],
    )
    def test_half_a_link_is_not_kept(self, alice, sent):
        assert alice.post(reverse("testimonials:reviews"), sent).status_code == 422
        assert ReviewLinks.objects.count() == 0

    def test_a_survey_gets_its_own_and_loses_them(self, alice, survey, organisation):
        there = reverse("testimonials:reviews_of", args=[survey.public_id])
        alice.post(there, {"is_on": "on", "name_0": "K", "address_0": KIYOH.address})
        assert survey.title in alice.get(reverse("testimonials:reviews")).text
        alice.post(reverse("testimonials:reviews_forget", args=[survey.public_id]))
        assert not ReviewLinks.objects.filter(survey=survey).exists()

    def test_who_may_only_read_changes_nothing(self, client_of, organisation):
        clerk = client_of(organisation, "frontline")
        assert clerk.get(reverse("testimonials:reviews")).status_code == 200
        sent = {"is_on": "on", "name_0": "G", "address_0": GOOGLE.address}
        assert clerk.post(reverse("testimonials:reviews"), sent).status_code == 403


def test_the_accept_path_asks_no_more_than_before(survey, shown, django_assert_num_queries):
    shown(GOOGLE)
    somebody = Respondent(f"/s/{survey.slug}/")
    somebody.get()
    somebody.send(rating=1)
    somebody.get()
    with django_assert_num_queries(6):  # as without review sites
        somebody.send(rating=9)
