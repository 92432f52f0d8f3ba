"""A list of people from a file: looked at first, each asked once, some in words of their own."""

from datetime import UTC, datetime, timedelta

import pytest

from gloed.channels.event_file import operations
from gloed.channels.event_file.models import EventFile
from gloed.channels.event_file.rules import (
    Problem,
    Reading,
    Role,
    ToAsk,
    guess_columns,
    has_own_words,
    read_ask,
)
from gloed.fieldwork.models import Invitation, ReceivedEvent
from gloed.fieldwork.rules import read_words
from gloed.people.models import Person
from gloed.surveys import operations as surveys

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
HEADERS = (
    "Email", "Name", "Delay", "Locale", "Delighted Email Subject", "delighted_intro_message",
    "Question Product Name", "Thank You Message If Promoter", "Plan",
)  # fmt: skip
ANNA = (
    "anna@example.nl",
    "Anna Bos",
    "3600",
    "nl-BE",
    "Dag!",
    "Hoe was?",
    "Zon",
    "Top!",
    "zon",
)
CSV = "\n".join(
    [
        ",".join(HEADERS),
        ",".join(ANNA),
        "ben@example.nl,Ben,,,,,,,wind",
        "anna@example.nl,Anna Bos,,,,,,,",
        "carla@example.nl,Carla,straks,,,,,,",
        ",Niemand,,,,,,,",
    ]
)


@pytest.fixture
def survey(organisation):
    content = surveys.usual_content(organisation, "nps")
    made = surveys.create_survey(organisation, title="Relatie", content=content, now=NOW)
    return surveys.open_survey(made, now=NOW)


def take_in(now=NOW):
    operations.take_in(EventFile.objects.get().pk, now=lambda: now)
    return EventFile.objects.get()


def reading(headers):
    return Reading(tuple(headers), guess_columns(headers), zone="Europe/Amsterdam")


def test_a_row_says_whom_when_and_in_which_words():
    found = reading(HEADERS)
    told = read_ask(ANNA, found, found.times)
    assert isinstance(told, ToAsk)
    assert (told.person.email, told.person.language) == ("anna@example.nl", "nl")
    assert (told.at, told.delay) == (None, timedelta(hours=1))
    assert told.own_words.subject == "Dag!"
    assert told.own_words.thanks["promoter"].text == "Top!"
    assert told.properties["Plan"] == "zon"
    assert has_own_words(HEADERS)
    assert not has_own_words(["Email", "Plan"])
    dated = reading(["email", "date"])
    told = read_ask(["a@example.nl", "1-12-2026 10:00"], dated, dated.times)
    assert told.at == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert read_ask(["a@example.nl", "ooit"], dated, dated.times) is Problem.NO_MOMENT
    assert read_ask(["", ""], dated, dated.times) is Problem.NOBODY
    assert Role.DELAY in found.columns


def test_a_list_is_looked_at_and_asked(give, change, page, survey):
    give(CSV)
    assert "This looks like a list of people to ask" in page()
    asks = {"survey": survey.pk, "channel": "email"}
    change("begin", **asks)  # chosen just now: it is shown first
    assert EventFile.objects.get().state == "ready"
    shown = page()
    assert "3 of 5 rows name somebody who can be asked" in shown
    assert "Ask 3 people" in shown
    assert "<strong>Dag!</strong> Hoe was? (Zon)" in shown
    assert "no whole number of seconds" in shown
    assert not Invitation.objects.exists()
    change("begin", **asks)
    file = take_in()
    assert (file.state, file.asked, file.again, file.refused, file.rows) == ("done", 2, 1, 2, [])
    assert [reason for _number, reason in file.problems] == ["no_delay", "nobody"]
    line = Invitation.objects.get(person__email="anna@example.nl", is_open=True)
    assert (line.due_at, line.channel) == (NOW + timedelta(hours=1), "email")
    words = read_words(line.own_words)
    assert (words.subject, words.intro, words.asker) == ("Dag!", "Hoe was?", "Zon")
    assert line.attributes["Plan"] == "zon"
    assert Person.objects.get(email="anna@example.nl").language == "nl"
    plain = Invitation.objects.get(person__email="ben@example.nl")
    assert (plain.due_at, plain.own_words) == (NOW, None)
    assert not ReceivedEvent.objects.exists()
    assert "Not asked, by the contact policy" in page()


def test_a_row_that_is_read_again_asks_once_and_a_moment_can_lie_ahead(give, change, survey):
    give("email,date\nanna@example.nl,1-12-2026 10:00\nben@example.nl,1-1-2026")
    asks = {"survey": survey.pk, "channel": "email"}
    for _time in range(2):
        change("begin", **asks)
    rows = EventFile.objects.get().rows
    take_in()
    EventFile.objects.update(state="going", done=0, rows=rows, asked=0)
    assert take_in().asked == 2
    due = dict(Invitation.objects.values_list("person__email", "due_at"))
    assert due == {
        "anna@example.nl": datetime(2026, 12, 1, 9, tzinfo=UTC),
        "ben@example.nl": NOW,
    }


def test_events_say_nothing_to_one_person_alone(give, change, survey):
    """Only a list of people may bring words: what an event tells changes no page."""
    give("event,date,email,Delighted Email Subject\nvisit,20-11-2026,a@example.nl,Dag!")
    change("begin")
    take_in()
    assert ReceivedEvent.objects.get().properties == {"Delighted Email Subject": "Dag!"}
    assert not Invitation.objects.exists()


def test_a_survey_needs_a_way_and_is_of_this_house(give, change, other_survey):
    give(CSV)
    assert change("look", survey=other_survey.pk, channel="email").status_code == 422


@pytest.fixture
def other_survey(other_organisation):
    content = surveys.usual_content(other_organisation, "nps")
    made = surveys.create_survey(other_organisation, title="Hun", content=content, now=NOW)
    return surveys.open_survey(made, now=NOW)
