"""The respondent's page without a script: what it shows, keeps and refuses."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from gloed.fieldwork import operations as fieldwork
from gloed.people.models import Person
from gloed.responses.models import Answer, Response
from gloed.responses.operations import withdraw_answer
from gloed.surveys import operations as surveys
from gloed.surveys import queries
from gloed.surveys.forms.written import fields_of

from .conftest import NOW, Respondent


def kept():
    """Rating, words and status of the one response on record."""
    response = Response.objects.get()
    answers = {a.question.position: a for a in response.answers.select_related("question")}
    return answers[1].rating, answers[2].verbatim if 2 in answers else "", response.status


def test_the_page_is_small_and_brings_nobody_along(respondent):
    answer = respondent.get()
    assert len(answer.content) < 30_000
    assert not answer.cookies
    assert not re.findall(r'(?:src|href)="(?!data:|/s/)', answer.text)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_scale_is_one_group_without_a_default(respondent):
    text = respondent.get().text
    assert re.findall(r'<input type="radio" name="rating" id="r(\d+)"', text) == [
        str(value) for value in range(11)
    ]
    assert "checked" not in re.sub(r"<(style|script)>.*?</\1>", "", text, flags=re.DOTALL)
    assert "0 = zeer onwaarschijnlijk" in text
    assert "10 = zeer waarschijnlijk" in text


@pytest.mark.parametrize("query", [{}, {"rating": "9"}, {"rating": "nonsense"}, {"rating": "99"}])
def test_looking_never_records(respondent, query):
    assert respondent.get(**query).status_code == 200
    respondent.client.head(respondent.address, query)
    assert not Response.objects.exists()


def test_in_two_steps_to_the_thank_you(respondent):
    respondent.get()
    second = respondent.send(rating=7)
    assert kept() == (7, "", "partial")
    assert "Wat zou het voor jou nog beter maken?" in second.text
    last = respondent.send(why="Sneller opnemen")
    assert kept() == (7, "Sneller opnemen", "complete")
    assert "Dank je wel, je antwoord is binnen" in last.text
    assert not last.cookies


@pytest.mark.parametrize(
    ("rating", "words"),
    [(0, "Wat viel je tegen"), (8, "nog beter maken"), (10, "Wat doen we goed")],
)
def test_the_open_question_fits_the_answer(respondent, rating, words):
    respondent.get()
    assert words in respondent.send(rating=rating).text


def test_going_back_changes_it_and_loses_nothing(respondent):
    respondent.get()
    respondent.send(rating=7)
    back = respondent.send(go="back", why="half geschreven")
    assert 'value="7" checked' in back.text
    assert respondent.fields["why"] == "half geschreven"
    respondent.send(rating=2)
    assert kept() == (2, "half geschreven", "complete")
    respondent.send(go="back")
    respondent.send(rating=3, why="anders")
    assert kept() == (3, "anders", "complete")


def test_sending_the_same_page_twice_is_one_answer(respondent):
    respondent.get()
    page = respondent.answer
    for rating in (7, 7, 4):
        respondent.answer = page
        respondent.send(rating=rating)
    assert kept() == (4, "", "partial")


def test_two_visits_are_two_people(respondent):
    for rating in (7, 8):
        respondent.get()
        respondent.send(rating=rating)
    assert Response.objects.count() == 2


def test_a_mail_click_arrives_as_chosen_and_waits_for_a_touch(respondent):
    page = respondent.get(rating=9)
    assert 'value="9" checked' in page.text
    assert "Wat doen we goed" in page.text
    assert "Dank je wel" in respondent.send(why="alles").text
    assert kept() == (9, "alles", "complete")


def test_without_a_choice_the_words_are_not_lost(respondent):
    respondent.get()
    answer = respondent.send(why="geschreven zonder cijfer")
    assert answer.status_code == 422
    assert "Kies hieronder een van de stappen" in answer.text
    assert respondent.fields["why"] == "geschreven zonder cijfer"
    assert not Response.objects.exists()


@pytest.mark.parametrize("rating", ["11", "-1", "9.5", "nonsense", "99999999999999999999"])
def test_a_rating_off_the_scale_is_asked_again(respondent, rating):
    respondent.get()
    assert respondent.send(rating=rating).status_code == 422
    assert not Response.objects.exists()


@pytest.mark.parametrize("key", ["", "short", "x" * 65, "not/allowed/characters/here"])
def test_a_sending_without_a_real_key_is_not_kept(respondent, key):
    respondent.get()
    assert respondent.send(rating=9, key=key).status_code == 422
    assert not Response.objects.exists()


def test_a_script_is_answered_in_few_bytes(respondent):
    respondent.get()
    answer = respondent.send(rating=9, step="keep")
    assert (answer.status_code, answer.content) == (204, b"")
    assert kept() == (9, "", "partial")


def test_markup_in_an_answer_is_shown_as_text(respondent):
    respondent.get()
    respondent.send(rating=9)
    back = respondent.send(go="back", why="</textarea><script>alert(1)</script>@@key@@")
    assert "<script>alert" not in back.text
    assert "&lt;script&gt;alert(1)" in back.text
    assert "@@key@@" in back.text


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("application/json", "{}", 415),
        ("multipart/form-data; boundary=x", "--x--", 415),
        ("application/x-www-form-urlencoded", "why=" + "x" * 70_000, 413),
    ],
)
def test_other_bodies_are_refused(respondent, kind, body, status):
    answer = respondent.client.post(respondent.address, body, content_type=kind)
    assert answer.status_code == status
    assert not Response.objects.exists()


class TestLanguage:
    @pytest.mark.parametrize(
        ("header", "query", "language"),
        [
            ("nl-NL,nl;q=0.9,en;q=0.8", {}, "nl"),
            ("de, en;q=0.5", {}, "en"),
            ("de", {}, "nl"),
            ("nl", {"l": "en"}, "en"),
            ("", {"l": "fr"}, "nl"),
        ],
    )
    def test_the_page_speaks_as_wished(self, survey, header, query, language):
        text = Respondent(f"/s/{survey.slug}/", language=header).get(**query).text
        assert f'<html lang="{language}">' in text

    def test_an_invitation_knows_the_language(self, survey, organisation):
        person = Person.objects.create(organisation=organisation, language="en", created_at=NOW)
        token = fieldwork.invite(survey, person, channel="email", now=NOW).token
        text = Respondent(f"/s/{survey.slug}/{token}/", language="nl").get().text
        assert '<html lang="en">' in text

    def test_switching_keeps_what_was_chosen_and_written(self, respondent):
        respondent.get(rating=7)
        switched = respondent.send(look="en", why="traag")
        assert '<html lang="en">' in switched.text
        assert 'value="7" checked' in switched.text
        assert respondent.fields["why"] == "traag"
        assert not Response.objects.exists()
        respondent.send()
        assert Response.objects.get().language == "en"
        assert "Thank you" in respondent.answer.text
        assert "Dank je wel" in respondent.send(look="nl").text

    def test_a_survey_in_one_language_offers_no_other(self, open_survey):
        survey = open_survey(languages=["nl"])
        text = Respondent(f"/s/{survey.slug}/", language="en").get().text
        assert '<html lang="nl">' in text
        assert "English" not in text


class TestClosed:
    def test_a_closed_survey_says_so_kindly(self, respondent, survey, now):
        respondent.get()
        surveys.close_survey(survey, now=now)
        answer = respondent.client.get(respondent.address)
        assert answer.status_code == 410
        assert "Deze vragenlijst is gesloten" in answer.text
        assert respondent.send(rating=9).status_code == 410
        assert not Response.objects.exists()

    def test_who_had_begun_may_finish(self, respondent, survey, now):
        respondent.get()
        respondent.send(rating=9)
        surveys.close_survey(survey, now=now - timedelta(minutes=30))
        assert "Dank je wel" in respondent.send(why="nog dit").text

    @pytest.mark.parametrize("address", ["/s/nothing/", "/s/nothing/token/"])
    def test_an_unknown_link_says_so_kindly(self, db, address):
        answer = Respondent(address).get()
        assert answer.status_code == 404
        assert "Hier staat geen vragenlijst" in answer.text

    def test_a_draft_is_not_there_yet(self, organisation):
        content = surveys.usual_content(organisation, "nps")
        draft = surveys.create_survey(organisation, title="x", content=content, now=NOW)
        assert Respondent(f"/s/{draft.slug}/").get().status_code == 404


class TestInvited:
    @pytest.fixture
    def invited(self, survey, organisation):
        person = Person.objects.create(organisation=organisation, external_id="c1", created_at=NOW)
        token = fieldwork.invite(survey, person, channel="email", now=NOW).token
        return Respondent(f"/s/{survey.slug}/{token}/")

    def test_the_answer_is_theirs_and_the_page_says_so(self, invited):
        invited.get()
        invited.send(rating=9)
        last = invited.send(why="")
        assert "kan zien dat dit antwoord van jou is" in last.text
        assert Response.objects.get().person.external_id == "c1"

    def test_the_last_page_leads_to_their_own_page(self, invited, client):
        invited.get()
        invited.send(rating=9)
        last = invited.send(why="").text
        own = last.partition('<a href="/u/')[2].partition('"')[0]
        assert client.get(f"/u/{own}").status_code == 200

    def test_coming_back_shows_what_was_given(self, invited):
        invited.get()
        invited.send(rating=6)
        invited.send(why="traag")
        assert 'value="6" checked' in invited.get().text
        assert invited.fields["why"] == "traag"
        invited.send(rating=8)
        assert Response.objects.count() == 1

    def test_a_damaged_link_still_takes_an_answer(self, survey):
        damaged = Respondent(f"/s/{survey.slug}/made-up/")
        assert f'action="/s/{survey.slug}/"' in damaged.get().text

    def test_an_answer_taken_back_stays_so(self, invited, organisation):
        invited.get()
        invited.send(rating=6)
        withdraw_answer(organisation, Response.objects.get().public_id, now=NOW)
        answer = invited.send(why="toch")
        assert answer.status_code == 410
        assert "teruggenomen" in answer.text


def test_each_page_of_a_respondent_costs_few_queries(respondent, django_assert_num_queries):
    respondent.get()
    respondent.send(rating=1)
    with django_assert_num_queries(1):
        respondent.get()
    with django_assert_num_queries(6):
        respondent.send(rating=9)


@pytest.mark.parametrize(("metric", "points"), [("csat", 5), ("ces", 7), ("thumbs", 2)])
def test_every_metric_has_its_page(open_survey, metric, points):
    survey = open_survey(metric)
    somebody = Respondent(f"/s/{survey.slug}/")
    assert somebody.get().text.count('type="radio"') == points
    somebody.send(rating=1)
    somebody.send(why="zo")
    assert Answer.objects.get(question__position=1).rating == 1


class TestPreview:
    def test_it_shows_the_draft_in_a_frame_of_ours_and_records_nothing(self, alice, organisation):
        content = surveys.usual_content(organisation, "nps", rating_text="Concept?")
        draft = surveys.create_survey(organisation, title="x", content=content, now=NOW)
        address = f"/s/preview/{draft.public_id}/"
        page = alice.get(address)
        assert "Concept?" in page.text
        assert "<script>" not in page.text
        assert page["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in page["Content-Security-Policy"]
        sent = {"key": "preview", "step": "rate", "rating": "9", "l": "en"}
        assert "What are we doing well" in alice.post(address, sent).text
        assert "Thank you" in alice.post(address, sent | {"step": "why"}).text
        assert not Response.objects.exists()

    def test_it_shows_words_that_were_not_saved(self, alice, survey):
        content = queries.content_of(queries.read_version(survey.current))
        words = {**content.rating, "nl": replace(content.rating["nl"], text="Zo dan?")}
        fields = fields_of(replace(content, rating=words)) | {"order_is_here": "1"}
        page = alice.post(
            f"/s/preview/{survey.public_id}/", fields, headers={"accept-language": "nl"}
        )
        assert "Zo dan?" in page.text
        assert "Zo dan?" not in alice.get(f"/s/{survey.slug}/").text
