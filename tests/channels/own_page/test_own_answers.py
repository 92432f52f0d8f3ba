"""Seeing, changing and taking back own answers, and asking for one's data: in every projection."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from gloed.analysis import store
from gloed.analysis.queries import Query, run
from gloed.base import jobs
from gloed.base.models import AuditEntry, Job, JournalEntry
from gloed.base.worker import run_until_idle
from gloed.channels.own_page import operations, tasks
from gloed.channels.own_page.models import PersonRequest
from gloed.responses.models import Answer, Consent, ContactDetails, Response
from gloed.responses.operations import erase_person, receive_answer
from gloed.responses.rules import ContactData, GivenAnswer, IncomingAnswer
from gloed.surveys import operations as surveys
from gloed.surveys import queries
from gloed.surveys.operations import close_survey
from tests.channels.own_page.conftest import NOW
from tests.surveys.further import CONSENT_AT, CONTACT_AT, EVERY_KIND

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture(autouse=True)
def _own_projection(settings, tmp_path):
    settings.PROJECTION = tmp_path / "projection"


@pytest.fixture
def given(asked, survey):
    """Nia answered 6, with words."""
    answer = IncomingAnswer(
        answers=(GivenAnswer(1, rating=6), GivenAnswer(2, verbatim="De levering was laat.")),
        source="link",
        token=asked.token,
        language="nl",
    )
    receive_answer(answer, survey=queries.get_asked(survey.pk), now=NOW)
    return Response.objects.get()


def address_of(asked, response=None):
    return f"/u/{asked.token}/" + (f"answers/{response.public_id}/" if response else "")


def ratings(organisation):
    """How often each rating counts, as a page would read it."""
    merged = run(store.projection_of(organisation), Query()).merged()
    return {rating: count for rating, count in enumerate(merged.counts) if count} if merged else {}


def test_own_answers_stand_there_with_question_and_day(guest, asked, given, survey):
    page = guest.get(address_of(asked)).text
    assert "6, op een schaal van 0 tot 10" in page
    assert "De levering was laat." in page
    assert "2 mrt. 2026" in page
    version = queries.get_version(survey.slug, 1)
    assert version.words[1, "nl", ""].text.split("?")[0][:40] in page


def test_nobody_else_sees_or_changes_them(guest, asked, given, ask):
    other = ask("bo@example.org")
    assert "De levering was laat." not in guest.get(address_of(other)).text
    for sent in ({"do": "withdraw"}, {"do": "correct", "rating-1": "9"}):
        assert guest.post(address_of(other, given), sent).status_code == 404
    assert guest.get(f"/u/{asked.token}/answers/{uuid4()}/").status_code == 404
    assert guest.get(f"/u/made-up/answers/{given.public_id}/").status_code == 404
    assert Response.objects.get().withdrawn_at is None


def test_an_answer_is_taken_back_and_counts_again(guest, asked, given, organisation):
    page = guest.post(address_of(asked, given), {"do": "withdraw"}, follow=True).text
    assert "Je antwoord is teruggenomen" in page
    assert "teruggenomen op 2 mrt. 2026" in page
    assert Response.objects.get().withdrawn_at == NOW
    assert JournalEntry.objects.filter(kind="response.withdrawn").count() == 1
    guest.post(address_of(asked, given), {"do": "withdraw"})
    assert JournalEntry.objects.filter(kind="response.withdrawn").count() == 1
    guest.post(address_of(asked, given), {"do": "restore"})
    assert Response.objects.get().withdrawn_at is None
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", "staff"))
    assert ("own_page.withdrew", None) in actions
    assert ("own_page.restored", None) in actions


def test_opening_the_answer_changes_nothing(guest, asked, given):
    page = guest.get(address_of(asked, given))
    assert 'value="6" checked' in page.text
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert Response.objects.get().updated_at == NOW


def test_a_change_while_the_survey_is_open_is_a_change_of_mind(guest, asked, given, survey):
    sent = {"do": "correct", "rating-1": "9", "words-2": "Toch goed."}
    page = guest.post(address_of(asked, given), sent, follow=True).text
    assert "Je antwoord is veranderd" in page
    assert list(Answer.objects.order_by("pk").values_list("rating", "verbatim")) == [
        (9, ""),
        (None, "Toch goed."),
    ]
    assert Response.objects.get().corrected_at is None  # the survey's own link may change it yet


def test_after_the_survey_closed_it_is_a_correction(guest, asked, given, survey, clock):
    close_survey(survey, now=NOW)
    clock(NOW + timedelta(days=2))
    sent = {"do": "correct", "rating-1": "2", "words-2": ""}
    guest.post(address_of(asked, given), sent)
    assert list(Answer.objects.values_list("rating", "verbatim")) == [(2, "")]
    assert Response.objects.get().corrected_at == NOW + timedelta(days=2)
    assert AuditEntry.objects.filter(action="own_page.corrected", staff=None).count() == 1
    same = guest.post(address_of(asked, given), sent, follow=True).text
    assert "Er is niets veranderd" in same


def test_a_rating_off_the_scale_is_refused_and_nothing_is_kept(guest, asked, given):
    answer = guest.post(address_of(asked, given), {"do": "correct", "rating-1": "11"})
    assert answer.status_code == 422
    assert Answer.objects.get(question__position=1).rating == 6


def test_a_link_of_long_ago_shows_no_answers_but_still_lets_go(guest, asked, given, clock):
    clock(NOW + timedelta(days=366))
    page = guest.get(address_of(asked)).text
    assert "ouder dan een jaar" in page
    assert "De levering was laat." not in page
    assert guest.post(address_of(asked, given), {"do": "withdraw"}).status_code == 404
    guest.post(address_of(asked), {"do": "leave"})
    assert "Je krijgt geen vragenlijsten" in guest.get(address_of(asked)).text


def test_taking_back_and_changing_reach_the_scores(guest, asked, given, organisation):
    run_until_idle()
    assert ratings(organisation) == {6: 1}
    guest.post(address_of(asked, given), {"do": "correct", "rating-1": "9"})
    run_until_idle()
    assert ratings(organisation) == {9: 1}
    guest.post(address_of(asked, given), {"do": "withdraw"})
    run_until_idle()
    assert ratings(organisation) == {}


def test_a_request_reaches_those_who_may_answer_it(guest, asked, organisation, client_of):
    boss = client_of(organisation, "manager")
    for _ in range(2):
        page = guest.post(address_of(asked), {"do": "ask", "what": "erase"}, follow=True).text
    assert "Je verzoek is doorgegeven" in page
    assert "vóór 1 apr. 2026" in page
    request = PersonRequest.objects.get()
    assert (request.kind, request.person) == ("erase", asked.person)
    shown = boss.get("/requests/").content.decode()
    assert "Nia" in shown
    assert f"/answers/of/{asked.person.public_id}/erase/" in shown
    job = Job.objects.get(kind=operations.TELL)
    tasks.tell(jobs.JobRun(job, now=lambda: NOW))
    [sent] = mail.outbox
    assert sent.to == [f"manager-{organisation.pk}@example.org"]
    assert "/requests/" in sent.body
    assert "Nia" not in sent.body  # the mail names nobody


def test_a_request_can_be_taken_back_and_made_anew(guest, asked):
    guest.post(address_of(asked), {"do": "ask", "what": "copy"})
    guest.post(address_of(asked), {"do": "unask", "what": "copy"})
    assert not PersonRequest.objects.exists()
    guest.post(address_of(asked), {"do": "ask", "what": "copy"})
    guest.post(address_of(asked), {"do": "ask", "what": "the moon"})
    assert PersonRequest.objects.get().kind == "copy"


def test_a_colleague_answers_and_can_undo_that(asked, organisation, alice, charlie):
    request = operations.ask_for(asked.person, "copy", now=NOW)
    assert charlie.post(f"/requests/{request.public_id}/done/").status_code == 404
    alice.post(f"/requests/{request.public_id}/done/")
    request.refresh_from_db()
    assert request.done_at is not None
    assert "Undo" in alice.get("/requests/", headers={"accept-language": "en"}).content.decode()
    alice.post(f"/requests/{request.public_id}/again/")
    request.refresh_from_db()
    assert request.done_at is None


def test_erasing_the_person_answers_the_request(asked, organisation, alice):
    operations.ask_for(asked.person, "erase", now=NOW)
    erase_person(asked.person, now=NOW)
    entries = list(JournalEntry.objects.filter(kind="person.erased"))
    for _ in range(2):  # news may come twice
        operations.note_erased(entries)
    request = PersonRequest.objects.get()
    assert (request.done_at, request.person, request.person_id_then) == (NOW, None, None)
    assert "erased" in alice.get("/requests/", headers={"accept-language": "en"}).content.decode()


def test_viewers_and_analysts_do_not_see_requests(client_of, organisation):
    assert client_of(organisation, "analyst").get("/requests/").status_code == 403


def test_a_consent_is_taken_back_and_takes_the_contact_details_along(guest, ask, organisation):
    content = replace(surveys.usual_content(organisation, "nps"), further=EVERY_KIND)
    every = surveys.create_survey(organisation, title="Alles", content=content, now=NOW)
    every = surveys.open_survey(every, now=NOW)
    asked = ask("noor@example.org", about=every)
    answers = (
        GivenAnswer(1, rating=3),
        GivenAnswer(CONSENT_AT, choices=("yes",)),
        GivenAnswer(CONTACT_AT, contact=ContactData("Noor", "noor@example.org", "0612")),
    )
    receipt = receive_answer(
        IncomingAnswer(answers, "link", token=asked.token, language="nl"),
        survey=queries.get_asked(every.pk),
        now=NOW,
    )
    address = f"/u/{asked.token}/answers/{receipt.response_id}/"
    assert "Dit sta ik niet meer toe" in guest.get(address).text
    said = guest.post(address, {"do": f"disallow-{CONSENT_AT}"}, follow=True).text
    assert "Je staat het niet meer toe" in said
    assert Consent.objects.get().withdrawn_at is not None
    assert not ContactDetails.objects.exists()
    assert "Dit sta ik niet meer toe" not in guest.get(address).text
    for odd in ("disallow-1", "disallow-99", "disallow-x"):
        guest.post(address, {"do": odd})
    assert Response.objects.get().answers.filter(question__position=1).get().rating == 3
