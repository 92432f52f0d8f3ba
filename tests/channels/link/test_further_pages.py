"""Further questions without a browser: own words, thanks, traps, and how long it takes."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from gloed.fieldwork import operations as fieldwork
from gloed.people.models import Person
from gloed.responses.models import InvitationSignal, Response
from gloed.responses.queries import typical_duration
from gloed.surveys import operations, queries
from gloed.surveys.rules import (
    About,
    Condition,
    OpenWords,
    QuestionWords,
    ShowIf,
    Thanks,
    ThanksWords,
)
from tests.surveys.further import CONTACT_AT, EASE, EVERY_KIND, THANKS

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def opened(organisation):
    """Open an NPS survey with other content: `opened(further=...)`."""

    def make(**changes):
        content = replace(operations.usual_content(organisation, "nps"), **changes)
        survey = operations.create_survey(organisation, title="x", content=content, now=NOW)
        return operations.open_survey(survey, now=NOW)

    return make


@pytest.fixture
def invited(organisation):
    """Invite somebody to a survey: the address of their page."""

    def make(survey, *, name="Noor de Vries", **attributes):
        person = Person.objects.create(
            organisation=organisation, name=name, attributes=attributes, created_at=NOW
        )
        invitation = fieldwork.invite(survey, person, channel="link", now=NOW)
        return f"/s/{survey.slug}/{invitation.token}/"

    return make


_FORM = {"content_type": "application/x-www-form-urlencoded"}


def post(address, **values):
    """Send a form; values may be lists."""
    fields = {"key": "k" * 22, "rating": "9", "l": "nl", "step": "all", "why": ""} | values
    client = Client(headers={"accept-language": "nl"})
    return client.post(address, urlencode(fields, doseq=True), **_FORM)


def milliseconds(ago):
    """A moment that long ago as the page writes it."""
    return int((timezone.now() - ago).timestamp() * 1000)


def test_the_page_stays_small_with_every_kind_on_it(opened):
    survey = opened(further=EVERY_KIND)
    pages = [Client().get(f"/s/{survey.slug}/"), post(f"/s/{survey.slug}/")]
    pages.append(post(f"/s/{survey.slug}/", step="ask", s4="1", s5="1"))
    assert all(len(page.content) < 20_000 for page in pages)
    assert not any(page.cookies for page in pages)
    assert not any('value="yes" checked' in page.text for page in pages)


def test_words_are_the_persons_own_and_always_escaped(opened, invited):
    rating = {"nl": QuestionWords("Dag {first_name|klant} in {region|het land}?", "a", "b")}
    survey = opened(
        rating=rating,
        open={"nl": OpenWords("{region}, waarom?")},
        thanks={"nl": Thanks(ThanksWords("Dank {name}"))},
    )
    address = invited(survey, region=EVIL)
    page = Client().get(address)
    assert "Dag Noor in &lt;script&gt;alert(1)&lt;/script&gt;?" in page.text
    assert EVIL not in page.text
    assert "Dag klant in het land?" in Client().get(f"/s/{survey.slug}/").text
    assert "Dank Noor de Vries" in post(address, step="why").text
    assert EVIL not in post(address, step="rate").text


def test_rules_look_at_who_was_invited(opened, invited):
    rule = ShowIf((Condition(About.ATTRIBUTE, "region", ("North",)),))
    survey = opened(further=(replace(EASE, show_if=rule, starts_page=True),))
    assert "Hoe tevreden?" in post(invited(survey, region="North")).text
    assert "Hoe tevreden?" not in post(invited(survey, region="South")).text


def test_the_thank_you_fits_the_score_and_the_language(opened):
    survey = opened(thanks=THANKS)
    happy, other = post(f"/s/{survey.slug}/"), post(f"/s/{survey.slug}/", rating="2", key="m" * 22)
    assert 'href="https://example.org/review" rel="noopener noreferrer"' in happy.text
    assert "Wat fijn!" in happy.text
    assert "Dank, jij!" in other.text
    assert "example.org" not in other.text
    english = post(f"/s/{survey.slug}/", l="en")
    assert "Thanks!" in english.text


def test_more_than_fits_is_said_and_the_rest_is_kept(opened):
    few = replace(EVERY_KIND[2], most=1)
    survey = opened(further=(few,))
    answer = post(f"/s/{survey.slug}/", s3="1", q3=["app", "chat"], why="zo")
    assert answer.status_code == 422
    assert "Er is meer gekozen dan past" in answer.text
    assert "zo</textarea>" in answer.text
    assert not Response.objects.exists()


def test_an_invited_person_finds_back_what_they_told(opened, invited):
    survey = opened(further=EVERY_KIND)
    address = invited(survey)
    post(address, rating="3", step="ask", s3="1", q3="other", q3o="de bus", seen="3",
         s7="1", q7="yes", s8="1", q8phone="0612")  # fmt: skip
    page = Client().get(address).text
    assert 'value="other" checked' in page
    assert 'value="de bus"' in page
    assert f'<input type="hidden" name="q{CONTACT_AT}phone" value="0612">' in page


@pytest.mark.parametrize(
    ("values", "is_suspicious"),
    [
        ({"began": timedelta(seconds=30)}, False),
        ({"began": timedelta(seconds=0.2)}, False),
        ({"began": timedelta(seconds=0.2), "revision": "5"}, False),
        ({"began": timedelta(seconds=30), "extra": "http://spam.example"}, True),
        ({}, False),
    ],
)
def test_what_a_machine_would_do_sets_an_answer_apart(opened, values, is_suspicious):
    survey = opened()
    if "began" in values:
        values = values | {"began": milliseconds(values["began"])}
    assert post(f"/s/{survey.slug}/", **values).status_code == 200
    assert Response.objects.get().is_suspicious is is_suspicious


def test_a_hidden_link_that_is_followed_is_noted_and_records_nothing(opened, invited):
    survey = opened()
    address = invited(survey)
    [trap] = re.findall(r'href="([^"]*\?all)"', Client().get(address).text)
    assert trap == f"{address}?all"
    for _ in range(2):
        assert Client().get(trap).status_code == 200
    Client().head(trap)
    assert InvitationSignal.objects.get().signal == "hidden_link"
    assert not Response.objects.exists()
    Client().get(f"/s/{survey.slug}/?all")
    assert InvitationSignal.objects.count() == 1


def test_how_long_it_takes_is_measured_once_enough_have_finished(opened):
    survey = opened(further=EVERY_KIND)
    version = queries.get_version(survey.slug, 1)
    assert "ongeveer 2 minuten" in Client(headers={"accept-language": "nl"}).get(
        f"/s/{survey.slug}/").text  # fmt: skip
    for place in range(20):
        ago = timedelta(seconds=100 + 4 * place)
        post(f"/s/{survey.slug}/", key=f"{place:022}", step="ask", revision="1",
             s4="1", s5="1", s7="1", began=milliseconds(ago))  # fmt: skip
    machine = milliseconds(timedelta(seconds=1))
    post(f"/s/{survey.slug}/", key="m" * 22, step="ask", s4="1", s5="1", s7="1", began=machine,
         extra="http://spam.example")  # fmt: skip
    duration = typical_duration(survey.pk, version, "nl")
    assert duration.is_measured
    assert duration.n == 20
    assert 136 <= duration.seconds <= 140
