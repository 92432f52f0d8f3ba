"""Special properties of a request: what the mail, the page and the thank-you say to one person."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import delighted
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from gloed.channels.email import operations as email
from gloed.channels.email.letters import write_letter
from gloed.channels.email.rules.blocks import Block, BlockKind, Design
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.rules import NO_WORDS, OwnWords, own_words_in, read_words
from gloed.integrations.delighted import operations
from gloed.people.models import Person
from gloed.surveys import queries as surveys
from tests.integrations.delighted.conftest import NOW
from tests.integrations.delighted.test_by_hand import PEOPLE

WORDS = {
    "question_product_name": "Zon & Wind",
    "delighted_email_subject": "Hoe was je monteur?",
    "delighted_intro_message": "Dag Anna,\nlang <b>geleden</b> {name} @@token@@",
    "thank_you_message": "Dank je wel!",
    "thank_you_link_text": "Onze winkel",
    "thank_you_link_url": "https://example.org/winkel?a=1&b=2",
    "thank_you_message_if_promoter": "Wat fijn <script>!",
    "thank_you_link_text_if_promoter": "Vertel het verder",
    "thank_you_link_url_if_promoter": "https://example.org/verder",
    "plan": "zon",
}


def ask(call, properties, email_address="anna@example.org", **more):
    body = {"email": email_address, "properties": properties, **more}
    told = call("POST", PEOPLE, body).json()
    assert told["survey_scheduled_at"] is not None
    return Invitation.objects.get(person__email=email_address, is_open=True)


def send(later=timedelta()):
    moment = timezone.now() + timedelta(minutes=1) + later
    email.send_due(now=lambda: moment, within=timedelta(seconds=45))
    return mail.outbox[-1]


def page_of(line, **query):
    return Client(headers={"accept-language": "nl"}).get(address_of(line), query).text


def address_of(line):
    return f"/s/{line.survey.slug}/{line.token}/"


def post(line, *, address="", **changes):
    page = page_of(line)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))
    return Client(headers={"accept-language": "nl"}).post(
        address or address_of(line),
        urlencode(fields | changes),
        content_type="application/x-www-form-urlencoded",
    )


def answer(line, rating, *, address=""):
    return post(line, address=address, rating=str(rating), why="", step="all")


@pytest.fixture(autouse=True)
def _mail(settings, project):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def test_the_mail_has_its_subject_opening_and_name(call):
    ask(call, WORDS)
    found = send()
    html = found.alternatives[0][0]
    assert found.subject == "Hoe was je monteur?"
    assert "Zon &amp; Wind" in html
    assert "Noorderlicht Energie aanbevelen" not in html
    assert "Dag Anna,<br>lang &lt;b&gt;geleden&lt;/b&gt; {name} @token@" in html
    assert "Kies hieronder een cijfer" not in html
    assert "Dag Anna,\nlang <b>geleden</b> {name} @token@" in found.body
    assert "Zon & Wind" in found.body
    plain = call("POST", PEOPLE, {"email": "bob@example.org", "properties": {"plan": "zon"}})
    assert plain.status_code == 201
    usual = send()
    assert (usual.to, "Noorderlicht Energie" in usual.subject) == (["bob@example.org"], True)
    assert "Zon &amp; Wind" not in usual.alternatives[0][0]
    assert "Kies hieronder een cijfer" in usual.alternatives[0][0]


def test_a_mail_without_an_opening_gets_one_above_the_scale(project):
    survey = surveys.get_asked(project.survey_id)
    version = surveys.get_version(survey.slug, survey.current)
    below = Block("below", BlockKind.TEXT, {"nl": "Tot ziens"})
    design = Design((Block("scale", BlockKind.SCALE), below, Block("footer", BlockKind.FOOTER)))
    own = OwnWords(intro="Dag!")
    letter = write_letter(survey, version, "nl", design=design, own=own)
    assert letter.text.index("Dag!") < letter.text.index("/s/") < letter.text.index("Tot ziens")
    reminder = write_letter(survey, version, "nl", design=design, own=own, is_reminder=True)
    assert "Dag!" not in reminder.text


def test_the_page_has_its_opening_and_name(call):
    line = ask(call, WORDS)
    shown = page_of(line)
    assert "Zon &amp; Wind" in re.search(r"<h1>(.*?)</h1>", shown)[1]
    assert "<p>Dag Anna,<br>lang &lt;b&gt;geleden&lt;/b&gt; {name} @token@</p>" in shown
    chosen = page_of(line, rating=9)  # from the mail, which said it already
    assert "Dag Anna" not in chosen
    assert "Zon &amp; Wind" in chosen
    nothing = answer(line, "")
    assert (nothing.status_code, "Zon &amp; Wind" in nothing.text) == (422, True)


def test_the_thank_you_is_that_of_the_group(call):
    line = ask(call, WORDS)
    fond = answer(line, 10).text
    assert "<p>Wat fijn &lt;script&gt;!</p>" in fond
    assert 'href="https://example.org/verder"' in fond
    assert "Vertel het verder" in fond
    cool = answer(line, 7).text
    assert "<p>Dank je wel!</p>" in cool
    assert 'href="https://example.org/winkel?a=1&amp;b=2"' in cool
    assert "Wat fijn" not in cool


def test_words_are_kept_beside_the_attributes_and_come_back_with_the_response(call):
    line = ask(call, WORDS)
    assert line.attributes == WORDS
    answer(line, 10)
    told = call("GET", "survey_responses.json").json()[0]
    assert told["person_properties"]["thank_you_message"] == "Dank je wel!"
    fieldwork.forget_person(line.person)
    line.refresh_from_db()
    assert line.own_words is None


def test_nobody_else_writes_on_the_page(call, project, organisation):
    """Neither the address, nor what is known of a person, nor what an event told."""
    query = WORDS | {"name": "x"}
    project.survey.refresh_from_db()
    open_link = Client().get(f"/s/{project.survey.slug}/", query).text
    assert "Zon &amp; Wind" not in open_link
    person = Person.objects.create(
        organisation=organisation,
        email="eve@example.org",
        email_key="eve@example.org",
        attributes=WORDS,
        created_at=NOW,
    )
    asked = fieldwork.ask_one(
        project.survey, person, channel="email", now=timezone.now(), attributes=WORDS
    )
    line = Invitation.objects.get(pk=asked.invitation_id)
    assert (line.own_words, asked.skip) == (None, None)
    assert send().subject != "Hoe was je monteur?"
    assert "Zon &amp; Wind" not in page_of(line, **query)
    thanks = answer(line, 10)
    assert (thanks.status_code, "Wat fijn" in thanks.text) == (200, False)


def test_words_of_one_survey_stay_on_its_own_pages(call, organisation):
    line = ask(call, WORDS)
    other = operations.make_project(organisation, "Web", "nps", by=None, now=NOW)
    shown = Client().get(f"/s/{other.survey.slug}/{line.token}/").text
    assert "Zon &amp; Wind" not in shown
    refused = answer(line, 10, address=f"/s/{other.survey.slug}/{line.token}/")
    assert (refused.status_code, "Wat fijn" in refused.text) == (404, False)


@pytest.mark.parametrize(
    "link",
    ["http://example.org", "javascript:alert(1)", "https://", "https://a b", "x", "https:" * 200],
)
def test_a_link_is_https_or_none(call, link):
    words = {"thank_you_link_text": "Kijk", "thank_you_link_url": link}
    line = ask(call, words)
    assert line.own_words is None
    assert "Kijk" not in answer(line, 10).text


def test_too_long_is_cut_and_names_are_folded():
    told = own_words_in(
        {
            "Delighted Email Subject": "a" * 200 + "\r\nBcc: x@example.org",
            "DelightedIntroMessage": "b" * 400,
            "questionProductName": 12,
            "thank_you_link_text": "nothing to follow",
        }
    )
    kept = read_words({"subject": told.subject, "intro": told.intro, "asker": told.asker})
    assert (kept.subject, kept.intro, kept.asker) == ("a" * 150, "b" * 300, "12")
    header = read_words({"subject": "Dag\r\nBcc: x@example.org\x00\u202e", "thanks": {"x": 1}})
    assert header.subject == "Dag Bcc: x@example.org"
    for nothing in (None, [], {"thanks": []}, {"thanks": {"": {"link": "https://a.nl"}}}):
        assert read_words(nothing) == NO_WORDS


def test_an_answer_looks_its_ask_up_only_once(call, monkeypatch):
    line = ask(call, WORDS)

    def looked_up_again(_token):
        raise AssertionError

    monkeypatch.setattr("gloed.channels.link.filled.find_invitation", looked_up_again)
    assert "Wat fijn" in answer(line, 10).text


def test_another_language_says_them_too(call):
    line = ask(call, WORDS | {"locale": "en"})
    assert "Zon &amp; Wind" in page_of(line, l="en")
    dutch = post(line, look="nl").text
    assert 'lang="nl"' in dutch
    assert "Zon &amp; Wind" in dutch


def test_members_get_the_words_of_their_membership(call, project):
    member = {"person_email": "anna@example.org", "properties": WORDS}
    call("POST", "autopilot/email/memberships.json", member)
    operations.set_autopilot(project, "email", is_active=True, frequency=86_400, now=NOW)
    operations.fly(now=timezone.now())
    line = Invitation.objects.get()
    assert read_words(line.own_words).asker == "Zon & Wind"


@pytest.mark.django_db(transaction=True)
def test_the_python_client_sends_them(live_server, key):
    client = delighted.Client(api_key=key, api_base_url=f"{live_server.url}/delighted/v1/")
    anna = delighted.Person.create(email="anna@example.org", properties=WORDS, client=client)
    assert anna.properties == WORDS
    line = Invitation.objects.get()
    assert send().subject == "Hoe was je monteur?"
    assert "<p>Wat fijn &lt;script&gt;!</p>" in answer(line, 9).text
