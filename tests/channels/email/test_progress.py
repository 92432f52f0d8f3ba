"""How far the mails of a wave are: for the wave's page, at any moment and without a script."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from gloed.channels.email import sending
from gloed.channels.email.models import MailServer, WarmUp
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation, Wave
from gloed.people.models import Person
from tests.channels.email.post_office import NOW


@pytest.fixture
def wave(survey, organisation):
    """A wave to six people whose mails are due."""
    for number in range(6):
        address = f"p{number}@d{number}.example"
        Person.objects.create(
            organisation=organisation, email=address, email_key=address, created_at=NOW
        )
    made = Wave.objects.create(
        organisation=organisation, survey=survey, name="x", channel="email", created_at=NOW
    )
    fieldwork.start_wave(made, now=NOW)
    fieldwork.write_wave(made.pk, now=NOW)
    made.refresh_from_db()
    return made


def address(wave):
    return reverse("email:progress", args=[wave.public_id])


def send_some(wave, count, *, at):
    first = Invitation.objects.filter(wave=wave, sent_at=None).order_by("pk")[:count]
    Invitation.objects.filter(pk__in=[one.pk for one in first]).update(
        sent_at=at, disposition="sent"
    )


def test_it_counts_what_went_how_fast_and_until_when(alice, wave):
    now = timezone.now()
    send_some(wave, 4, at=now - timedelta(minutes=1))
    counts = sending.count(wave, now=now)
    assert (counts.total, counts.done, counts.waiting, counts.a_minute) == (6, 4, 2, 0.8)
    page = alice.get(address(wave))
    assert page.context["until"] - now < timedelta(minutes=3)
    assert 'max="6" value="4"' in page.text
    assert "every 2s" in page.text


def test_the_page_of_the_wave_takes_it_in_without_its_bar(alice, wave):
    page = alice.get(reverse("fieldwork:wave", args=[wave.public_id])).text
    assert f'hx-get="{address(wave)}?brief"' in page
    Invitation.objects.filter(pk=Invitation.objects.first().pk).update(disposition="failed")
    brief = alice.get(address(wave) + "?brief").text
    assert "<progress" not in brief
    assert "1 could not be delivered" in brief


def test_it_stops_asking_when_nothing_waits(alice, wave):
    send_some(wave, 6, at=NOW)
    assert "every 2s" not in alice.get(address(wave)).text


def test_a_paused_wave_says_so_and_asks_no_more(alice, wave):
    Wave.objects.update(state="paused")
    page = alice.get(address(wave)).text
    assert "what is left waits until you go on" in page
    assert "every 2s" not in page


def test_it_tells_what_holds_it_up(alice, wave):
    MailServer.objects.create(
        resting_until=timezone.now() + timedelta(minutes=5), since=NOW, problem="421 4.7.0"
    )
    assert "421 4.7.0" in alice.get(address(wave)).text
    MailServer.objects.all().delete()
    WarmUp.objects.create(first=1, growth=100, started_at=NOW)
    from gloed.channels.email import warming

    assert warming.take(1, now=timezone.now()) == 1
    assert "The slow start allows 1 a day" in alice.get(address(wave)).text


def test_what_went_wrong_is_counted(alice, wave):
    lines = list(Invitation.objects.order_by("pk"))
    for line, disposition in zip(lines, ("bounced", "failed", "uncertain"), strict=False):
        Invitation.objects.filter(pk=line.pk).update(disposition=disposition, is_open=False)
    page = alice.get(address(wave)).text
    for words in ("1 bounced", "1 could not be delivered", "1 may have arrived"):
        assert words in page


def test_pausing_and_stopping_hold_within_a_batch(office, wave, send):
    """What is not with the server yet stays, and a stopped wave sends nothing more."""
    seen = []

    def stop(done):
        seen.append(done)
        if len(seen) == 3:
            fieldwork.stop_wave(Wave.objects.get(), now=NOW)

    send(progress=stop)
    assert len(office.mails) == 2
    kinds = dict(Invitation.objects.values_list("pk", "disposition"))
    assert sorted(kinds.values()) == ["sent"] * 2 + ["withdrawn"] * 4
    assert send(minutes=20).fates == {}


def test_strangers_see_nothing(charlie, wave):
    assert charlie.get(address(wave)).status_code == 404
