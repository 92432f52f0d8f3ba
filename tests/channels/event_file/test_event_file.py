"""Events from a file: looked at first, brought in once, and forgotten when nobody wants them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from gloed.channels.event_file import operations
from gloed.channels.event_file.models import EventFile
from gloed.channels.event_file.rules import (
    Happened,
    Problem,
    Reading,
    Role,
    guess_columns,
    read_row,
)
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation, ReceivedEvent
from gloed.surveys import operations as surveys

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CSV = """Ordernummer;Datum;E-mail;Naam;Filiaal
1001;20-11-2026 10:15;anna@example.nl;Anna Bos;Assen
1002;20-11-2026 11:40;ben@example.nl;Ben Klaver;Zwolle
1003;;carla@example.nl;Carla;Assen
1004;21-11-2026 09:05;;Niemand;Assen
1005;24-12-2026;dirk@example.nl;Dirk Maas;Zwolle
"""


@pytest.fixture
def trigger(organisation):
    """A trigger that asks at once after a delivery."""
    content = surveys.usual_content(organisation, "nps")
    survey = surveys.create_survey(
        organisation, title="Levering", content=content, kind="transactional", now=NOW
    )
    surveys.open_survey(survey, now=NOW)
    values = {"survey": survey, "name": "Na een levering", "kind": "delivery", "channel": "link"}
    kept = fieldwork.keep_trigger(organisation, values, now=NOW)
    fieldwork.switch_trigger(kept, to=True, now=NOW)
    return kept


def take_in():
    operations.take_in(EventFile.objects.get().pk, now=lambda: NOW)
    return EventFile.objects.get()


def test_columns_are_recognised_by_their_usual_names():
    assert guess_columns(["Ordernummer", "Datum", "E-mail", "Naam", "Filiaal"]) == {
        Role.KEY: 0,
        Role.AT: 1,
        Role.EMAIL: 2,
        Role.NAME: 3,
    }
    assert guess_columns(["id", "event", "occurred_at", "customer_id"])[Role.EXTERNAL_ID] == 3
    assert guess_columns([]) == {}


def test_a_row_without_a_number_of_its_own_is_known_by_who_and_when():
    reading = Reading(("who", "when"), {Role.EMAIL: 0, Role.AT: 1}, "visit", "Europe/Amsterdam")
    told = [
        read_row(row, reading, reading.times)
        for row in (["A@b.nl", "2026-11-20 10:00"], ["a@b.nl", "2026-11-20 10:00"],
                    ["a@b.nl", "2026-11-21 10:00"])
    ]  # fmt: skip
    assert all(isinstance(one, Happened) for one in told)
    assert told[0].key == told[1].key != told[2].key
    assert told[0].at == datetime(2026, 11, 20, 9, tzinfo=UTC)  # on the clock of the house
    assert read_row(["", ""], reading, reading.times) is Problem.NOBODY
    assert read_row([], reading, reading.times) is Problem.NOBODY


def test_a_file_is_looked_at_brought_in_and_asks(give, change, page, trigger):
    assert give(CSV).status_code == 302
    assert "No row can be used yet" in page()
    assert not ReceivedEvent.objects.exists()
    change("look", kind="delivery")
    shown = page()
    assert "3 of 5 rows can be brought in" in shown
    assert "Na een levering" in shown
    assert "Filiaal: Assen" in shown
    assert "Bring in 3 events" in shown
    change("begin", kind="delivery")
    file = take_in()
    assert (file.state, file.fresh, file.asked, file.refused, file.rows) == ("done", 2, 2, 3, [])
    assert [reason for _number, reason in file.problems] == [
        "no_moment",
        "nobody",
        "in_the_future",
    ]
    assert Invitation.objects.filter(trigger=trigger, is_open=True).count() == 2
    event = ReceivedEvent.objects.get(person__email="anna@example.nl")
    assert event.occurred_at == datetime(2026, 11, 20, 9, 15, tzinfo=UTC)
    assert event.properties == {"Ordernummer": "1001", "Filiaal": "Assen"}
    assert event.source == "file"
    assert "It names nobody" in page()


def test_the_same_file_again_changes_nothing(give, change, page, trigger):
    for _time in range(2):
        give(CSV)
        change("begin", kind="delivery")
        file = take_in()
        kept = (file.fresh, file.again, file.asked)
        file.delete()
    assert kept == (0, 2, 0)
    assert ReceivedEvent.objects.count() == Invitation.objects.count() == 2


def test_it_goes_on_where_it_was_cut_off_and_can_be_stopped(give, change, organisation):
    rows = [f"2026-11-{day:02d} 10:00,c{number},visit" for day in (1, 2) for number in range(30)]
    give("\n".join(["when,customer_id,event", *rows]))
    change("begin")
    file = EventFile.objects.get()

    class Dead(Exception):
        """The worker is gone."""

    def die(done, _all):
        if done:
            raise Dead

    with pytest.raises(Dead):
        operations.take_in(file.pk, now=lambda: NOW, report=die)
    assert ReceivedEvent.objects.count() == EventFile.objects.get().done == operations.CHUNK
    done = take_in()
    assert (done.state, done.fresh, done.again) == ("done", 60, 0)
    give("\n".join(["when,customer_id,event", *rows]))
    second = EventFile.objects.first()
    operations.begin(second, by=None, now=NOW)
    assert operations.stop(second, by=None, now=NOW)
    operations.take_in(second.pk, now=lambda: NOW)
    second.refresh_from_db()
    assert (second.state, second.done, second.rows) == ("stopped", 0, [])


def test_what_is_no_table_or_too_much_is_told_and_not_kept(give, monkeypatch):
    assert give(b"%PDF-1.7 nothing to see", "a.pdf").status_code == 422
    monkeypatch.setattr(operations, "MOST_ROWS", 2)
    answer = give(CSV)
    assert answer.status_code == 422
    assert "Give it in parts" in answer.content.decode()
    assert not EventFile.objects.exists()


def test_a_file_that_nobody_brings_in_is_forgotten(give, change):
    give(CSV)
    made = EventFile.objects.get().created_at
    assert operations.let_go(now=made + timedelta(hours=23)) == 0
    assert operations.let_go(now=made + timedelta(hours=25)) == 1
    give(CSV)
    change("throw_away")
    assert not EventFile.objects.exists()


def test_only_who_plans_and_only_their_own(give, client_of, organisation, charlie):
    give(CSV)
    where = reverse("event_file:detail", args=[EventFile.objects.get().public_id])
    assert charlie.get(where).status_code == 404
    viewer = client_of(organisation, "viewer")
    assert viewer.get(where).status_code == 403
    assert viewer.get(reverse("event_file:home")).status_code == 403
