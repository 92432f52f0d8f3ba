"""New customers told by programs, and what stays of people who go."""

from datetime import timedelta
from decimal import Decimal

import pytest

from gloed.base.models import JournalEntry
from gloed.fieldwork.operations import receive_event
from gloed.loop.promoters import hearing, referrals
from gloed.loop.promoters.models import (
    Ask,
    Conversion,
    Reference,
    ReferralLink,
    Remark,
    Trial,
    VisitDay,
)
from gloed.loop.promoters.operations import asking, forgetting, references, referring, trying
from gloed.loop.promoters.rules import AskKind, How
from gloed.people.rules import PersonData
from gloed.responses import dossier
from gloed.responses import operations as responses
from tests.loop.promoters.conftest import NOW

pytestmark = pytest.mark.django_db


def tell(organisation, code, *, key, customer="N-1", **properties):
    receive_event(
        organisation,
        kind="Referral converted",
        person=PersonData(external_id=customer),
        key=key,
        occurred_at=NOW,
        properties={"code": code, **properties},
        now=NOW,
    )


def hear():
    hearing.read_events(list(JournalEntry.objects.filter(kind=hearing.EVENT)))


def test_an_event_tells_of_a_new_customer_and_told_twice_it_counts_once(organisation, link):
    tell(organisation, link.slug, key="e-1", revenue="99.50", date="2026-03-01")
    tell(organisation, link.slug, key="e-2", revenue="99.50", date="2026-03-01")
    tell(organisation, "unknown", key="e-3", customer="N-2")
    hear()
    hear()
    counted = Conversion.objects.get(refused="")
    assert (counted.customer_key, counted.revenue) == ("N-1", Decimal("99.50"))
    assert counted.happened_on.isoformat() == "2026-03-01"
    assert Conversion.objects.get(customer_key="N-2").refused == "unknown_code"
    assert Conversion.objects.count() == 2


def test_the_first_valid_code_wins(organisation, link, make_person):
    other = referring.make_link(make_person("Bert"), staff=None, now=NOW - timedelta(days=9))
    for code in ("nobody's", link.slug, other.slug, link.slug):
        told = referring.Told(code, "N-1", NOW.date())
        referring.note_conversion(organisation, told, source="hand", now=NOW)
    counted = Conversion.objects.get(refused="")
    assert counted.link == link
    assert Conversion.objects.get(link=other).refused == "other_code"


def test_the_links_of_one_organisation_say_nothing_in_another(other_organisation, link):
    told = referring.Told(link.slug, "N-1", NOW.date())
    receipt = referring.note_conversion(other_organisation, told, source="hand", now=NOW)
    assert receipt.refused == "unknown_code"


@pytest.fixture
def everything(organisation, anna, link):
    """Anna gave all there is to give."""
    referring.count_visit(link, now=NOW)
    told = referring.Told(link.slug, "N-1", NOW.date(), email="new@example.org")
    referring.note_conversion(organisation, told, source="hand", now=NOW)
    reference = references.agree(
        anna, text="Ja", language="nl", how=How.PHONE, at=NOW, staff=None, now=NOW
    )
    references.log_use(reference, prospect="De Linde", on=NOW.date(), staff=None, now=NOW)
    made = trying.keep_list(
        organisation, {"title": "App", "text": "", "places": 2}, staff=None, now=NOW
    )
    trial = trying.invite(made, anna, how=How.PHONE, staff=None, now=NOW)
    trying.note_remark(trial, "Traag", staff=None, now=NOW)
    return anna


def test_who_asks_to_see_everything_sees_what_they_gave(everything):
    told = dossier.dossier_of(everything, now=NOW)["promoters"]
    assert told["referral_links"][0]["customers"] == 1
    assert told["references"][0]["used"][0]["prospect"] == "De Linde"
    assert told["early_access"][0]["said"][0]["text"] == "Traag"


def test_erasing_a_person_takes_all_of_theirs_along(everything, organisation):
    responses.erase_person(everything, now=NOW)
    hearing.forget_people(list(JournalEntry.objects.filter(kind="person.erased")))
    for model in (Ask, ReferralLink, VisitDay, Reference, Trial, Remark):
        assert not model.objects.exists(), model
    kept = Conversion.objects.get()
    assert (kept.link, kept.refused) == (None, "")  # the new customer was recommended all the same
    assert referrals.recommended(organisation.pk).holds("n-1", [])


def test_a_new_customer_who_is_erased_is_a_count_and_no_name(organisation, link, make_person):
    new = make_person("Nieuw", external_id="N-1", email="new@example.org")
    for key, customer in (("a", "N-1"), ("b", "new@example.org")):
        tell(organisation, link.slug, key=key, customer=customer)
    hear()
    responses.erase_person(new, now=NOW)
    hearing.forget_people(list(JournalEntry.objects.filter(kind="person.erased")))
    rows = Conversion.objects.filter(is_erased=True)
    assert rows.count() == 2
    assert not any("N-1" in one.customer_key or "@" in one.customer_key for one in rows)
    assert {one.email_key for one in rows} == {""}
    told = referring.Told(link.slug, "N-1", NOW.date())
    again = referring.note_conversion(organisation, told, source="hand", now=NOW)
    assert again.is_new is False  # still recognised, by its digest


def test_an_import_taken_back_leaves_nothing_dangling(everything, organisation):
    Ask.objects.update(person_id=987_654)
    assert forgetting.tidy(organisation.pk) > 0
    assert not Ask.objects.exists()
    assert ReferralLink.objects.count() == 1


def test_a_programme_of_its_own_rest(anna, programme, organisation):
    referring.keep_programme(organisation, {"rest_days": 10}, staff=None, now=NOW)
    asking.note_ask(anna, AskKind.REFERRAL, how=How.PHONE, staff=None, now=NOW)
    with pytest.raises(asking.NotNow):
        asking.note_ask(
            anna, AskKind.REVIEW, how=How.PHONE, staff=None, now=NOW + timedelta(days=9)
        )
    asking.note_ask(anna, AskKind.REVIEW, how=How.PHONE, staff=None, now=NOW + timedelta(days=10))
