"""Answers to further questions: kept, judged by rules, set right, erased, and handed out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from gloed.fieldwork import operations as fieldwork
from gloed.people.models import Person
from gloed.responses import dossier
from gloed.responses.models import Answer, Consent, ContactDetails, Response
from gloed.responses.operations import (
    correct_answer,
    erase_person,
    judge_real,
    receive_answer,
    undo_withdraw,
    withdraw_answer,
)
from gloed.responses.rules import (
    AnswerRefused,
    ContactData,
    GivenAnswer,
    IncomingAnswer,
    Reason,
    Signal,
)
from gloed.surveys import operations as surveys
from gloed.surveys.queries import get_asked
from tests.surveys.further import (
    CONSENT_AT,
    CONTACT_AT,
    DETAIL_AT,
    EASE_AT,
    EVERY_KIND,
    REASON_AT,
    THANKS,
    WISHES_AT,
)

from .conftest import NOW

LATER = NOW + timedelta(minutes=2)
YES = GivenAnswer(CONSENT_AT, choices=("yes",))
REACH = GivenAnswer(CONTACT_AT, contact=ContactData("Noor de Vries", "noor@example.org", "0612"))


@pytest.fixture
def survey(organisation):
    """An open survey that asks a question of every kind."""
    content = replace(surveys.usual_content(organisation, "nps"), further=EVERY_KIND, thanks=THANKS)
    survey = surveys.create_survey(organisation, title="Alles", content=content, now=NOW)
    return surveys.open_survey(survey, now=NOW)


@pytest.fixture
def send(survey):
    """Deliver answers: `send(GivenAnswer(...), ..., now=...)`."""

    def deliver(*answers, now=NOW, **kwargs):
        own = {} if "token" in kwargs else {"client_key": "k" * 22}
        incoming = IncomingAnswer(answers, "link", **{"language": "nl", **own, **kwargs})
        return receive_answer(incoming, survey=get_asked(survey.pk), now=now)

    return deliver


def kept():
    """What stands on record, by position."""
    rows = Answer.objects.values_list("question__position", "rating", "verbatim", "choices")
    return {position: (rating, words, keys) for position, rating, words, keys in rows}


def test_every_kind_of_answer_is_kept(send):
    send(
        GivenAnswer(1, rating=3),
        GivenAnswer(REASON_AT, verbatim="de bus", choices=("other",)),
        GivenAnswer(EASE_AT, rating=2),
        GivenAnswer(WISHES_AT, choices=("chat", "app")),
        GivenAnswer(DETAIL_AT, verbatim="agenda"),
        YES,
        REACH,
    )
    assert kept() == {
        1: (3, "", ""),
        REASON_AT: (None, "de bus", "other"),
        EASE_AT: (2, "", ""),
        WISHES_AT: (None, "", "chat app"),
        DETAIL_AT: (None, "agenda", ""),
        CONSENT_AT: (None, "", "yes"),
    }
    consent = Consent.objects.get()
    assert (consent.purpose, consent.words, consent.language) == (
        "contact", "Je mag me bellen.", "nl",
    )  # fmt: skip
    assert (consent.given_at, consent.withdrawn_at) == (NOW, None)
    assert ContactDetails.objects.get().email == "noor@example.org"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (GivenAnswer(EASE_AT, rating=6), Reason.OUT_OF_SCALE),
        (GivenAnswer(WISHES_AT, choices=("fax",)), Reason.NOT_AN_OPTION),
        (GivenAnswer(WISHES_AT, choices=("app", "app")), Reason.NOT_AN_OPTION),
        (GivenAnswer(REASON_AT, choices=("price", "service")), Reason.TOO_MANY_CHOSEN),
        (GivenAnswer(REASON_AT, choices=("price",), verbatim="x"), Reason.NOT_ASKED_FOR),
        (GivenAnswer(CONSENT_AT, choices=("no",)), Reason.NOT_AN_OPTION),
        (GivenAnswer(2, choices=("x",)), Reason.NOT_AN_OPTION),
        (GivenAnswer(2, contact=ContactData("x")), Reason.NOT_ASKED_FOR),
        (GivenAnswer(WISHES_AT, rating=1), Reason.NOT_A_RATING),
    ],
)
def test_what_was_not_asked_is_refused(send, answer, reason):
    with pytest.raises(AnswerRefused) as refusal:
        send(GivenAnswer(1, rating=3), answer)
    assert refusal.value.reason is reason
    assert not Response.objects.exists()


def test_a_hidden_question_keeps_no_answer(send):
    send(GivenAnswer(1, rating=10), GivenAnswer(REASON_AT, choices=("price",)))
    assert kept() == {1: (10, "", "")}


def test_a_change_of_mind_takes_along_what_rests_on_it(send):
    send(GivenAnswer(1, rating=3), GivenAnswer(REASON_AT, choices=("price",)), YES, REACH)
    send(GivenAnswer(1, rating=9), now=LATER)
    assert kept() == {1: (9, "", ""), CONSENT_AT: (None, "", "yes")}
    send(GivenAnswer(CONSENT_AT), now=LATER)
    assert Consent.objects.get().withdrawn_at == LATER
    assert not ContactDetails.objects.exists()
    assert kept() == {1: (9, "", "")}


def test_without_the_consent_nobody_can_be_reached(send):
    send(GivenAnswer(1, rating=3), REACH)
    assert not ContactDetails.objects.exists()
    assert not Person.objects.exists()


def test_details_reach_the_person_once_complete(send):
    send(GivenAnswer(1, rating=3), YES, REACH, is_complete=False)
    assert not Person.objects.exists()
    send(GivenAnswer(1, rating=3), YES, REACH, now=LATER)
    person = Person.objects.get()
    assert (person.name, person.email, person.phone) == (
        "Noor de Vries", "noor@example.org", "0612",
    )  # fmt: skip
    assert Response.objects.get().person == person


def test_a_machine_makes_no_person_until_it_is_judged_real(send, organisation):
    send(GivenAnswer(1, rating=3), YES, REACH, signals=frozenset({Signal.TRAP_FILLED}))
    assert not Person.objects.exists()
    judge_real(organisation, Response.objects.get().public_id, now=LATER)
    assert Person.objects.get().email == "noor@example.org"


def test_nobody_becomes_somebody_else_by_writing_their_address(send, organisation):
    known = Person.objects.create(
        organisation=organisation, name="Noor", email="noor@example.org",
        email_key="noor@example.org", created_at=NOW,
    )  # fmt: skip
    send(GivenAnswer(1, rating=3), YES, REACH)
    known.refresh_from_db()
    assert (known.name, known.phone) == ("Noor", "")
    assert Response.objects.get().person is None
    assert ContactDetails.objects.get().phone == "0612"


def test_an_invited_person_is_only_filled_in(send, survey, organisation):
    known = Person.objects.create(
        organisation=organisation, email="n@example.org", email_key="n@example.org", created_at=NOW
    )
    invitation = fieldwork.invite(survey, known, channel="email", now=NOW)
    send(GivenAnswer(1, rating=3), YES, REACH, token=invitation.token)
    known.refresh_from_db()
    assert (known.name, known.email, known.phone) == ("Noor de Vries", "n@example.org", "0612")


def test_rules_look_at_the_person_as_they_were_asked(organisation):
    from gloed.surveys.rules import About, Condition, ShowIf

    rule = ShowIf((Condition(About.ATTRIBUTE, "region", ("North",)),))
    content = replace(
        surveys.usual_content(organisation, "nps"),
        further=(replace(EVERY_KIND[1], show_if=rule),),
    )
    survey = surveys.create_survey(organisation, title="x", content=content, now=NOW)
    surveys.open_survey(survey, now=NOW)
    for region in ("North", "South"):
        person = Person.objects.create(
            organisation=organisation, attributes={"region": region}, created_at=NOW
        )
        invitation = fieldwork.invite(survey, person, channel="link", now=NOW)
        answers = (GivenAnswer(1, rating=3), GivenAnswer(3, rating=4))
        incoming = IncomingAnswer(answers, "link", token=invitation.token)
        receive_answer(incoming, survey=get_asked(survey.pk), now=NOW)
    rated = Answer.objects.filter(question__position=3)
    assert [answer.response.attributes["region"] for answer in rated] == ["North"]


def test_setting_right_reaches_what_rests_on_it(send, organisation):
    send(
        GivenAnswer(1, rating=3),
        GivenAnswer(WISHES_AT, choices=("app",)),
        GivenAnswer(DETAIL_AT, verbatim="agenda"),
        YES,
    )
    public_id = Response.objects.get().public_id
    correct_answer(organisation, public_id, position=WISHES_AT, choices=["chat"], now=LATER)
    assert kept() == {
        1: (3, "", ""), WISHES_AT: (None, "", "chat"), CONSENT_AT: (None, "", "yes"),
    }  # fmt: skip
    with pytest.raises(AnswerRefused):
        correct_answer(organisation, public_id, position=CONSENT_AT, now=LATER)


def test_an_answer_taken_back_takes_its_consents_along(send, organisation):
    send(GivenAnswer(1, rating=3), YES)
    public_id = Response.objects.get().public_id
    withdraw_answer(organisation, public_id, now=LATER)
    assert Consent.objects.get().withdrawn_at == LATER
    undo_withdraw(organisation, public_id, now=LATER)
    assert Consent.objects.get().withdrawn_at is None


def test_the_file_of_a_person_tells_all_of_it_and_erasing_leaves_figures(send):
    send(
        GivenAnswer(1, rating=3),
        GivenAnswer(REASON_AT, verbatim="de bus", choices=("other",)),
        GivenAnswer(WISHES_AT, choices=("app", "chat")),
        YES,
        REACH,
    )
    person = Person.objects.get()
    [held] = dossier.dossier_of(person, now=LATER)["responses"]
    told = {one["question"]: (one["chosen"], one["words"]) for one in held["answers"]}
    assert told["Waar lag dat aan, {first_name|beste klant}?"] == (["Iets anders"], "de bus")
    assert told["Wat mis je?"] == (["Een app", "Chat"], "")
    assert held["consents"][0]["words"] == "Je mag me bellen."
    assert held["contact"]["phone"] == "0612"
    erase_person(person, now=LATER)
    assert kept() == {
        1: (3, "", ""), REASON_AT: (None, "", "other"), WISHES_AT: (None, "", "app chat"),
    }  # fmt: skip
    assert not Consent.objects.exists()
    assert not ContactDetails.objects.exists()
