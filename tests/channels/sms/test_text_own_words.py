"""Words that belong to one ask: what its text message says."""

import pytest

from gloed.channels.sms.models import ShortLink, TextWords
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.rules import NO_WORDS, OwnWords
from gloed.people.models import Person
from tests.channels.sms.gateway_double import NOW

HOUSE = "Noorderlicht Energie"


@pytest.fixture
def say(organisation, survey, provider, double, send):
    """Ask somebody in these words: `say(OwnWords(...))` gives the message they got."""
    organisation.name = HOUSE
    organisation.save()

    def text(own, phone="0612345678", **attributes):
        person = Person.objects.create(
            organisation=organisation,
            name="Noor",
            phone=phone,
            language="nl",
            attributes=attributes,
            created_at=NOW,
        )
        fieldwork.ask_one(survey, person, channel="sms", now=NOW, own_words=own)
        send()
        return double.messages[-1][1]

    return text


def rest_of(text):
    """What stands before the link."""
    return text.partition(" https://")[0]


def test_another_name_stands_for_who_asks(say, survey):
    usual = say(NO_WORDS, "0611111111")
    assert usual.startswith(f"{HOUSE}: ")
    assert say(OwnWords(asker="Zon {plan}")) == (
        usual.replace(HOUSE, "Zon {plan}").replace(
            *(code for code in ShortLink.objects.order_by("pk").values_list("code", flat=True))
        )
    )
    TextWords.objects.create(
        survey=survey, language="nl", text=f"Dag {{first_name}}, {HOUSE} hier, {{plan|niets}}."
    )
    assert rest_of(say(OwnWords(asker="Zon"), "0622222222", plan="maand")) == (
        "Dag Noor, Zon hier, maand."
    )


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (OwnWords(intro="Hoe was {plan}?"), f"{HOUSE}: Hoe was {{plan}}?"),
        (OwnWords(intro="Hoe was het?", asker="Zon"), "Zon: Hoe was het?"),
        (OwnWords(intro="Dag van ZON!\nHoe was het?", asker="Zon"), "Dag van ZON!\nHoe was het?"),
        (OwnWords(intro=f"Hier {HOUSE}."), f"Hier {HOUSE}."),
    ],
)
def test_an_opening_stands_for_the_message_and_says_who_asks(say, own, said):
    text = say(own, plan="maand")
    code = ShortLink.objects.get().code
    assert rest_of(text) == said
    assert f"/q/{code}" in text
    assert "Antwoord STOP" in text


def test_a_subject_and_a_thank_you_are_not_for_the_message(say):
    assert "Dank" not in say(OwnWords(subject="Dank"))


def test_a_reminder_keeps_its_words_under_the_other_name(wave, provider, double, send):
    Invitation.objects.update(own_words={"intro": "Hoe was het?", "asker": "Zon"})
    send()
    send(days=7)
    [first, again] = [rest_of(text) for _number, text in double.messages]
    assert first == "Zon: Hoe was het?"
    assert again.startswith("Zon: ")
    assert "Hoe was het?" not in again
