"""Talking with passives: the worklist, the card, and what is kept away from the survey."""

import html
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gloed.analysis.passives import forgetting, hearing, operations
from gloed.analysis.passives.models import FollowUp, Line, Offer
from gloed.analysis.passives.offers import ratings_after_offer
from gloed.analysis.passives.rules import From, Gift, Lift, Name, Outcome
from gloed.base.models import AuditEntry, JournalEntry, Team
from gloed.fieldwork import operations as fieldwork
from gloed.fieldwork.models import Invitation, Preference
from gloed.fieldwork.rules import Skip
from gloed.loop.cases import operations as cases
from gloed.people.models import Person
from gloed.responses import operations as responses
from gloed.responses.dossier import dossier_of
from gloed.responses.models import Response

LIST = "/passives/people/"
DAY = timedelta(days=1)


def text_of(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:400]
    return " ".join(html.unescape(answer.content.decode()).split())


def page(client, path=LIST, **query):
    return text_of(client.get(path, query, headers={"accept-language": "en"}))


def card_of(person):
    return f"{LIST}{person.public_id}/"


def names_in(said):
    return [one for one in ("Anna", "Bram", "Cees", "Dirk", "Eva") if f"<strong>{one} " in said]


def test_only_who_answered_a_passive_last_stands_in_the_list(alice, says, make_person):
    says(7, "Fine", person=make_person("Anna Vos"))
    risen = make_person("Bram Bos")
    says(8, person=risen, days=5)
    says(9, person=risen, days=2)
    fallen = make_person("Cees Top")
    says(10, person=fallen, days=5)
    says(7, person=fallen, days=2)
    says(7, person=make_person("Dirk Dam"), days=200)  # too long ago to call about
    says(6, person=make_person("Eva Oud"))
    said = page(alice)
    assert names_in(said) == ["Anna", "Cees"]
    assert "Fine" in said
    assert "no contact yet" in said


def test_an_answer_that_was_withdrawn_or_set_apart_puts_nobody_there(
    alice, organisation, says, make_person, now
):
    taken_back = says(7, person=make_person("Anna Vos"))
    says(8, person=make_person("Bram Bos"), is_suspicious=True)
    responses.withdraw_answer(organisation, taken_back.public_id, staff=None, now=now)
    assert names_in(page(alice)) == []
    assert "Nobody to talk to yet" in page(alice)


def test_what_we_can_lift_stands_first(alice, organisation, says, make_person, now):
    for place in range(12):
        says(7, "Too dear", person=make_person(f"P{place}"), barrier="price", days=100)
    for place in range(6):
        says(7, "Slow", person=make_person(f"W{place}"), barrier="waiting", days=100)
    says(7, "Nothing", person=make_person("Anna Vos"), days=1)
    says(7, "Too dear", person=make_person("Bram Bos"), barrier="price", days=2)
    says(7, "Slow", person=make_person("Cees Top"), barrier="waiting", days=3)
    says(7, "Slow", person=make_person("Dirk Dam"), barrier="waiting", days=4)
    for key, lift in (("waiting", Lift.OURS), ("price", Lift.NOT_OURS)):
        operations.judge_barrier(
            organisation, Name(From.THEME, key), lift=lift, owner=None, by=None, now=now
        )
    said = page(alice)
    order = [said.index(f"<strong>{name} ") for name in ("Cees", "Dirk", "Anna", "Bram")]
    assert order == sorted(order)
    assert names_in(page(alice, barrier="theme:price")) == ["Bram"]
    assert names_in(page(alice, lift="ours")) == ["Cees", "Dirk"]
    newest = page(alice, order="newest")
    assert newest.index("<strong>Anna ") < newest.index("<strong>Bram ")
    assert names_in(page(alice, barrier="nonsense", show="x", lift="y")) != []


def test_one_takes_somebody_talks_and_is_done(alice, says, make_person):
    person = make_person("Anna Vos", phone="0612345678")
    says(7, "Too dear", person=person, barrier="price")
    card = card_of(person)
    said = page(alice, card)
    assert "Too dear" in said
    assert "0612345678" in said
    assert "Price" in said
    said = text_of(alice.post(f"{card}take/", follow=True))
    assert "It is yours now." in said
    assert names_in(page(alice)) == []
    assert names_in(page(alice, show="mine")) == ["Anna"]
    said = text_of(alice.post(f"{card}contact/", {"text": "Wants a fixed day"}, follow=True))
    assert "Wants a fixed day" in said
    assert "The contact is written down." in said
    found = FollowUp.objects.get()
    assert found.contacted_at is not None
    said = text_of(alice.post(f"{card}end/", {"outcome": "lifted", "text": "Done"}, follow=True))
    assert "barrier lifted" in said
    assert names_in(page(alice, show="done")) == ["Anna"]
    assert names_in(page(alice)) == []  # done with this answer
    alice.post(f"{card}reopen/")
    found.refresh_from_db()
    assert (found.is_open, found.outcome) == (True, "")
    assert [line.kind for line in found.lines.all()] == ["taken", "contact", "ended", "reopened"]


def test_each_step_can_be_taken_back(alice, says, make_person):
    person = make_person("Anna Vos")
    says(7, person=person)
    card = card_of(person)
    alice.post(f"{card}take/")
    alice.post(f"{card}lay-back/")
    assert not FollowUp.objects.exists()  # as if untouched
    alice.post(f"{card}contact/", {"text": "Wrong person"})
    line = Line.objects.get(kind="contact")
    alice.post(f"/passives/contacts/{line.public_id}/undo/")
    assert FollowUp.objects.get().contacted_at is None
    alice.post(f"{card}take/", {"to": "back"})
    assert not FollowUp.objects.exists()


def test_somebody_who_answers_anew_stands_there_anew(alice, organisation, says, make_person, now):
    person = make_person("Anna Vos")
    one = operations.take(person, says(7, person=person, days=20), staff=None, now=now - 19 * DAY)
    operations.end(one, Outcome.LIFTED, "", staff=None, now=now - 18 * DAY)
    assert names_in(page(alice)) == []
    says(8, person=person, days=2)
    assert names_in(page(alice)) == ["Anna"]
    assert "answered a 8 since" in page(alice, show="done")
    operations.take(person, None, staff=None, now=now)
    assert not operations.reopen(one, staff=None, now=now)  # another one is open by now


def test_two_who_take_one_person_make_one_of_it(says, make_person, make_staff, organisation, now):
    person = make_person()
    response = says(7, person=person)
    first, second = (make_staff(organisation, role) for role in ("owner", "manager"))
    one = operations.take(person, response, staff=first, now=now)
    assert operations.take(person, response, staff=second, now=now) == one
    assert FollowUp.objects.get().owner == first


@pytest.fixture
def frontline(client_of, organisation):
    """A frontline colleague of team Zuid, and that team."""
    team = Team.objects.create(organisation=organisation, name="Zuid")
    return client_of(organisation, "frontline", teams=[team]), team


def test_a_frontline_colleague_sees_the_own_team(frontline, says, make_person):
    client, team = frontline
    own, other = make_person("Anna Vos"), make_person("Bram Bos")
    says(7, person=own, team=team)
    says(7, person=other)
    assert names_in(page(client)) == ["Anna"]
    assert client.get(card_of(own)).status_code == 200
    assert client.get(card_of(other)).status_code == 404
    assert client.post(f"{card_of(other)}take/").status_code == 404
    assert "Everything about them" not in page(client, card_of(own))


def test_strangers_and_viewers_find_nothing(charlie, client_of, organisation, says, make_person):
    person = make_person("Anna Vos")
    says(7, person=person)
    for path in ("", "take/", "contact/", "offer/", "end/", "reopen/", "lay-back/"):
        send = charlie.post if path else charlie.get
        assert send(f"{card_of(person)}{path}").status_code == 404
    viewer = client_of(organisation, "viewer")
    for path in ("/passives/", LIST, "/passives/offers/", card_of(person)):
        assert viewer.get(path).status_code == 403


# --- offers


@pytest.fixture
def anna(make_person):
    """Somebody who can be asked by mail."""
    return make_person("Anna Vos", email="anna@example.org", email_key="anna@example.org")


def ask(survey, person, at):
    return fieldwork.ask_one(survey, person, channel="email", now=at).skip


def day_here(organisation, now):
    """The day on the clock of the house: for an hour or two a night it is not that of UTC."""
    return now.astimezone(ZoneInfo(organisation.time_zone)).date().isoformat()


def test_no_survey_goes_to_somebody_who_just_got_an_offer(
    alice, organisation, nps_survey, says, anna, now
):
    says(7, person=anna)
    card = card_of(anna)
    values = {"kind": "discount", "what": "A month free", "cost": "29.50",
              "given_on": day_here(organisation, now)}  # fmt: skip
    said = text_of(alice.post(f"{card}offer/", values, follow=True))
    assert "No survey goes to this person for a while." in said
    assert "A month free" in said
    assert "EUR 29.50" in said
    assert "no survey goes there until" in said
    offer = Offer.objects.get()
    assert offer.staff is not None
    assert ask(nps_survey, anna, now + 29 * DAY) is Skip.OFFER
    assert Invitation.objects.get().get_skip_display() == "got an offer or a perk not long ago"
    said = page(alice, "/passives/offers/")
    assert "In the last 365 days 1 invitation was left out for that." in said
    assert 'Together they cost <strong class="num">EUR 29.50</strong>' in said
    # taken out again: it was not given after all
    alice.post(f"/passives/offers/{offer.public_id}/remove/")
    assert ask(nps_survey, anna, now + 29 * DAY) is None
    alice.post(f"/passives/offers/{offer.public_id}/restore/")
    assert Preference.objects.get(person=anna).offered_at == offer.given_at
    trail = AuditEntry.objects.filter(action__startswith="offer.").order_by("pk")
    assert list(trail.values_list("action", "subject")) == [
        ("offer.noted", "Discount"), ("offer.removed", "Discount"), ("offer.restored", "Discount"),
    ]  # fmt: skip


def test_an_offer_after_the_end_opens_nothing_anew(alice, organisation, says, anna, now):
    found = operations.take(anna, says(7, person=anna), staff=None, now=now)
    operations.end(found, Outcome.LIFTED, "", staff=None, now=now)
    values = {"kind": "present", "given_on": day_here(organisation, now)}
    assert alice.post(f"{card_of(anna)}offer/", values).status_code == 302
    assert FollowUp.objects.get().ended_at is not None
    assert Offer.objects.get().follow_up == found


def test_what_waits_to_be_sent_is_left_out_too(nps_survey, says, anna, now):
    found = operations.take(anna, says(7, person=anna), staff=None, now=now)
    asked = fieldwork.ask_one(nps_survey, anna, channel="email", now=now, delay=2 * DAY)
    operations.give(found, Gift.PRESENT, given_at=now + DAY, staff=None, now=now + DAY)
    assert fieldwork.claim_due("email", limit=9, now=now + 3 * DAY) == []
    line = Invitation.objects.get(pk=asked.invitation_id)
    assert (line.disposition, line.skip) == ("skipped", "offer")


def test_the_latest_offer_counts_and_the_days_are_those_of_the_policy(
    organisation, nps_survey, says, anna, now
):
    found = operations.take(anna, says(7, person=anna), staff=None, now=now)
    late = operations.give(found, Gift.EXTRA, given_at=now, staff=None, now=now)
    operations.give(found, Gift.EXTRA, given_at=now - 10 * DAY, staff=None, now=now)
    assert ask(nps_survey, anna, now + 25 * DAY) is Skip.OFFER
    operations.remove_offer(late, staff=None, now=now)
    assert ask(nps_survey, anna, now + 21 * DAY) is None


def test_an_offer_of_a_day_to_come_is_not_noted(alice, says, anna, now):
    says(7, person=anna)
    values = {"kind": "present", "given_on": (now + 3 * DAY).date().isoformat()}
    said = text_of(alice.post(f"{card_of(anna)}offer/", values), 422)
    assert "That day is still to come" in said
    assert not Offer.objects.exists()


def test_answers_soon_after_an_offer_are_counted_and_told_beside_the_score(
    alice, organisation, nps_survey, says, anna, many_passives, project, now
):
    many_passives()
    first = says(7, person=anna, days=60)
    found = operations.take(anna, first, staff=None, now=now - 59 * DAY)
    for _twice in range(2):  # two offers before one answer count it once
        operations.give(found, Gift.PRESENT, given_at=now - 50 * DAY, staff=None, now=now)
    says(10, person=anna, days=30)
    says(10, person=anna, days=10)  # forty days after it
    assert ratings_after_offer(organisation, [nps_survey.pk]) == {10: 1}
    assert ratings_after_offer(organisation, [nps_survey.pk], now - 20 * DAY) == {}
    project()
    said = page(alice, "/passives/")
    assert "1 answer was given within 30 days after an offer or a perk. It counts." in said
    # 12 promoters and no detractor of 43 answers, and 11 of 42
    assert "With them the NPS is 28 (" in said
    assert "without them 26 (" in said
    score = page(alice, f"/scores/{nps_survey.public_id}/")
    assert "1 answer of the period was given within 30 days after an offer or a perk" in score


# --- who is gone


def test_who_is_erased_leaves_moments_and_costs(alice, organisation, says, anna, now):
    found = operations.take(anna, says(7, person=anna), staff=None, now=now)
    operations.log_contact(found, "Her mother is ill", staff=None, now=now)
    operations.give(found, Gift.PRESENT, what="Flowers for Anna", cost=12, given_at=now,
                    staff=None, now=now)  # fmt: skip
    assert {one.get("what") for one in dossier_of(anna, now=now)["passives"]} >= {
        "Flowers for Anna"
    }
    responses.erase_person(anna, staff=None, now=now)
    for _twice in range(2):
        hearing.hear(list(JournalEntry.objects.filter(kind="person.erased")))
    found.refresh_from_db()
    offer = Offer.objects.get()
    assert (found.person, found.person_key, found.is_open) == (None, None, False)
    assert set(found.lines.values_list("text", flat=True)) == {""}
    assert (offer.person, offer.what, offer.cost) == (None, "", 12)
    assert "Somebody who was erased" in page(alice, show="done")
    assert "somebody who was erased" in page(alice, "/passives/offers/")
    assert "Anna" not in page(alice, show="done")


def test_persons_who_went_with_an_import_are_let_go(organisation, says, anna, now):
    found = operations.take(anna, says(7, person=anna), staff=None, now=now)
    Response.objects.filter(person=anna).update(person=None)
    Person.objects.filter(pk=anna.pk)._raw_delete("default")
    forgetting.tidy(organisation.pk, now=now)
    found.refresh_from_db()
    assert (found.person_id, found.is_open) == (None, False)


# --- besides


def test_the_list_asks_as_often_for_thirty_as_for_one(alice, says, make_person, now):
    def count(show):
        with CaptureQueriesContext(connection) as found:
            page(alice, show=show)
        return len(found)

    says(7, "Too dear", person=make_person("P"), barrier="price")
    operations.take(make_person("Q"), says(7, person=None), staff=None, now=now)
    page(alice)
    once = {show: count(show) for show in ("todo", "taken")}
    for place in range(30):
        says(7, "Too dear", person=make_person(f"P{place}"), barrier="price")
        operations.take(make_person(f"Q{place}"), None, staff=None, now=now)
    assert {show: count(show) for show in ("todo", "taken")} == once
    assert sorted(once.values()) == [26, 26]


def test_a_case_that_is_open_is_told(alice, organisation, says, make_person, now):
    person = make_person("Anna Vos")
    response = says(7, person=person)
    case = cases.open_case(response, now=now)
    assert f"case {case} is open" in page(alice)
    assert f"Case {case} of this customer is open." in page(alice, card_of(person))
