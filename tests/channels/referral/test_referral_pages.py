"""What friends and promoters open: looking counts nothing, a press does."""

import re
from datetime import timedelta
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from gloed.base import jobs
from gloed.channels.referral import tasks
from gloed.channels.widget.operations import make_widget
from gloed.fieldwork.models import Invitation
from gloed.fieldwork.notices.models import Notice
from gloed.loop.cases.operations import open_for_person
from gloed.loop.cases.rules import Because, Reason
from gloed.loop.promoters.models import Ask, Reference, ReferralLink, Trial, VisitDay
from gloed.loop.promoters.operations import asking, references, referring, trying
from gloed.loop.promoters.operations.asking import Words
from gloed.loop.promoters.rules import AskKind, How
from tests.channels.email.post_office import NOW, mail_server, open_survey
from tests.record import put_person

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def survey(organisation):
    return open_survey(organisation, "nps")


@pytest.fixture
def anna(organisation):
    return put_person(
        organisation, "anna@example.org", name="Anna Bos", now=NOW - timedelta(days=400)
    )


@pytest.fixture
def programme(organisation):
    words = {
        "nl": {"text": "Stap over", "friend": "Een maand gratis", "giver": "Een taart"},
        "en": {"text": "Change to us", "friend": "A month free", "giver": "A cake"},
    }
    values = {"is_on": True, "is_offered": True, "address": "https://example.org/join?via=web"}
    return referring.keep_programme(organisation, values | {"words": words}, staff=None, now=NOW)


@pytest.fixture
def link(anna, programme):
    return referring.make_link(anna, staff=None, now=NOW - timedelta(days=9))


@pytest.fixture
def guest():
    return Client(headers={"Accept-Language": "en"})


def visits():
    return sum(day.count for day in VisitDay.objects.all())


def test_a_friend_lands_and_goes_on_and_only_that_counts(guest, link):
    address = reverse("referral:landing", args=[link.slug])
    for method in ("get", "head", "get"):
        answer = getattr(guest, method)(address)
        assert answer.status_code == 200
    text = answer.content.decode()
    assert "A month free" in guest.get(f"{address}?l=en").content.decode()
    assert "Anna" not in text
    assert "cake" not in text  # what the giver gets is between us and the giver
    assert visits() == 0  # a scanner or a prefetch that looks is nobody
    answer = guest.post(address)
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"https://example.org/join?via=web&ref={link.slug}",
    )
    assert visits() == 1
    assert not answer.cookies
    assert not guest.cookies


def test_the_page_keeps_to_itself_and_leads_only_to_the_programmes_own_address(guest, link):
    answer = guest.get(reverse("referral:landing", args=[link.slug]))
    policy = answer["Content-Security-Policy"]
    assert "form-action 'self' https://example.org;" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert (answer["Referrer-Policy"], answer["Cache-Control"]) == (
        "no-referrer",
        "private, no-store",
    )
    assert "noindex" in answer["X-Robots-Tag"]
    assert "<script" not in answer.content.decode()


def test_a_wild_program_does_not_fill_the_count_and_keeps_nobody_out(guest, link):
    address = reverse("referral:landing", args=[link.slug])
    answers = [guest.post(address).status_code for _ in range(40)]
    assert set(answers) == {303}
    assert visits() == 20


def test_closed_switched_off_or_made_up_links_lead_nowhere(guest, link, organisation):
    address = reverse("referral:landing", args=[link.slug])
    assert guest.post(reverse("referral:landing", args=["made-up"])).status_code == 404
    link.closed_at = NOW
    link.save()
    assert guest.get(address).status_code == 404
    link.closed_at = None
    link.save()
    referring.keep_programme(organisation, {"is_on": False}, staff=None, now=NOW)
    assert guest.post(address).status_code == 404
    assert visits() == 0


def test_a_reference_says_yes_in_the_words_they_read_and_stops_when_they_like(guest, anna):
    ask = asking.note_ask(
        anna, AskKind.REFERENCE, how=How.PHONE, staff=None, words=Words(language="nl"), now=NOW
    )
    address = reverse("referral:own", args=[ask.token])
    text = guest.get(address).content.decode()
    assert "Noorderlicht Energie mag mijn naam" in text
    assert not Reference.objects.exists()
    guest.post(address, {"do": "yes", "l": "nl"})
    one = Reference.objects.get()
    assert one.consent_text in text
    assert (one.consent_language, one.consent_how, one.consented_at) == ("nl", "page", NOW)
    ask.refresh_from_db()
    assert ask.became == "yes"
    guest.post(address, {"do": "stop"})
    one.refresh_from_db()
    assert (one.withdrawn_at, one.withdrawn_how) == (NOW, "page")
    assert references.restore(one, staff=None, now=NOW) is False


def test_early_access_is_taken_used_and_left_on_the_own_page(guest, anna, organisation):
    values = {"title": "The new app", "text": "Two weeks", "places": 1}
    made = trying.keep_list(organisation, values, staff=None, now=NOW)
    trying.invite(made, anna, how=How.PHONE, staff=None, now=NOW, words=Words(language="en"))
    address = reverse("referral:own", args=[Ask.objects.get().token])
    assert "Two weeks" in guest.get(address).content.decode()
    guest.post(address, {"do": "say", "text": "Too early"})
    guest.post(address, {"do": "yes"})
    guest.post(address, {"do": "say", "text": "Slow on my phone"})
    trial = Trial.objects.get()
    assert [one.text for one in trial.remarks.all()] == ["Slow on my phone"]
    guest.post(address, {"do": "stop"})
    trial.refresh_from_db()
    assert (trial.status, trial.left_at) == ("left", NOW)
    trying.close_list(made, is_closed=True, now=NOW)
    assert "Every place is taken" not in guest.get(address).content.decode()  # may still say it


def test_a_thank_you_has_no_page(guest, anna):
    ask = asking.note_ask(anna, AskKind.THANK, how=How.PHONE, staff=None, now=NOW)
    assert guest.get(reverse("referral:own", args=[ask.token])).status_code == 404


# --- under the thank-you


@pytest.fixture
def asked(organisation, survey, anna):
    """Anna was asked; gives the token of her link."""
    line = Invitation.objects.create(
        organisation=organisation,
        survey=survey,
        person=anna,
        channel="email",
        disposition="sent",
        sent_at=NOW,
        created_at=NOW,
        due_at=NOW,
        is_open=True,
    )
    return line.token


def answer(guest, survey, token, rating):
    fields = {"key": uuid4().hex, "step": "why", "at": "why", "rating": rating, "why": "Goed"}
    said = guest.post(
        f"/s/{survey.slug}/{token}/",
        urlencode(fields),
        content_type="application/x-www-form-urlencoded",
    )
    assert said.status_code == 200
    return said.content.decode()


def test_only_the_highest_group_finds_a_link_under_the_thank_you(guest, survey, asked, programme):
    offer = reverse("referral:from_thanks", args=[asked])
    assert offer not in guest.get(f"/s/{survey.slug}/{asked}/").content.decode()
    assert offer not in answer(guest, survey, asked, 8)
    text = answer(guest, survey, asked, 9)
    assert offer in text
    assert "taart" not in text  # no gift beside an answer
    assert "cake" not in text
    programme.is_offered = False
    programme.save()
    assert offer not in answer(guest, survey, asked, 9)


def test_in_the_frame_of_a_widget_it_opens_beside_the_website(
    guest, organisation, survey, asked, programme
):
    values = {"name": "Site", "sites": ["https://www.example.nl"], "survey": survey}
    widget = make_widget(organisation, values, by=None, now=NOW)
    answer(guest, survey, asked, 9)
    text = guest.get(f"/w/v1/{widget.key}/page/?token={asked}&l=nl").content.decode()
    offer, own = reverse("referral:from_thanks", args=[asked]), f"/u/{asked}/"
    assert re.search(rf'<a target="_blank" href="[^"]*{re.escape(offer)}"', text)
    assert f'<a target="_blank" href="{own}"' in text
    assert f'action="/w/v1/{widget.key}/page/?token={asked}"' in text


def test_who_is_being_helped_finds_none(guest, survey, asked, programme, anna):
    open_for_person(anna, because=[Reason(Because.CONSENT)], now=NOW)
    assert reverse("referral:from_thanks", args=[asked]) not in answer(guest, survey, asked, 10)


def test_one_press_makes_one_link_of_their_own(guest, survey, asked, programme, anna):
    offer = reverse("referral:from_thanks", args=[asked])
    assert guest.post(offer).status_code == 200  # they have not answered: nothing is made
    assert not ReferralLink.objects.exists()
    answer(guest, survey, asked, 10)
    assert "Een taart" in guest.get(f"{offer}?l=nl").content.decode()
    assert not ReferralLink.objects.exists()
    for _ in range(2):
        text = guest.post(offer, follow=True).content.decode()
    made = ReferralLink.objects.get()
    assert made.person == anna
    assert reverse("referral:landing", args=[made.slug]) in text
    ask = Ask.objects.get()
    assert (ask.kind, ask.how, ask.became) == ("referral", "page", "yes")
    answer(guest, survey, asked, 4)
    text = guest.get(f"{offer}?l=en").content.decode()
    assert "not there any more" in text  # not glad any more


# --- by mail


def send():
    tasks.send(jobs.JobRun(job=None, now=lambda: NOW))


def test_what_a_colleague_wrote_goes_out_once_with_the_way_to_their_page(settings, anna, programme):
    with mail_server(settings, patience=5) as office:
        ask = asking.note_ask(
            anna,
            AskKind.REFERRAL,
            how=How.MAIL,
            staff=None,
            words=Words("Ken je iemand?", "Beste {first_name|klant},\n\nKen je iemand?", "nl"),
            now=NOW,
        )
        send()
        send()
        assert office.addresses == ["anna@example.org"]
        mail = office.mail_to("anna@example.org")
        text = mail.get_body(("plain",)).get_content()
        assert mail["Subject"] == "Ken je iemand?"
        assert "Beste Anna," in text
        assert reverse("referral:own", args=[ask.token]) in text
        assert "taart" not in text
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Notice.objects.get().became == "sent"


def test_nothing_goes_to_the_people_of_a_sample_or_to_who_opted_out_since(
    settings, anna, organisation
):
    organisation.is_sample = True
    organisation.save()
    with mail_server(settings, patience=5) as office:
        asking.note_ask(
            anna, AskKind.THANK, how=How.MAIL, staff=None, words=Words("A", "B"), now=NOW
        )
        send()
        assert office.addresses == []
    assert Notice.objects.get().became == "failed"
